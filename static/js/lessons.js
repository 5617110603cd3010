// The register per lesson: taking over who was absent in the lesson before, which only fills in the form. And the weeks of a
// class by keyboard. Without this file both pages work with a mouse.
"use strict";

(function () {
  const button = document.querySelector("[data-take-over]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      for (const row of document.querySelectorAll("[data-suggested]")) {
        const input = row.querySelector(".mark-absent");
        input.checked = true;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
      button.hidden = true;
      document.querySelector("[data-suggested] .mark-absent").focus();
    });
  }

  const weeks = document.querySelector("[data-weeks]");
  if (!weeks) return;
  const rows = [...document.querySelectorAll("[data-week-row]")];
  const links = { ArrowLeft: "[data-previous]", ArrowRight: "[data-following]" };

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (event.key in links) {
      const link = weeks.querySelector(links[event.key]);
      if (link) link.click();
    } else if ((event.key === "j" || event.key === "k") && rows.length) {
      event.preventDefault();
      const here = rows.indexOf(document.activeElement.closest("[data-week-row]"));
      const next = event.key === "j" ? Math.min(here + 1, rows.length - 1) : Math.max(here - 1, 0);
      rows[next].focus();
      rows[next].scrollIntoView({ block: "nearest" });
    }
  });
})();
