/* A button that prints the page. Without this script the page says how to do it by hand. */
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const hint of document.querySelectorAll("[data-print-by-hand]")) {
  hint.hidden = true;
}
