// Files go ahead one by one while the form is still being written: a row each, two at a time, each with its answer.
// The file input works without it. The words come from the page, so that they are in its language.
(function () {
  "use strict";
  const AT_ONCE = 2;
  let number = 0;

  function begin(box) {
    const input = box.querySelector("input[type=file]");
    const form = input.form;
    const list = box.querySelector("[data-rows]");
    const said = box.querySelector("[data-said]");
    const say = (name) => box.dataset["say" + name];
    let rows = [];
    let held = null; // the submit that waits for the files

    const are = (...states) => rows.filter((row) => states.includes(row.state));
    const part = (row, name) => row.item.querySelector(`[data-${name}]`);
    const tell = (words) => { said.textContent = words; };
    // Whoever keeps what is typed hears of it as of any other answer.
    const changed = () => input.dispatchEvent(new Event("input", { bubbles: true }));

    function show(row, state, words, percent) {
      row.state = state;
      row.item.className = "upload " + state;
      part(row, "words").textContent = words;
      part(row, "again").hidden = state !== "failed" || row.final;
      const bar = row.item.querySelector("progress");
      bar.hidden = state === "failed" || state === "done";
      bar.value = percent || 0;
    }

    function make(file) {
      const item = box.querySelector("template").content.firstElementChild.cloneNode(true);
      const row = { file, item, state: "waiting", final: false };
      number += 1;
      const name = part(row, "name");
      name.id = `upload-${number}`;
      name.textContent = file.name;
      item.querySelector("progress").setAttribute("aria-labelledby", name.id);
      ["again", "remove"].forEach((verb) => {
        const button = part(row, verb);
        button.id = `upload-${number}-${verb}`;
        button.setAttribute("aria-labelledby", `${button.id} ${name.id}`);
      });
      part(row, "again").addEventListener("click", () => {
        show(row, "waiting", say("Waiting"));
        part(row, "remove").focus();
        go();
      });
      part(row, "remove").addEventListener("click", () => remove(row));
      list.append(item);
      list.hidden = false;
      rows.push(row);
      return row;
    }

    function add(files) {
      [...files].forEach((file) => {
        const before = document.getElementsByName(`${input.name}-kept`).length + are("waiting", "sending").length;
        const row = make(file);
        const refusal = before >= Number(box.dataset.mostFiles) ? say("Many")
          : file.size > Number(box.dataset.mostBytes) ? say("Big") : "";
        row.final = Boolean(refusal);
        show(row, refusal ? "failed" : "waiting", refusal || say("Waiting"));
      });
      go();
    }

    function remove(row) {
      const place = rows.indexOf(row);
      rows = rows.filter((other) => other !== row);
      if (row.request) row.request.abort();
      row.item.remove();
      list.hidden = !rows.length;
      tell(say("Removed"));
      const next = rows[place] || rows[place - 1];
      (next ? part(next, "remove") : input).focus();
      if (row.state === "done") changed();
      go();
    }

    function send(row) {
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.append("file", row.file);
      row.request = request;
      request.open("POST", box.dataset.upload);
      request.responseType = "json";
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
      request.upload.addEventListener("progress", (event) => {
        const percent = event.lengthComputable ? Math.round((100 * event.loaded) / event.total) : 0;
        show(row, "sending", percent < 100 ? `${say("Sending")} ${percent}%` : say("Checking"), percent);
      });
      request.addEventListener("load", () => answered(row, request.status, request.response));
      request.addEventListener("error", () => answered(row, 0, null));
      show(row, "sending", say("Sending"));
      request.send(body);
    }

    function answered(row, status, answer) {
      row.request = null;
      if (answer && answer.token) {
        const note = document.createElement("input");
        Object.assign(note, { type: "hidden", name: `${input.name}-kept`, value: answer.token });
        row.item.append(note);
        part(row, "name").textContent = answer.name;
        show(row, "done", say("Done"), 100);
        changed();
      } else {
        // A page instead of an answer is the sign-in page, or the word that the form is from before it.
        const out = !answer && [200, 401, 403].includes(status);
        const words = answer ? answer.error || (answer.non_field_errors || [])[0] : "";
        row.final = status === 400;
        show(row, "failed", words || say(out ? "Out" : status === 413 ? "Big" : "Lost"));
        tell(`${row.file.name}: ${part(row, "words").textContent}`);
      }
      go();
    }

    // Sends what waits; once nothing is under way any more, lets the form go that waited for it.
    function go() {
      are("waiting").slice(0, AT_ONCE - are("sending").length).forEach(send);
      if (are("waiting", "sending").length) return;
      if (!are("failed").length && rows.length) tell(say("All"));
      if (!held) return;
      const submitter = held;
      held = null;
      if (!stopped()) form.requestSubmit(submitter.isConnected ? submitter : null);
    }

    function stopped() {
      const [failed] = are("failed");
      if (!failed) return false;
      tell(say("Failed"));
      part(failed, failed.final ? "remove" : "again").focus();
      return true;
    }

    input.addEventListener("change", () => {
      add(input.files);
      input.value = ""; // or the form would bring them a second time
    });

    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (are("waiting", "sending").length) {
        event.preventDefault();
        held = event.submitter || form.querySelector("[type=submit]");
        tell(say("Hold"));
      } else if (stopped()) {
        event.preventDefault();
      }
    });

    const place = box.closest(".field") || box;
    ["dragenter", "dragover", "dragleave", "drop"].forEach((name) => {
      document.addEventListener(name, (event) => {
        if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
        event.preventDefault(); // dropped beside the place, a file would replace the page with what was typed
        const here = place.contains(event.target);
        box.classList.toggle("over", here && (name === "dragenter" || name === "dragover"));
        if (name === "drop" && here) add(event.dataTransfer.files);
      });
    });
  }

  document.querySelectorAll("[data-upload]").forEach(begin);
})();
