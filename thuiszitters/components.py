"""The page with every recurring part, with invented values. It exists in development only."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from attendance.listings.clock import Clock, line_of, rows_of_weeks
from attendance.listings.day_marks import DayMark, ahead
from attendance.listings.school_year import months_of
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.glossary import GLOSSARY
from thuiszitters.accounts.roles import Role

TODAY = date(2026, 11, 24)
PHASES = ("dreigend", "thuiszitter", "drie_maanden", "opbouw", "nazorg", "gesloten", "")


def example_marks() -> list[DayMark]:
    """From August: mostly there, an autumn holiday, a part of a day, a run from 3 November."""
    marks = []
    day = date(2026, 8, 31)
    while day <= date(2026, 12, 31):
        marks.append(ahead(day) if day > TODAY else example_mark(day))
        day += timedelta(days=1)
    return [mark for mark in marks if mark.day.weekday() < 5]


def example_mark(day: date) -> DayMark:
    if date(2026, 10, 12) <= day <= date(2026, 10, 16):
        return DayMark(day, "free", "herfstvakantie")
    if day >= date(2026, 11, 3):
        kinds = {date(2026, 11, 11): ("free", "studiedag"), date(2026, 11, 23): ("unknown", "nog niet ingevuld")}
        kind, text = kinds.get(day, ("missed", "afwezig, ziek"))
        return DayMark(day, kind, text, counted=kind == "missed", is_today=day == TODAY)
    kinds = {date(2026, 9, 15): ("part", "90 van 300 minuten afwezig"), date(2026, 9, 16): ("none", "niet verwacht")}
    kind, text = kinds.get(day, ("present", "aanwezig"))
    return DayMark(day, kind, text)


def example_clock() -> Clock:
    start = date(2026, 11, 3)
    now_at, norms = line_of(
        start,
        TODAY,
        [
            ("2 weken", date(2026, 11, 17), True),
            ("4 weken", date(2026, 12, 2), False),
            ("3 maanden", date(2027, 2, 3), False),
        ],
    )
    marks = [mark for mark in example_marks() if start <= mark.day <= TODAY]
    return Clock(
        amount=14,
        unit="schooldagen thuis",
        since=start,
        calendar_days=22,
        now_at=now_at,
        norms=norms,
        weeks=rows_of_weeks(marks),
        sentence="14 schooldagen tellen mee. De norm van 2 weken is 10 schooldagen (Thuiszitters aan Boord).",
        records=("ziek, sinds di 3 nov, tot nader bericht; ingevoerd door Noor Bakker",),
    )


def example_chart() -> dict[str, object]:
    bars = "".join(
        f'<rect x="{20 + index * 60}" y="{100 - height}" width="40" height="{height}" fill="currentColor"/>'
        for index, height in enumerate((35, 60, 45, 80))
    )
    return {
        "title": "Afwezigheid per lesweek",
        "summary": "In week 47 was 8 % afwezig, de meeste leerlingen door ziekte.",
        "svg": SafeString(f'<svg viewBox="0 0 280 100" width="280" height="100" role="presentation">{bars}</svg>'),
        "columns": ("week", "afwezig"),
        "rows": (("44", "3,5 %"), ("45", "6 %"), ("46", "4,5 %"), ("47", "8 %")),
    }


@for_roles(*Role)
def component_list(request: StaffRequest) -> HttpResponse:
    """Every part on one page, to look at."""
    if not settings.DEVELOPMENT:
        raise Http404
    messages.success(request, "Klas 2A is opgeslagen. Sam passeert vandaag 2 weken; de COO ziet dit ook.")
    messages.warning(request, "Van 2 klassen is gisteren niet ingevuld.")
    messages.error(request, "Deze dag ligt in de toekomst. Kies vandaag of een eerdere dag.")
    clock = example_clock()
    context = {
        "clock": clock,
        "hours": Clock(14, "van 16 uur ongeoorloofd", date(2026, 10, 26), scope="in de laatste 4 lesweken"),
        "months": months_of(example_marks()),
        "phases": PHASES,
        "days": [TODAY - timedelta(days=2), *(TODAY + timedelta(days=n) for n in (0, 1, 9))],
        "chart": example_chart(),
        "terms": GLOSSARY,
    }
    return render(request, "components.html", context)
