// The register by keyboard, a running count, and marks that are never lost: not by leaving, by a log-in that ran out, by
// a save that failed. Without this file the form works the same with a mouse.
"use strict";

(function () {
  const KEYS = { a: "absent", l: "late", p: "present", n: "home" };
  const WAIT_MS = 30000;
  const FAILED = {
    offline: "Nog niet opgeslagen: er is geen verbinding. Wat je invulde blijft staan. Sla opnieuw op als je weer verbinding hebt.",
    slow: "Het opslaan duurt te lang. Wat je invulde blijft staan. Sla opnieuw op: twee keer opslaan kan geen kwaad.",
    server: "Nog niet opgeslagen: er ging iets mis. Wat je invulde blijft staan. Probeer het zo nog eens.",
  };

  // What a row says, in the words in which the server tells what the records say (Line.state).
  function value(row, name) {
    const field = [...row.querySelectorAll(`[name$="-${name}"]`)].find((one) => one.type !== "radio" || one.checked);
    return field ? field.value : "";
  }
  function minutes(row, extent, name) {
    const part = row.querySelector(`[name$="-${extent}"]:checked`);
    return (part && part.dataset.minutes) || value(row, name);
  }
  function stateOf(row) {
    const mark = value(row, "mark");
    if (mark === "late") return `part:${value(row, "late")}:telaat`;
    if (mark === "home") return `part:${minutes(row, "home_extent", "home")}:ziek`;
    if (mark !== "absent") return mark;
    if (value(row, "extent") === "day") return `absent:${value(row, "reason")}`;
    return `part:${minutes(row, "extent", "minutes")}:${value(row, "reason")}`;
  }
  const markIn = (state) => state.replace(/^\d+\+/, "");
  const isMarked = (row) => stateOf(row) !== markIn(value(row, "was"));

  // `isAnswer`: the page is the answer to a save that was refused, and shows what was sent.
  function start(form, isAnswer) {
    const rows = [...form.querySelectorAll(".register-row")];
    const tally = form.querySelector("[data-tally]");
    const failed = form.querySelector("[data-failed]");
    const restored = form.querySelector("[data-restored]");
    const save = form.querySelector("button[type=submit]");
    const draftKey = "klas:" + form.dataset.register + ":" + location.pathname;

    const chosen = (row) => row.querySelector(".segmented input:checked") || row.querySelector(".segmented input");

    function go(row) {
      if (!row) return;
      chosen(row).focus();
      row.scrollIntoView({ block: "nearest" });
    }

    function pick(input) {
      input.checked = true;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }

    function count() {
      const found = { absent: 0, late: 0, home: 0 };
      for (const row of rows) {
        const mark = value(row, "mark");
        if (mark in found) found[mark] += 1;
      }
      const parts = [];
      if (found.absent) parts.push(found.absent + " afwezig");
      if (found.late) parts.push(found.late + " te laat");
      if (found.home) parts.push(found.home + " naar huis");
      tally.textContent = parts.length ? parts.join(" · ") : "iedereen is er";
    }

    form.addEventListener("keydown", function (event) {
      const row = event.target.closest(".register-row");
      if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
      const inNumber = event.target.matches("input[type=number]");
      const index = rows.indexOf(row);
      if (event.key === "Enter" && !event.target.matches("a")) {
        event.preventDefault();
        if (rows[index + 1]) go(rows[index + 1]);
        else save.focus();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !inNumber) {
        event.preventDefault();
        go(rows[index + (event.key === "ArrowDown" ? 1 : -1)]);
      } else if (!inNumber && event.key in KEYS) {
        event.preventDefault();
        const input = row.querySelector(".mark-" + KEYS[event.key]);
        if (!input) return; // a lesson has no "naar huis"
        pick(input);
        input.focus();
      } else if (!inNumber && event.key === "z") {
        event.preventDefault();
        const input = row.querySelector(".mark-absent");
        pick(input);
        const sick = row.querySelector("[name$='-reason'][value='ziek']");
        if (sick) pick(sick);
        input.focus();
      }
    });

    // Typing minutes is choosing minutes.
    form.addEventListener("input", function (event) {
      const box = event.target.matches("input[type=number]") && event.target.closest(".chips");
      if (box && event.target.value) box.querySelector("[value='minutes']").checked = true;
    });

    // What is marked and not saved stays in this tab, for this person, this class and this day. It comes back as it was,
    // with what the screen showed then: if the records changed meanwhile, the save asks what it is to be.
    function keep() {
      const marked = rows.filter(isMarked).map(function (row) {
        const fields = [...row.querySelectorAll("input")].filter((field) => field.type !== "radio" || field.checked);
        return Object.fromEntries(fields.map((field) => [field.name, field.value]));
      });
      if (marked.length) sessionStorage.setItem(draftKey, JSON.stringify(marked));
      else sessionStorage.removeItem(draftKey);
    }

    function put(row, fields) {
      for (const [name, text] of Object.entries(fields)) {
        const field = form.elements.namedItem(name);
        if (field) field.value = text;
      }
    }

    function restore() {
      let found = 0;
      for (const fields of JSON.parse(sessionStorage.getItem(draftKey) || "[]")) {
        const row = rows.find((one) => one.querySelector("[name$='-was']").name in fields);
        if (!row) continue;
        const was = row.querySelector("[name$='-was']");
        was.dataset.now = was.value;
        const before = [...row.querySelectorAll("input")].map((field) => [field, field.value, field.checked]);
        put(row, fields);
        if (stateOf(row) === markIn(was.dataset.now)) {
          for (const [field, text, isOn] of before) {
            field.value = text;
            field.checked = isOn;
          }
        } else {
          was.dispatchEvent(new Event("input", { bubbles: true }));
          found += 1;
        }
      }
      restored.hidden = !found;
    }

    form.querySelector("[data-forget]").addEventListener("click", function () {
      form.reset();
      for (const was of form.querySelectorAll("[data-now]")) was.value = was.dataset.now;
      keep();
      count();
      restored.hidden = true;
      chosen(rows[0]).focus();
    });

    // Something here is not saved: leaving is asked about.
    function touch() {
      form.dispatchEvent(new Event("input", { bubbles: true }));
    }

    function say(text) {
      failed.textContent = text;
      failed.hidden = !text;
    }

    function notSaved(why) {
      say(FAILED[why]);
      form.inert = save.disabled = false;
      delete form.dataset.sent;
      touch();
      save.focus();
    }

    async function send() {
      let answer;
      try {
        answer = await fetch(location.pathname, {
          method: "POST",
          body: new FormData(form),
          headers: { "X-Requested-With": "fetch" },
          redirect: "manual",
          signal: AbortSignal.timeout(WAIT_MS),
        });
      } catch (error) {
        notSaved(error.name === "TimeoutError" ? "slow" : "offline");
        return;
      }
      if (answer.status === 204) {
        sessionStorage.removeItem(draftKey);
        location.reload();
      } else if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500)) {
        location.reload(); // logged out, or in again as another: the marks come back on the page that may be seen
      } else if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        document.querySelector("main").replaceWith(page.querySelector("main"));
        begin(true);
        const first = document.querySelector(".field-error, .register-question");
        if (first) first.closest(".register-row").querySelector(".segmented input:checked, input").focus();
        document.querySelector("main .message").scrollIntoView({ block: "center" });
      } else {
        notSaved("server");
      }
    }

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (save.disabled) return;
      form.inert = save.disabled = true;
      say("");
      send();
    });

    form.addEventListener("input", keep);
    form.addEventListener("input", count);
    if (isAnswer) touch();
    else restore();
    keep();
    count();
  }

  function begin(isAnswer) {
    const form = document.querySelector("form[data-register]");
    if (form) start(form, isAnswer);
  }

  window.addEventListener("offline", function () {
    const failed = document.querySelector("[data-failed]");
    if (failed) {
      failed.textContent = "Er is even geen verbinding. Wat je invult blijft staan.";
      failed.hidden = false;
    }
  });
  window.addEventListener("online", function () {
    const failed = document.querySelector("[data-failed]");
    if (failed) failed.hidden = true;
  });
  begin(false);
})();
