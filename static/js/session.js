// The clock of the session. Who does nothing for a while is asked whether they are there; after that the page is covered
// and left. The server keeps the time: this only shows it. Typing counts as being there; a part that refreshes does not.
"use strict";

(function () {
  const data = document.body.dataset;

  // A part of a page that loads by itself says so: it does not make a session last.
  document.addEventListener("htmx:configRequest", function (event) {
    if (!event.detail.triggeringEvent) event.detail.headers["X-Background"] = "1";
  });

  if (!data.sessionLeft) return;
  const WARN_S = 120;
  const TELL_MS = 60000; // one sign of life a minute is enough
  const other = "BroadcastChannel" in window ? new BroadcastChannel("sessie") : null;
  let ends = Date.now() + Number(data.sessionLeft) * 1000;
  let toldAt = Date.now();
  let box = null;
  let cover = null;
  let isAsking = false;

  function renew(answer) {
    ends = Date.now() + answer.left * 1000;
    // After logging in again, in another tab, forms that stood open here need the new token.
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = answer.csrf;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": answer.csrf }));
  }

  function leave() {
    document.documentElement.dataset.leaving = "yes";
    location.replace(`${data.logIn}?next=${encodeURIComponent(location.pathname + location.search)}&verlopen=1`);
  }

  function token() {
    const field = document.querySelector("[name=csrfmiddlewaretoken]");
    return field ? field.value : JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  }

  // What the server says: still in, as the same person; or not, and then this page is left.
  async function ask(method) {
    if (isAsking) return;
    isAsking = true;
    try {
      const headers = method === "POST" ? { "X-CSRFToken": token() } : { "X-Background": "1" };
      const answer = await fetch(data.session, { method, headers, redirect: "manual", cache: "no-store" });
      if (answer.ok) {
        const found = await answer.json();
        if (found.user !== data.user) leave();
        else if (found.left > 0) {
          renew(found);
          show();
          if (method === "POST" && other) other.postMessage("hier");
        } else leave();
      } else if (answer.type === "opaqueredirect" || answer.status === 403) leave();
    } catch {
      // No connection: the page stays as it is, covered if the time is over, and asks again.
    } finally {
      isAsking = false;
    }
  }

  function button(text, action) {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "btn btn-primary btn-sm";
    one.textContent = text;
    one.addEventListener("click", action);
    return one;
  }

  function warn(seconds) {
    if (!box) {
      box = document.createElement("div");
      box.className = "session-warning";
      box.setAttribute("role", "alert");
      const text = document.createElement("p");
      text.textContent = "Ben je er nog? Over 2 minuten word je uitgelogd. Wat je typte, blijft bewaard.";
      box.append(text, button("Blijf ingelogd", () => ask("POST")));
      document.body.append(box);
    }
    box.hidden = seconds <= 0;
  }

  function hide() {
    if (cover) return;
    for (const part of document.body.children) part.inert = true;
    cover = document.createElement("div");
    cover.className = "hidden-screen";
    cover.setAttribute("role", "status");
    cover.textContent = "Je bent uitgelogd. Wat je typte, is bewaard.";
    document.body.append(cover);
  }

  function show() {
    const left = (ends - Date.now()) / 1000;
    if (left > WARN_S && box) {
      box.remove();
      box = null;
    }
    if (left > 0 && cover) {
      cover.remove();
      cover = null;
      for (const part of document.body.children) part.inert = false;
    }
  }

  function tick() {
    const left = (ends - Date.now()) / 1000;
    if (left <= 0) {
      hide();
      ask("GET");
    } else if (left <= WARN_S) {
      if (!box) ask("GET"); // another tab may have kept it going
      warn(left);
    } else show();
  }

  function isThere() {
    if (box || cover || Date.now() - toldAt < TELL_MS) return;
    toldAt = Date.now();
    ask("POST");
  }

  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, isThere, { passive: true });
  if (other) other.addEventListener("message", () => ask("GET"));
  window.setInterval(tick, 1000);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tick());
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) ask("GET");
  });
})();
