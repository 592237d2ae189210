"use strict";
// « Try it »: a reading with the key that was typed; nothing is kept.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form.try");
  if (!form) return;
  event.preventDefault();
  const output = form.querySelector("pre");
  const path = new URL(form.elements.path.value, location.origin);
  if (path.origin !== location.origin || !path.pathname.startsWith("/api/v1/")) return;
  const key = document.querySelector("#try-key").value.trim();
  const answer = await fetch(path, { headers: key ? { Authorization: `Bearer ${key}` } : {}, credentials: "omit" });
  const text = await answer.text();
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not JSON: shown as it came.
  }
  output.textContent = `${answer.status}\n${shown}`;
  output.hidden = false;
});
