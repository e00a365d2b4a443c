// The agenda is arranged by keyboard and by drag; the buttons of each row work without this. Words: agenda/editor.html.
// What is moved is shown at once and sent; the tree that comes back is drawn anew, whatever it is.
(function () {
  "use strict";
  const box = document.querySelector("[data-arrange]");
  const said = document.getElementById("agenda-said");
  if (!box || !said) return;
  const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
  const FAR = 5; // px a pointer goes before it drags
  const EDGE = 70; // px from the window's edge where it scrolls along
  let lifted = null; // { li, list, next }: what is lifted by keyboard, and where it was
  let drag = null; // the same for a pointer, with its place and where it would drop
  let busy = false;
  let moving = false; // an element that is put elsewhere loses its focus for a moment
  let dragged = false; // the click that follows a drag, or one that was called off, is none

  // --- the tree ------------------------------------------------------------------------------------------------------
  const items = () => [...box.querySelectorAll("li[data-pk]")];
  const row = (li) => li.firstElementChild;
  const handle = (li) => row(li).querySelector(".handle");
  const above = (li) => li.parentElement.closest("li[data-pk]");
  const place = (li) => [...li.parentElement.children].indexOf(li) + 1;
  const name = (li) => row(li).querySelector("[data-name]").textContent.trim().replace(/\s+/g, " ");
  const find = (pk) => box.querySelector(`li[data-pk="${pk}"]`);

  function below(li) {
    let list = li.querySelector(":scope > ol");
    if (!list) {
      list = document.createElement("ol");
      list.setAttribute("role", "list");
      li.append(list);
    }
    return list;
  }

  function deep(li) {
    return li ? 1 + deep(above(li)) : 0;
  }

  function tall(li) {
    return 1 + Math.max(0, ...[...li.querySelectorAll(":scope > ol > li")].map(tall));
  }

  function say(words, values) {
    const text = box.dataset[words] || words;
    said.textContent = text.replace(/\{(\w+)\}/g, (all, key) => (values || {})[key] ?? all);
    said.className = "notice" + (words in box.dataset ? "" : " bad");
    said.hidden = false;
  }

  function tell(li) {
    const over = above(li);
    const values = { item: name(li), place: place(li), of: li.parentElement.children.length, above: over && name(over) };
    say(over ? "sayUnder" : "sayTop", values);
  }

  function put(li, list, next) {
    moving = true;
    const focused = li.contains(document.activeElement) ? document.activeElement : null;
    list.insertBefore(li, next);
    if (focused) focused.focus();
    moving = false;
  }

  const home = (li) => ({ li, list: li.parentElement, next: li.nextElementSibling });
  const away = (from) => from.li.parentElement !== from.list || from.li.nextElementSibling !== from.next;

  // One step in the page alone; says whether there was one.
  function step(li, to) {
    const [before, after, over] = [li.previousElementSibling, li.nextElementSibling, above(li)];
    if (to === "up" && before) put(li, li.parentElement, before);
    else if (to === "down" && after) put(li, li.parentElement, after.nextElementSibling);
    else if (to === "in" && before && deep(before) + tall(li) <= Number(box.dataset.deepest)) put(li, below(before), null);
    else if (to === "out" && over) put(li, over.parentElement, over.nextElementSibling);
    else return false;
    return true;
  }

  // --- the server ----------------------------------------------------------------------------------------------------
  function draw(html) {
    box.innerHTML = html;
    box.querySelectorAll("[data-needs-script]").forEach((part) => { part.hidden = false; });
  }

  async function send(pk, fields, from, focus) {
    if (busy) return;
    busy = true;
    box.setAttribute("aria-busy", "true");
    const body = new FormData(box.querySelector("form[data-moves]"));
    Object.entries(fields).forEach(([key, value]) => body.set(key, value));
    let answer = null;
    let out = false;
    try {
      const url = box.dataset.move.replace("/0/", `/${pk}/`);
      const response = await fetch(url, { method: "POST", body, headers: { "X-Agenda": "1" } });
      out = response.redirected || response.status === 401;
      answer = await response.json();
    } catch {
      // no line, or no answer of ours
    }
    busy = false;
    box.removeAttribute("aria-busy");
    if (!answer || typeof answer.tree !== "string") {
      if (from) put(from.li, from.list, from.next);
      say(out ? box.dataset.refusedOut : box.dataset.refusedLost);
      return;
    }
    draw(answer.tree);
    const li = find(pk);
    if (li) (row(li).querySelector(focus) || handle(li) || row(li)).focus();
    if (answer.refused) say(answer.refused);
    else if (li) say("sayMoved", { item: name(li) });
  }

  // --- by keyboard ---------------------------------------------------------------------------------------------------
  function lift(li) {
    lifted = home(li);
    li.classList.add("lifted");
    handle(li).setAttribute("aria-pressed", "true");
    say("sayLifted", { item: name(li) });
  }

  function settle() {
    const from = lifted;
    lifted = null;
    from.li.classList.remove("lifted");
    handle(from.li).setAttribute("aria-pressed", "false");
    return from;
  }

  function drop() {
    const from = settle();
    if (away(from)) sendPlace(from);
    else say("sayDropped", { item: name(from.li) });
  }

  function sendPlace(from) {
    const over = above(from.li);
    send(from.li.dataset.pk, { under: over ? over.dataset.pk : "", at: place(from.li) }, from, ".handle");
  }

  function putBack() {
    const from = settle();
    put(from.li, from.list, from.next);
    say("sayBack", { item: name(from.li) });
  }

  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step], .handle");
    if (!button) return;
    event.preventDefault();
    const li = button.closest("li[data-pk]");
    if (dragged || busy) return;
    if (button.dataset.step) send(li.dataset.pk, { to: button.dataset.step }, null, `[data-step=${button.dataset.step}]`);
    else if (lifted && lifted.li === li) drop();
    else {
      if (lifted) putBack();
      lift(li);
    }
  });

  box.addEventListener("keydown", (event) => {
    const li = event.target.classList.contains("handle") ? event.target.closest("li[data-pk]") : null;
    if (!li || event.ctrlKey || event.metaKey) return;
    const to = KEYS[event.key];
    if (lifted && lifted.li === li) {
      if (event.key === "Escape") putBack();
      else if (!to) return;
      else if (step(li, to)) tell(li);
      else say("sayNo", { item: name(li) });
    } else if (to && event.altKey) {
      if (row(li).querySelector(`[data-step=${to}]`)) send(li.dataset.pk, { to }, null, ".handle");
      else say("sayNo", { item: name(li) });
    } else return;
    event.preventDefault();
    row(li).scrollIntoView({ block: "nearest" });
  });

  box.addEventListener("focusout", () => {
    if (!lifted || moving) return;
    setTimeout(() => {
      if (lifted && document.activeElement !== handle(lifted.li) && document.hasFocus()) putBack();
    });
  });

  // --- by pointer ----------------------------------------------------------------------------------------------------
  function clear() {
    box.querySelectorAll(".drop-before, .drop-after, .drop-under").forEach((part) => {
      part.classList.remove("drop-before", "drop-after", "drop-under");
    });
  }

  // The row at this height, and whether the pointer is in its upper part, its lower part or between.
  function over(y) {
    const shown = items().map((li) => [li, row(li).getBoundingClientRect()]).filter(([li]) => !drag.li.contains(li));
    const found = shown.find(([, rect]) => y <= rect.bottom) || shown[shown.length - 1];
    if (!found) return null;
    const [li, rect] = found;
    const part = (y - rect.top) / rect.height;
    return [li, part < 0.3 ? "before" : part > 0.7 ? "after" : "under"];
  }

  function aim() {
    clear();
    drag.aim = null;
    const hit = over(drag.y);
    if (!hit) return;
    let [li, where] = hit;
    const first = [...li.querySelectorAll(":scope > ol > li")].find((each) => each !== drag.li);
    if (where === "after" && first) [li, where] = [first, "before"];
    // Left of the last row of a level means the level above.
    const last = (each) => ![...each.parentElement.children].slice(place(each)).some((next) => next !== drag.li);
    while (where === "after" && above(li) && last(li) && drag.x < row(li).getBoundingClientRect().left) li = above(li);
    row(li).classList.add(`drop-${where}`);
    drag.aim = [li, where];
  }

  function scroll() {
    if (!drag || !drag.on) return;
    if (drag.y < EDGE) scrollBy({ top: -12, behavior: "instant" });
    else if (drag.y > innerHeight - EDGE) scrollBy({ top: 12, behavior: "instant" });
    aim();
    requestAnimationFrame(scroll);
  }

  function stop() {
    const from = drag;
    drag = null;
    clear();
    from.li.classList.remove("dragged");
    document.documentElement.classList.remove("dragging");
    dragged = from.on;
    return from;
  }

  box.addEventListener("pointerdown", (event) => {
    dragged = false;
    const grip = event.target.closest(".handle");
    if (!grip || event.button !== 0 || !event.isPrimary || busy) return;
    const li = grip.closest("li[data-pk]");
    grip.setPointerCapture(event.pointerId);
    drag = { ...home(li), on: false, x: event.clientX, y: event.clientY, from: [event.clientX, event.clientY], aim: null };
  });

  box.addEventListener("pointermove", (event) => {
    if (!drag) return;
    [drag.x, drag.y] = [event.clientX, event.clientY];
    if (drag.on || Math.hypot(drag.x - drag.from[0], drag.y - drag.from[1]) < FAR) return;
    if (lifted) putBack();
    drag.on = true;
    drag.li.classList.add("dragged");
    document.documentElement.classList.add("dragging");
    say("sayDragged", { item: name(drag.li) });
    scroll();
  });

  box.addEventListener("pointerup", () => {
    setTimeout(() => { dragged = false; }); // after its click
    if (!drag) return;
    if (drag.on) aim();
    const from = stop();
    if (!from.on) return;
    if (from.aim) {
      const [li, where] = from.aim;
      const list = where === "under" ? below(li) : li.parentElement;
      put(from.li, list, where === "before" ? li : where === "after" ? li.nextElementSibling : null);
    }
    handle(from.li).focus();
    if (away(from)) sendPlace(from);
    else say("sayBack", { item: name(from.li) });
  });

  function cancel() {
    if (!drag) return;
    const from = stop();
    if (from.on) say("sayBack", { item: name(from.li) });
  }

  box.addEventListener("pointercancel", () => {
    cancel();
    dragged = false;
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape") cancel(); });
})();
