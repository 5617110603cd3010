// Selecting words in the text adds them to what is made black. Without this, they are typed.
"use strict";

(function () {
  const text = document.querySelector("[data-redact-text]");
  const tool = document.querySelector("[data-redact-tool]");
  const field = document.querySelector("[data-redact-phrases]");
  if (!text || !tool || !field) return;
  tool.hidden = false;

  function chosen() {
    const selection = window.getSelection();
    if (!selection.rangeCount || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return [];
    return selection.toString().split("\n").map((line) => line.trim()).filter(Boolean);
  }

  tool.querySelector("button").addEventListener("click", function () {
    const words = chosen();
    if (!words.length) return;
    const before = field.value.trim();
    field.value = (before ? before + "\n" : "") + words.join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    window.getSelection().removeAllRanges();
  });
})();
