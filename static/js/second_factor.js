// Passkeys, and recovery codes to keep. What needs a browser that can do it stays hidden where it cannot.
"use strict";

(function () {
  const TEXTS = {
    NotAllowedError: "De passkey is niet gebruikt. Probeer het opnieuw, of kies een andere manier.",
    InvalidStateError: "Op dit apparaat staat al een passkey voor je account.",
    SecurityError: "Op dit adres werken passkeys niet. Open Thuiszitters via het gewone adres (op je eigen computer: localhost).",
  };

  function say(button, text) {
    const note = button.form.querySelector("[data-passkey-error]");
    note.textContent = text;
    note.hidden = false;
  }

  async function optionsFor(button) {
    if (!button.dataset.from) return JSON.parse(document.getElementById(button.dataset.options).textContent);
    const answer = await fetch(button.dataset.from, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  }

  async function usePasskey(button) {
    const options = await optionsFor(button);
    if (button.dataset.passkey === "get") return window.webauthnJSON.get(options.request_options);
    const create = options.creation_options;
    create.publicKey.authenticatorSelection = {
      ...create.publicKey.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    };
    return window.webauthnJSON.create(create);
  }

  async function press(button) {
    button.disabled = true;
    try {
      const credential = await usePasskey(button);
      button.form.querySelector("[data-credential]").value = JSON.stringify(credential);
      button.form.submit();
    } catch (error) {
      button.disabled = false;
      say(button, TEXTS[error.name] || "Het lukte niet. Laad de pagina opnieuw en probeer het nog eens.");
    }
  }

  if (window.PublicKeyCredential && window.webauthnJSON) {
    for (const button of document.querySelectorAll("[data-passkey]")) {
      button.addEventListener("click", () => press(button));
    }
    for (const part of document.querySelectorAll("[data-needs-passkey]")) part.hidden = false;
    for (const part of document.querySelectorAll("[data-without-passkey]")) part.hidden = true;
  }

  const codes = document.querySelector("[data-codes]");
  if (codes) {
    document.querySelector("[data-codes-tools]").hidden = false;
    document.querySelector("[data-print]").addEventListener("click", () => window.print());
    const link = document.querySelector("[data-save]");
    const lines = [...codes.querySelectorAll("code")].map((code) => code.textContent);
    const text = ["Herstelcodes voor Thuiszitters. Elke code werkt één keer.", "", ...lines, ""].join("\r\n");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  }
})();
