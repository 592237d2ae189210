"use strict";
// Keys, dialogs, toasts, the menu of the phone. Everything works without it, with more steps.
(() => {
  const one = (selector) => document.querySelector(selector);
  const dialog = () => one("#dialog");

  // --- dialogs: htmx brings the form, we open it -------------------------------------------------
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "dialog-body" && !dialog().open) dialog().showModal();
  });
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    if (close && close.closest("dialog")) {
      event.preventDefault();
      close.closest("dialog").close();
    }
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.parentElement.remove();
    const opener = event.target.closest("[data-opens]");
    if (opener) one(opener.dataset.opens).showModal();
    for (const who of document.querySelectorAll(".who[open]")) if (!who.contains(event.target)) who.open = false;
  });

  // --- the menu of the phone -----------------------------------------------------------------------
  const frame = () => one(".frame");
  const toggleMenu = (open) => {
    frame().classList.toggle("open", open);
    one(".menu-button").setAttribute("aria-expanded", String(open));
    if (open) one(".sidebar nav a").focus();
  };
  document.addEventListener("click", (event) => {
    if (!frame()) return;
    if (event.target.closest(".menu-button")) toggleMenu(!frame().classList.contains("open"));
    else if (frame().classList.contains("open") && !event.target.closest(".sidebar")) toggleMenu(false);
  });

  // --- selects that are forms by themselves, and addresses without empty filters ----------------
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-submit]")) event.target.form.requestSubmit();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    for (const [name, value] of [...event.detail.formData]) if (value === "") event.detail.formData.delete(name);
  });

  // --- ticked rows: all at once, and how many ----------------------------------------------------
  document.addEventListener("change", (event) => {
    const form = event.target.closest(".bulk");
    if (!form) return;
    const all = event.target.dataset.tickAll;
    if (all) for (const box of form.querySelectorAll(`input[name="${all}"]`)) box.checked = event.target.checked;
    for (const count of form.querySelectorAll("[data-count]")) {
      count.textContent = form.querySelectorAll(`input[name="${count.dataset.count}"]:checked`).length;
    }
  });

  // --- keys --------------------------------------------------------------------------------------------
  let leader = false;
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;
  const step = (by) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    const here = rows.indexOf(document.activeElement);
    const next = rows[here < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, here + by))];
    if (next) next.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.target.closest(".price-cell")?.querySelector("[data-leave]")?.click();
  });
  const keys = {
    "/": () => one("[data-search]")?.focus(),
    j: () => step(1),
    k: () => step(-1),
    x: () => document.activeElement.closest("tr")?.querySelector("input[type=checkbox]")?.click(),
    "?": () => one("#keys")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && frame()?.classList.contains("open")) return toggleMenu(false);
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]")) return;
    if (leader) {
      leader = false;
      const link = one(`.sidebar [data-key="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    if (event.key === "g") { leader = true; setTimeout(() => { leader = false; }, 1200); return; }
    const button = one(`main [data-key="${CSS.escape(event.key)}"]`);
    if (button) { event.preventDefault(); button.click(); return; }
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
