// The register by keyboard, a running count, and marks that are not lost before they are saved. Without this file the form
// works the same with a mouse.
"use strict";

(function () {
  const form = document.querySelector("form[data-register]");
  if (!form) return;
  const rows = [...form.querySelectorAll(".register-row")];
  const tally = form.querySelector("[data-tally]");
  const marks = { a: "absent", l: "late", p: "present", n: "home" };

  function chosen(row) {
    return row.querySelector(".segmented input:checked");
  }

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
      const mark = chosen(row).value;
      if (mark in found) found[mark] += 1;
    }
    const parts = [];
    if (found.absent) parts.push(found.absent + " afwezig");
    if (found.late) parts.push(found.late + " te laat");
    if (found.home) parts.push(found.home + " naar huis");
    tally.textContent = parts.length ? parts.join(" · ") : "iedereen is er";
  }

  form.addEventListener("input", count);
  form.addEventListener("keydown", function (event) {
    const row = event.target.closest(".register-row");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const inNumber = event.target.matches("input[type=number]");
    const index = rows.indexOf(row);
    if (event.key === "Enter" && !event.target.matches("a")) {
      event.preventDefault();
      if (rows[index + 1]) go(rows[index + 1]);
      else form.querySelector("button[type=submit]").focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !inNumber && !event.target.matches("select")) {
      event.preventDefault();
      go(rows[index + (event.key === "ArrowDown" ? 1 : -1)]);
    } else if (!inNumber && !event.target.matches("select") && event.key in marks) {
      event.preventDefault();
      const input = row.querySelector(".mark-" + marks[event.key]);
      pick(input);
      input.focus();
    } else if (!inNumber && !event.target.matches("select") && event.key === "z") {
      event.preventDefault();
      const input = row.querySelector(".mark-absent");
      pick(input);
      const sick = row.querySelector("input[name$='-reason'][value='ziek']");
      if (sick) pick(sick);
      input.focus();
    }
  });

  // What is marked and not saved stays in this tab, for this person and this page, so that a log-in that ran out or a lost
  // connection costs nothing. A pupil's marks come back only while the records are what they were: after a save they are not.
  const draftKey = "klas:" + form.dataset.register + ":" + location.pathname;
  const restored = form.querySelector("[data-restored]");

  function stateOf(row) {
    const fields = [...row.querySelectorAll("input, select")].filter((field) => field.type !== "radio" || field.checked);
    return Object.fromEntries(fields.map((field) => [field.name, field.value]));
  }

  // The answer to a save that was refused shows what was sent, not what is saved: there every row counts as marked.
  const isAnswer = "answer" in form.dataset;
  const untouched = rows.map((row) => (isAnswer ? "" : JSON.stringify(stateOf(row))));

  function keep() {
    const marked = rows.map(stateOf).filter((state, index) => JSON.stringify(state) !== untouched[index]);
    if (marked.length) sessionStorage.setItem(draftKey, JSON.stringify(marked));
    else sessionStorage.removeItem(draftKey);
  }

  function restore() {
    const marked = JSON.parse(sessionStorage.getItem(draftKey) || "[]");
    let found = 0;
    for (const state of marked) {
      const known = Object.keys(state).find((name) => name.endsWith("-was"));
      const was = form.elements.namedItem(known);
      if (!was || was.value !== state[known]) continue;
      for (const [name, value] of Object.entries(state)) {
        const field = form.elements.namedItem(name);
        if (field) field.value = value;
      }
      was.dispatchEvent(new Event("input", { bubbles: true }));
      found += 1;
    }
    restored.hidden = !found;
  }

  if (!isAnswer) restore();
  keep();
  form.addEventListener("input", keep);
  form.querySelector("[data-forget]").addEventListener("click", function () {
    form.reset();
    keep();
    count();
    restored.hidden = true;
    chosen(rows[0]).focus();
  });
  count();
})();
