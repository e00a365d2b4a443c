// Display choices kept in this browser, a submit that shows it is under way, and a word before typing is lost.
// Loaded in <head> without defer, so that a chosen theme is there before the first paint; everything works without it.
(function () {
  "use strict";
  const root = document.documentElement;
  const choices = { theme: ["light", "dark"], contrast: ["more"], size: ["larger", "largest"] };
  const PAUSE = 8000; // ms until a submit on a stalled line may be tried again

  function kept(name) {
    try {
      return localStorage.getItem("govlab-" + name) || "";
    } catch {
      return ""; // storage switched off
    }
  }

  function apply(name, value) {
    if (choices[name].includes(value)) root.dataset[name] = value;
    else delete root.dataset[name];
  }

  function applyAll() {
    Object.keys(choices).forEach((name) => apply(name, kept(name)));
    document.querySelectorAll("input[data-display]").forEach((input) => {
      input.checked = input.value === (root.dataset[input.dataset.display] || "");
    });
  }

  function typed(form) {
    form.dataset.keep = "typed";
  }

  function ready(form) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }

  applyAll();
  addEventListener("storage", applyAll);

  document.addEventListener("DOMContentLoaded", () => {
    applyAll();
    document.querySelectorAll("[data-needs-script]").forEach((part) => { part.hidden = false; });
    // A page sent back with errors holds typing that nothing has saved yet.
    if (document.querySelector(".errors")) document.querySelectorAll("form[data-keep]").forEach(typed);
  });

  // A project's page counts that it was looked at, when it is left.
  document.addEventListener("visibilitychange", () => {
    const seen = document.querySelector("[data-seen]");
    if (!seen || !document.hidden) return;
    navigator.sendBeacon(seen.dataset.seen);
    delete seen.dataset.seen;
  });

  // What a box needs comes once it is focused.
  document.addEventListener("focusin", ({ target }) => {
    const src = target.dataset.script;
    if (!src) return;
    delete target.dataset.script;
    document.head.append(Object.assign(document.createElement("script"), { src }));
  });

  document.addEventListener("change", (event) => {
    const name = event.target.dataset.display;
    if (!name || !(name in choices)) return;
    apply(name, event.target.value);
    try {
      localStorage.setItem("govlab-" + name, event.target.value);
    } catch {
      // it holds for this page
    }
  });

  // <button data-copy="id"> copies what stands in a field.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select(); // where the clipboard is shut, it can be copied by hand
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(() => { button.textContent = button.dataset.copied; });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const unsaved = form.dataset.keep === "typed";
    if (unsaved) form.dataset.keep = "sent";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
    setTimeout(() => {
      ready(form);
      if (unsaved) typed(form);
    }, PAUSE);
  });

  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach(ready);
    applyAll();
  });

  // <form data-keep> holds typing worth a word before it is left behind.
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && "keep" in form.dataset) typed(form);
  });

  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-keep=typed]")) event.preventDefault();
  });
})();
