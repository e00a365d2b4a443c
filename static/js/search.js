// What is found stands under the search box as one types; arrow keys, Enter and Escape. Without it the form is sent.
// portal.js fetches it when the box is first focused.
(function () {
  "use strict";
  const PAUSE = 180; // ms after the last key
  const LEAST = 2; // characters

  function offering(input, number) {
    const form = input.form;
    const list = document.createElement("div");
    const said = document.createElement("p");
    let timer = 0;
    let asked = null; // the request under way
    let shown = ""; // the words that the list belongs to

    list.id = "offered-" + number;
    list.className = "offered";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.getAttribute("aria-label"));
    list.hidden = true;
    said.className = "unseen";
    said.setAttribute("role", "status");
    form.append(list, said);
    Object.entries({
      role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    }).forEach(([name, value]) => input.setAttribute(name, value));

    const options = () => [...list.querySelectorAll("[role=option]")];
    const active = () => list.querySelector("[aria-selected=true]");

    function choose(option) {
      if (active()) active().setAttribute("aria-selected", "false");
      if (!option) return input.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    function show(open) {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) choose(null);
    }

    function stop() {
      clearTimeout(timer);
      if (asked) asked.abort();
      asked = null;
    }

    async function ask(words) {
      stop();
      asked = new AbortController();
      try {
        const answer = await fetch(input.dataset.suggest + "?q=" + encodeURIComponent(words), { signal: asked.signal });
        if (!answer.ok) return show(false);
        list.innerHTML = await answer.text();
      } catch {
        return; // a newer question is under way, or no line: the button still searches
      }
      shown = words;
      options().forEach((option) => { option.id = list.id + "-" + option.id; });
      show(options().length > 0);
      said.textContent = list.querySelector("[data-said]").dataset.said.trim();
    }

    input.addEventListener("input", () => {
      const words = input.value.trim();
      stop();
      if (words.length < LEAST) {
        shown = said.textContent = "";
        return show(false);
      }
      timer = setTimeout(ask, PAUSE, words);
    });

    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault(); // the words stay
        return show(false);
      }
      if (event.key === "Enter") {
        stop();
        if (list.hidden || !active()) return;
        event.preventDefault();
        return active().click();
      }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || !shown) return;
      event.preventDefault();
      if (list.hidden) show(true);
      const all = options();
      const at = all.indexOf(active()) + step;
      // Before the first and after the last one is in the box again.
      choose(at === -2 ? all[all.length - 1] : all[at] || null);
    });

    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    input.addEventListener("focus", () => { if (shown && shown === input.value.trim()) show(true); });
    input.addEventListener("blur", () => show(false));
    form.addEventListener("submit", stop);
    if (document.activeElement === input && input.value !== input.defaultValue) input.dispatchEvent(new Event("input")); // typed before this was here
  }

  document.querySelectorAll("input[data-suggest]").forEach(offering);
})();
