// Keeps what is typed into form[data-autosave] on the server every few seconds, and in this browser while that fails.
// One request at a time, each with its number, so that an overtaken one overwrites nothing. Words: parts/_autosave.html.
(function () {
  "use strict";
  const PAUSE = 3000; // ms after the last key
  const MOST = 10000; // ms while typing goes on
  const PATIENCE = 20000; // ms until a request without an answer counts as lost
  const RETRIES = [5000, 10000, 20000, 40000, 60000];
  const SENDING = 8000; // as long as portal.js waits for a form that is being sent
  const LASTS = 7 * 24 * 60 * 60 * 1000; // what this browser keeps
  const STORE = "govlab-typed-";
  const ON_HOLD = ["elsewhere", "gone", "sent"]; // nothing is sent until somebody chooses

  // --- what this browser keeps ---------------------------------------------------------------------------------------
  function put(name, copy) {
    try {
      localStorage.setItem(name, JSON.stringify(copy));
    } catch {
      // storage switched off or full: the server's copy and the question before leaving remain
    }
  }

  function drop(name) {
    try {
      localStorage.removeItem(name);
    } catch {
      // nothing was kept either
    }
  }

  function copies(wanted) {
    const found = [];
    try {
      for (const name of Object.keys(localStorage).filter((each) => each.startsWith(STORE))) {
        const copy = JSON.parse(localStorage.getItem(name));
        if (!(copy.at > Date.now() - LASTS)) drop(name);
        else if (wanted(copy)) found.push([name, copy]);
      }
    } catch {
      // as above
    }
    return found.sort((one, other) => other[1].at - one[1].at);
  }

  function forget(unwanted) {
    copies(unwanted).forEach(([name]) => drop(name));
  }

  // --- one form ------------------------------------------------------------------------------------------------------
  function autosave(form) {
    const place = form.querySelector(".autosave");
    const says = place.querySelector("[role=status]");
    const seen = form.elements.namedItem("typed_turn"); // the last turn that the server confirmed
    const key = form.elements.namedItem("form_key").value;
    const url = form.getAttribute("action");
    const { owner, path } = place.dataset;
    let turn = Number(seen.value); // counts every try
    let state = "";
    let dirty = false;
    let since = 0; // when the oldest change that is not kept was made
    let timer = 0;
    let failures = 0;
    let flying = null;
    let again = false;
    let resting = false; // the form is being sent, or the page is left
    let latest = 0; // the turn of the text elsewhere
    let left = null; // a copy of another page, waiting for a decision

    const mine = (copy) => copy.owner === owner && copy.path === path;
    const files = () => [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);

    function show(name, words) {
      state = place.dataset.state = name;
      says.textContent = words || place.dataset[name] || "";
      place.querySelectorAll("[data-when]").forEach((part) => { part.hidden = part.dataset.when !== name; });
      keep();
    }

    // Whether portal.js asks before the page is left: not where everything is kept, or will be while leaving.
    function keep() {
      const calm = ["", "unsaved", "saving", "saved"].includes(state) || (state === "sent" && !dirty);
      form.dataset.keep = calm && !failures && !files() ? "auto" : "typed";
    }

    function typed() {
      const data = new FormData(form);
      for (const [name, value] of [...data]) {
        if (typeof value !== "string" || /password/i.test(name)) data.delete(name);
      }
      return data;
    }

    // `handed`: also given to the server on a sound line, while the page was left.
    function copy(handed) {
      const fields = [...typed()].filter(([name]) => name !== "csrfmiddlewaretoken");
      const [after, next, at] = [Number(seen.value), turn + 1, Date.now()];
      put(STORE + key, { owner, path, key, fields, after, turn: next, at, handed: Boolean(handed) });
    }

    function plan(pause) {
      clearTimeout(timer);
      timer = setTimeout(save, Math.max(pause, 0));
    }

    function changed() {
      since = dirty ? since : Date.now();
      dirty = true;
      if (failures || ON_HOLD.includes(state) || state === "too_much") copy();
      keep();
      if (resting || failures || ON_HOLD.includes(state)) return; // then there is a time to try again, or none
      if (!flying) show("unsaved");
      plan(Math.min(PAUSE, since + MOST - Date.now()));
    }

    async function send(body, number, after) {
      const line = flying = new AbortController();
      const patience = setTimeout(() => line.abort(), PATIENCE);
      const headers = { "X-Autosave": `${number};after=${after}` };
      try {
        const answer = await fetch(url, { method: "POST", body, headers, signal: line.signal });
        return [answer.status, await answer.json()];
      } catch {
        return [0, {}]; // no line, no answer in time, or no answer of ours
      } finally {
        clearTimeout(patience);
      }
    }

    // After a new sign-in the old token is refused: the page is asked for again, and its token put in everywhere.
    async function refresh() {
      try {
        const answer = await fetch(location.href, { headers: { "X-Autosave": "token" }, signal: flying.signal });
        if (answer.status === 401) return [401, await answer.json()];
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = page.querySelector("[data-signs-out]");
        if (now && now.dataset.signsOut !== owner) return [401, { reason: "signed_out", words: place.dataset.other }];
        const token = page.querySelector("input[name=csrfmiddlewaretoken]").value;
        document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
        return [200, {}];
      } catch {
        return [0, {}];
      }
    }

    async function deliver(fields, number, after) {
      const [status, said] = await send(fields(), number, after);
      if (said.reason !== "token") return [status, said];
      const [fresh, why] = await refresh();
      return fresh === 200 ? send(fields(), number, after) : [fresh, why];
    }

    async function save() {
      clearTimeout(timer);
      if (flying) {
        again = true; // a queue of one: whatever is typed by then goes along
        return;
      }
      if (!dirty || resting || ON_HOLD.includes(state)) return;
      dirty = again = false;
      turn += 1;
      if (!failures) show("saving");
      const [status, said] = await deliver(typed, turn, seen.value);
      flying = null;
      if (resting) dirty = true;
      else if (status === 200 && said.turn) kept(said);
      else refused(said);
    }

    function kept(said) {
      failures = 0;
      seen.value = said.turn;
      if (!said.kept) dirty = true; // a copy of this page was faster: once more, with a higher number
      turn = Math.max(turn, said.turn);
      if (!dirty) drop(STORE + key);
      show(dirty ? "unsaved" : "saved", dirty ? "" : said.words);
      if (again || !said.kept) save();
      else if (dirty) plan(Math.min(PAUSE, since + MOST - Date.now()));
    }

    function refused(said) {
      since = dirty ? since : Date.now();
      dirty = said.reason !== "sent";
      if (!dirty) forget((each) => each.key === key);
      else copy();
      if (["too_much", ...ON_HOLD].includes(said.reason)) {
        latest = said.turn || 0;
        failures = 0;
        show(said.reason, said.words);
        return;
      }
      failures += 1;
      show(["signed_out", "refused"].includes(said.reason) ? said.reason : "failed", said.words);
      plan(RETRIES[Math.min(failures, RETRIES.length) - 1]);
    }

    // What could not be kept when the form was open last; once the server has it, the page is opened anew with it.
    async function restore() {
      for (const [name, old] of copies((each) => mine(each) && each.key !== key)) {
        const [status, said] = await deliver(() => fieldsOf(old), old.turn, old.after);
        const newer = said.turn ? old.at > Date.parse(place.dataset.since || 0) : !old.handed; // else saved long since
        const waits = said.reason === "elsewhere" && newer;
        if (waits) [left, latest] = [old, said.turn];
        if (!(status === 200 || status === 409) || waits) break;
        drop(name);
        if (said.turn > Number(seen.value) && status === 200 && !dirty) return open();
      }
      flying = null;
      if (left) show("elsewhere", place.dataset.left);
      else if (dirty) plan(PAUSE);
      return undefined;
    }

    function fieldsOf(old) {
      const data = new FormData();
      old.fields.forEach(([name, value]) => data.append(name, value));
      data.append("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
      return data;
    }

    function open() {
      resting = true;
      form.dataset.keep = "auto";
      location.reload();
    }

    async function choose() {
      if (left) {
        const [status] = await deliver(() => fieldsOf(left), latest + 1, latest);
        flying = null;
        if (status !== 200) return;
        forget((each) => each.key === left.key);
        open();
        return;
      }
      seen.value = latest;
      turn = Math.max(turn, latest);
      dirty = true;
      show("unsaved");
      save();
    }

    function leave() {
      if (resting || !(dirty || flying)) return;
      copy(!failures && !ON_HOLD.includes(state));
      resting = true;
      if (ON_HOLD.includes(state)) return;
      flying?.abort();
      turn += 1;
      const headers = { "X-Autosave": `${turn};after=${seen.value}` };
      fetch(url, { method: "POST", body: typed(), headers, keepalive: true }).catch(() => {}); // else the copy remains
    }

    function rest() {
      clearTimeout(timer);
      if (dirty || flying) copy();
      resting = true;
      flying?.abort();
      setTimeout(() => {
        resting = false;
        if (dirty) plan(PAUSE);
      }, SENDING);
    }

    function wake() {
      if (failures) save();
    }

    addEventListener("input", (event) => { if (event.target.form === form || event.target === form) changed(); });
    addEventListener("change", (event) => { if (event.target.form === form) changed(); });
    addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (event.target.matches("[data-throws-away]")) {
        forget(mine);
        [resting, form.dataset.keep] = [true, "auto"];
      } else if (event.target === form) rest();
    });
    addEventListener("pagehide", leave);
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      resting = false;
      if (dirty) plan(0);
    });
    addEventListener("online", wake);
    addEventListener("focus", wake);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") wake();
      else if (!failures) save();
    });
    place.querySelector("[data-mine]").addEventListener("click", choose);
    place.querySelector("[data-latest]").addEventListener("click", () => {
      forget((each) => mine(each) && [key, left?.key].includes(each.key));
      [resting, form.dataset.keep] = [true, "auto"];
    });

    keep();
    if (place.dataset.was) {
      forget((each) => each.key === place.dataset.was); // this page shows what that one sent
      changed();
    } else restore();

    // Everything kept, or the last try over: before somebody signs out.
    return async () => {
      if (dirty && !flying) await save();
      rest();
    };
  }

  const forms = [...document.querySelectorAll("form[data-autosave]")].filter((form) => form.querySelector(".autosave"));
  const ends = [];
  // After portal.js, which calls a form that came back with errors unsaved.
  document.addEventListener("DOMContentLoaded", () => ends.push(...forms.map(autosave)));

  // A form that was carried out is named by the page that says so.
  document.querySelectorAll("[data-sent-form]").forEach((notice) => {
    forget((copy) => copy.key === notice.dataset.sentForm);
  });

  // Who signs out leaves nothing in this browser; what was typed last is kept on the server first.
  addEventListener("submit", async (event) => {
    const owner = event.target.dataset.signsOut;
    if (!owner || event.defaultPrevented) return;
    event.preventDefault();
    await Promise.race([Promise.all(ends.map((end) => end())), new Promise((done) => { setTimeout(done, PAUSE); })]);
    forget((copy) => copy.owner === owner);
    event.target.submit();
  });
})();
