// Small things every page has: quick-hide, "/" to search, unsaved guard, and what to say when a part does not load.
"use strict";

(function () {
  let lastEscape = 0;
  let cover = null;

  function uncover() {
    cover.remove();
    cover = null;
    for (const part of document.body.children) part.inert = false;
  }

  function hideScreen() {
    for (const part of document.body.children) part.inert = true;
    cover = document.createElement("div");
    cover.className = "hidden-screen";
    cover.tabIndex = -1;
    cover.textContent = "Druk op Esc om verder te gaan.";
    document.body.append(cover);
    cover.focus();
  }

  function isTyping(element) {
    return element.matches("input, textarea, select, [contenteditable]");
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      if (cover) {
        uncover();
        lastEscape = 0;
        return;
      }
      const now = Date.now();
      if (now - lastEscape < 600) hideScreen();
      lastEscape = now;
      const open = document.querySelector(".who[open]");
      if (open) open.open = false;
    } else if (event.key === "/" && !isTyping(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const shown = [...document.querySelectorAll("[data-search]")].find((field) => field.offsetParent !== null);
      if (shown) {
        event.preventDefault();
        shown.focus();
        shown.select();
      }
    }
  });

  document.addEventListener("click", function (event) {
    const open = document.querySelector(".who[open]");
    if (open && !open.contains(event.target)) open.open = false;
  });

  // On a small screen the menu is wider than the screen: show where one is.
  const here = document.querySelector(".menu [aria-current]");
  const menu = here && here.closest(".menu");
  const end = menu ? here.offsetLeft + here.offsetWidth - menu.offsetLeft : 0;
  if (menu && end > menu.clientWidth - 40) menu.scrollLeft = here.offsetLeft - menu.offsetLeft - 16;

  // A form with data-guard asks before somebody leaves with changes that were not saved.
  const dirty = new Set();
  document.addEventListener("input", function (event) {
    const form = event.target.closest("form[data-guard]");
    if (!form) return;
    dirty.add(form);
    form.querySelectorAll("[data-unsaved]").forEach((note) => (note.hidden = false));
  });
  document.addEventListener("submit", (event) => dirty.delete(event.target));
  window.addEventListener("beforeunload", function (event) {
    // Logged out: what was typed is kept (drafts.js), and the page must not stay.
    if (dirty.size && !document.documentElement.dataset.leaving) event.preventDefault();
  });

  // Whoever logs out leaves nothing behind in this tab.
  document.addEventListener("submit", function (event) {
    if (event.target.matches("[data-log-out]")) sessionStorage.clear();
  });

  // A password can be shown to who types it.
  for (const button of document.querySelectorAll("[data-show-password]")) {
    button.hidden = false;
    button.addEventListener("click", function () {
      const field = document.getElementById(button.getAttribute("aria-controls"));
      const isShown = field.type === "password";
      field.type = isShown ? "text" : "password";
      button.setAttribute("aria-pressed", String(isShown));
      button.textContent = isShown ? "Verberg" : "Toon";
      field.focus();
    });
  }
  document.addEventListener("submit", function (event) {
    for (const button of event.target.querySelectorAll("[data-show-password][aria-pressed=true]")) button.click();
  });

  // Twice on a button is once.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, 4000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // Logged out meanwhile: the answer to a part is the log-in page. Show that as a page.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (new URL(event.detail.xhr.responseURL || location.href).pathname.startsWith("/account/login")) {
      event.detail.shouldSwap = false;
      location.reload();
    }
  });
  function failed(event) {
    const target = event.detail.target;
    if (!target || !target.matches("[data-part]")) return;
    const note = document.createElement("p");
    note.className = "soft";
    note.textContent = "Dit deel kon niet geladen worden. Laad de pagina opnieuw om het nog eens te proberen.";
    target.replaceChildren(note);
  }
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
})();
