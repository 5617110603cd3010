// Text that was typed and not saved stays in this tab, for this person and this page: through a log-in that ran out, a
// reload, a save that failed. Nobody else who logs in here gets to see it. The register keeps its own (register.js).
"use strict";

(function () {
  const PREFIX = "tekst:";
  const user = document.body.dataset.user;
  const BACK = "Wat je eerder typte en nog niet had opgeslagen, staat er weer.";

  function keys() {
    return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX) || key.startsWith("klas:"));
  }

  function change(key, how) {
    const draft = JSON.parse(sessionStorage.getItem(key));
    how(draft);
    sessionStorage.setItem(key, JSON.stringify(draft));
  }

  // Not logged in, or an error: what was sent did not arrive, perhaps. It is kept until somebody is in again.
  if (!user) {
    for (const key of keys().filter((one) => one.startsWith(PREFIX))) change(key, (draft) => (draft.sent = false));
    return;
  }

  // Of somebody else: gone.
  for (const key of keys()) {
    if (key.split(":")[1] !== user) sessionStorage.removeItem(key);
  }

  // Sent, and here is the next page: it is saved, or stands on this page to be mended. Back is not next.
  const entry = performance.getEntriesByType("navigation")[0];
  if (!entry || entry.type !== "back_forward") {
    for (const key of keys().filter((one) => one.startsWith(PREFIX))) {
      if (JSON.parse(sessionStorage.getItem(key)).sent) sessionStorage.removeItem(key);
    }
  }

  const WORDS = "textarea, input[type=text], input[type=date], input[type=time], input[type=number], input[type=email], input[type=tel], input:not([type])";
  const CHOICES = "select, input[type=radio], input[type=checkbox]";

  function fieldsOf(form) {
    return [...form.elements].filter((field) => field.name && field.matches(`${WORDS}, ${CHOICES}`));
  }

  // Only forms in which something is written: a choice alone is quickly made again.
  function isKept(form) {
    return form.method === "post" && form.closest("main") && !form.dataset.register && !form.matches("[role=search]") &&
      !form.querySelector("[type=password], [data-search], [data-no-draft]") && form.querySelector("textarea, input[type=text], input:not([type])");
  }

  function keyOf(form) {
    const action = new URL(form.getAttribute("action") || location.pathname, location.href).pathname;
    const alike = [...document.querySelectorAll("form")].filter((one) => isKept(one) && one.getAttribute("action") === form.getAttribute("action"));
    return `${PREFIX}${user}:${location.pathname}:${action}:${alike.indexOf(form)}`;
  }

  function isChanged(field) {
    if (field.matches("[type=radio], [type=checkbox]")) return field.checked !== field.defaultChecked;
    if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected) && field.value !== "";
    return field.value !== field.defaultValue;
  }

  function stateOf(field, index) {
    return { name: field.name, index, value: field.value, checked: Boolean(field.checked) };
  }

  function keep(form) {
    const fields = fieldsOf(form);
    // A form that came back to be mended has what was typed as its first values.
    const isRefused = form.querySelector(".form-errors, .is-invalid, [aria-invalid=true]");
    const changed = fields.filter((field) => isChanged(field) || (isRefused && field.matches(WORDS) && field.value));
    const key = keyOf(form);
    if (!changed.some((field) => field.matches(WORDS))) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify({ sent: false, fields: changed.map((field) => stateOf(field, fields.indexOf(field))) }));
  }

  function restore(form) {
    const key = keyOf(form);
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    if (!kept || form.dataset.restored) return;
    form.dataset.restored = "yes";
    const fields = fieldsOf(form);
    let back = 0;
    for (const was of kept.fields) {
      const field = fields[was.index];
      if (!field || field.name !== was.name) continue;
      if (field.matches("[type=radio], [type=checkbox]")) {
        if (field.value === was.value) field.checked = was.checked;
      } else if (field.value !== was.value) {
        field.value = was.value;
        back += 1;
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (back) tell(form, key);
  }

  function tell(form, key) {
    const box = form.closest("details");
    if (box) box.open = true;
    const note = document.createElement("div");
    note.className = "message kept-text";
    note.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = BACK;
    const away = document.createElement("button");
    away.type = "button";
    away.className = "btn btn-quiet btn-sm";
    away.textContent = "Toch niet";
    away.addEventListener("click", function () {
      form.reset();
      sessionStorage.removeItem(key);
      note.remove();
      const first = form.querySelector(WORDS);
      if (first) first.focus();
    });
    note.append(text, away);
    form.prepend(note);
  }

  function restoreAll(root) {
    for (const form of root.querySelectorAll("form")) if (isKept(form)) restore(form);
  }

  document.addEventListener("input", function (event) {
    const form = event.target.form;
    if (form && isKept(form)) keep(form);
  });
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.matches("[data-log-out]") || event.defaultPrevented || !isKept(form)) return;
    const key = keyOf(form);
    if (sessionStorage.getItem(key)) change(key, (draft) => (draft.sent = true));
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    const form = event.detail.elt;
    if (!form.matches("form") || !isKept(form)) return;
    const to = new URL(event.detail.xhr.responseURL || location.href).pathname;
    const isSaved = event.detail.successful && !to.startsWith(document.body.dataset.logIn);
    const key = `${PREFIX}${user}:${location.pathname}:`;
    const action = new URL(form.getAttribute("action") || location.pathname, location.href).pathname;
    for (const one of keys().filter((name) => name.startsWith(key + action + ":"))) {
      if (isSaved) sessionStorage.removeItem(one);
      else change(one, (draft) => (draft.sent = false));
    }
  });
  document.addEventListener("htmx:load", (event) => restoreAll(event.detail.elt));
  restoreAll(document);
})();
