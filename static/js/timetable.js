// Beside the minutes of an own timetable: how much that is of the school's.
"use strict";

(function () {
  const week = document.querySelector("[data-week]");
  if (!week) return;
  const share = week.querySelector("[data-week-share]");
  const fields = [...week.querySelectorAll("input[data-standard]")];

  function tell() {
    const own = fields.reduce((sum, field) => sum + (Number(field.value) || 0), 0);
    const standard = fields.reduce((sum, field) => sum + Number(field.dataset.standard), 0);
    share.textContent = standard
      ? `${own} van ${standard} minuten per week: ${Math.round((own * 100) / standard)} % van het rooster van de school.`
      : "";
  }

  week.addEventListener("input", tell);
  tell();
})();
