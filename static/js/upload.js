// A file that is too large is told so before it is sent, and a form is sent once.
"use strict";

for (const form of document.querySelectorAll("[data-upload]")) {
  const field = form.querySelector("input[type=file]");
  const error = form.querySelector("[data-upload-error]");
  const button = form.querySelector("button[type=submit]");

  const isTooLarge = () => {
    const file = field.files[0];
    return Boolean(file) && file.size > Number(field.dataset.mostBytes);
  };

  const tell = () => {
    error.textContent = isTooLarge() ? field.dataset.tooLarge : "";
    error.hidden = !isTooLarge();
  };

  field.addEventListener("change", tell);
  form.addEventListener("submit", (event) => {
    if (isTooLarge()) {
      event.preventDefault();
      tell();
      field.focus();
      return;
    }
    button.disabled = true;
  });
  // Back to this page from the next one: the button works again.
  window.addEventListener("pageshow", () => {
    button.disabled = false;
    tell();
  });
}
