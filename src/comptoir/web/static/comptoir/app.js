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

  // --- what takes more than half a second says so, and a form is not sent twice ----------------
  let waiting = 0, timer = null;
  const show = (shown) => one("#progress")?.toggleAttribute("hidden", !shown);
  const begin = () => {
    waiting += 1;
    timer ||= setTimeout(() => show(true), 400);
  };
  const end = () => {
    waiting = Math.max(0, waiting - 1);
    if (waiting) return;
    clearTimeout(timer);
    timer = null;
    show(false);
  };
  const quiet = (event) => event.target.closest("[data-quiet]") !== null; // what is asked again and again by itself
  document.addEventListener("htmx:beforeRequest", (event) => { if (!quiet(event)) begin(); });
  document.addEventListener("htmx:afterRequest", (event) => { if (!quiet(event)) end(); });
  let sending = new WeakSet();
  document.addEventListener("submit", (event) => {
    const by = event.submitter;
    const elsewhere = (by?.formTarget || event.target.target) === "_blank" || by?.hasAttribute("data-file");
    if (event.defaultPrevented || elsewhere || event.target.method === "dialog") return;
    if (sending.has(event.target)) { event.preventDefault(); return; }
    sending.add(event.target);
    setTimeout(() => sending.delete(event.target), 10000); // whoever stopped it may press again
    begin();
  });
  // --- a file that takes long to make says so until it comes: its answer brings a cookie back ------
  const coming = (token) => {
    begin();
    const note = one("#making"), late = setTimeout(() => note?.toggleAttribute("hidden", false), 600);
    const since = Date.now();
    const look = setInterval(() => {
      if (!document.cookie.includes(`file=${token}`) && Date.now() - since < 600000) return;
      clearInterval(look);
      clearTimeout(late);
      note?.toggleAttribute("hidden", true);
      end();
    }, 250);
  };
  const marked = (address) => {
    const to = new URL(address, location.href), token = crypto.randomUUID().replaceAll("-", "");
    to.searchParams.set("_file", token);
    coming(token);
    return to.href;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-file]");
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.defaultPrevented;
    if (link && plain) link.href = marked(link.href);
  });
  document.addEventListener("submit", (event) => {
    const by = event.submitter;
    if (by?.hasAttribute("data-file") && !event.defaultPrevented) by.formAction = marked(by.formAction);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) { sending = new WeakSet(); waiting = 1; end(); } });

  // --- the focus stays where it was when a part of the page is replaced ---------------------------
  let kept = null;
  const mark = (element) => {
    const own = element.id || element.getAttribute("href") || element.getAttribute("aria-label") || element.name;
    return own ? `${element.tagName} ${own} ${element.value || ""}` : null;
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const here = document.activeElement;
    kept = event.detail.target.contains(here) && here !== document.body ? { mark: mark(here), target: event.detail.target.id } : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!kept || (document.activeElement && document.activeElement !== document.body)) return;
    const within = document.getElementById(kept.target);
    const ways = [...(within?.querySelectorAll("a[href], button, input, select, summary, [tabindex]") || [])];
    const wrong = within?.querySelector('[aria-invalid="true"]');
    (wrong || ways.find((way) => kept.mark && mark(way) === kept.mark) || ways[0])?.focus();
    kept = null;
  });

  // --- what scrolls by itself can be scrolled from the keyboard -----------------------------------
  const scrollable = () => {
    for (const one of document.querySelectorAll(".table-wrap, .preview")) {
      if (one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight) one.tabIndex = 0;
    }
  };
  document.addEventListener("DOMContentLoaded", scrollable);
  document.addEventListener("htmx:afterSettle", scrollable);

  // --- from one line of a list to the next without going back to it -------------------------------
  const recall = () => JSON.parse(sessionStorage.getItem("list") || "null");
  const remember = () => {
    const rows = [...document.querySelectorAll("[data-row]")].map((row) => row.pathname);
    if (rows.length) sessionStorage.setItem("list", JSON.stringify({ from: location.pathname + location.search, rows }));
  };
  document.addEventListener("click", (event) => { if (event.target.closest("a[data-row]")) remember(); });
  const around = () => {
    const list = recall(), place = list ? list.rows.indexOf(location.pathname) : -1, bar = one("#around");
    if (bar && place >= 0) {
      for (const [name, to] of [["previous", list.rows[place - 1]], ["next", list.rows[place + 1]], ["list", list.from]]) {
        const link = bar.querySelector(`[data-around="${name}"]`);
        if (to) link.href = to; else link.remove();
      }
      bar.hidden = false;
    }
    const came = sessionStorage.getItem("came");
    sessionStorage.setItem("came", location.pathname);
    if (list && came && list.rows.includes(came) && list.from === location.pathname + location.search) {
      document.querySelector(`a[data-row][href="${CSS.escape(came)}"]`)?.focus();
    }
  };
  document.addEventListener("DOMContentLoaded", around);

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
    // What was opened from a list goes on along that list; its own lines are reached with the tabulator.
    if (one("#around:not([hidden])")) return one(`[data-around="${by > 0 ? "next" : "previous"}"]`)?.click();
    const rows = [...document.querySelectorAll("[data-row]")];
    const here = rows.indexOf(document.activeElement);
    const next = rows[here < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, here + by))];
    if (next) next.focus();
  };
  const seen = (element) => element.checkVisibility();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.target.closest(".price-cell")?.querySelector("[data-leave]")?.click();
  });
  const keys = {
    "/": () => one("[data-search]")?.focus(),
    j: () => step(1),
    k: () => step(-1),
    x: () => document.activeElement.closest("tr")?.querySelector("input[type=checkbox]")?.click(),
    u: () => one('[data-around="list"][href]')?.click(),
    z: () => one(".toasts .undo button")?.click(),
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
    const button = [...document.querySelectorAll(`main [data-key="${CSS.escape(event.key)}"]`)].find(seen);
    if (button) { event.preventDefault(); button.click(); return; }
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
