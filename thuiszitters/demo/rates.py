"""How much the application asks of people, counted on the demo: the figures of docs/demo.md."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from attendance.engine.facts import Rule
from attendance.models import Enrolment
from cases.models import Case, Meeting, Report, Signal
from thuiszitters.accounts.roles import Role
from thuiszitters.demo.generate import Demo

WEEK = timedelta(weeks=1)


def absence_table(demo: Demo) -> list[str]:
    """Per cent absent on a school day and lessons missed, a month, as rows of a Markdown table."""
    rows: Counter[tuple[str, str]] = Counter()
    for child in demo.children:
        days = demo.days[child.now.place.brin]
        first = max(demo.today - timedelta(days=365), child.enrolments[0].first)
        for day in days.between(first, days.complete_through):
            month = f"{day:%Y-%m}"
            rows[month, "days"] += 1
            rows[month, "gone"] += any(row.whole_days and row.covers(day) for row in child.absences)
        for row in child.absences:
            rows[f"{row.first:%Y-%m}", "lessons"] += row.lesson is not None and row.reason != "geoorloofd"
            rows[f"{row.first:%Y-%m}", "spells"] += row.whole_days
    months = sorted({month for month, _ in rows if rows[month, "days"]})
    return [
        "| maand | afwezig op een schooldag | verzuimperiodes | gemiste lesuren zonder (bekende) reden |",
        "|---|---|---|---|",
        *(
            f"| {month} | {dutch(100 * rows[month, 'gone'] / rows[month, 'days'])} % | {rows[month, 'spells']} "
            f"| {rows[month, 'lessons']} |"
            for month in months
        ),
    ]


def load_table(*, first: date, last: date) -> list[str]:
    """What came to people from `first` to `last`, per 1,000 pupils a lesson week, as rows of a Markdown table."""
    pupils = Enrolment.objects.on(last).values("pupil").distinct().count()
    span = (first, last)
    signals = Signal.objects.filter(created_at__date__range=span).exclude(answer=Signal.Answer.SEEN)
    made: dict[str, QuerySet[Signal] | QuerySet[Case] | QuerySet[Report] | QuerySet[Meeting]] = {
        "signalen voor de COO": signals.filter(audience=Role.COO),
        "signalen voor de mentor": signals.filter(audience=Role.MENTOR),
        "dossiers": Case.objects.filter(opened_on__range=span),
        "concepten voor een melding": Report.objects.filter(created_at__date__range=span),
        "afspraken": Meeting.objects.filter(created_at__date__range=span),
    }
    weeks = max(((last - first).days + 1) / 7, 1)
    lines = ["| wat | in totaal | per 1.000 leerlingen per week |", "|---|---|---|"]
    for what, rows in made.items():
        count = rows.count()
        lines.append(f"| {what} | {count} | {dutch(1000 * count / pupils / weeks)} |")
    return lines


def most_new_in_a_week(*, first: date, last: date) -> tuple[float, float, date]:
    """The busiest week of COOs: new signals, and new lines in Nieuw, a school day per 1,000 pupils; and its Monday.

    Counted by the day on which the norm was passed, since the demo is played in steps of more than a day. A pupil is
    one line; the pupils of a school whom only the share of lessons missed brings there are one line together a day.
    """
    pupils = Enrolment.objects.on(last).values("pupil").distinct().count()
    signals: Counter[date] = Counter()
    lines: dict[date, set[tuple[date, str, int]]] = {}
    rows = Signal.objects.filter(audience=Role.COO, created_at__date__range=(first, last))
    for signal in rows.select_related("crossing"):
        day = signal.crossing.crossed_on
        if day >= first:
            monday = day - timedelta(days=day.weekday())
            together = signal.crossing.rule == Rule.STRUCTURAL and signal.case_id is None
            line = (day, "school", signal.school_id) if together else (day, "pupil", signal.pupil_id)
            signals[monday] += 1
            lines.setdefault(monday, set()).add(line)
    monday, count = signals.most_common(1)[0] if signals else (first, 0)
    a_day = 1000 / 5 / pupils
    return a_day * count, a_day * len(lines.get(monday, ())), monday


def unanswered_now() -> list[str]:
    """What stands under Nieuw in each school, as rows of a Markdown table."""
    lines = ["| school | leerlingen | Nieuw bij de COO |", "|---|---|---|"]
    today = timezone.localdate()
    waiting = Signal.objects.unanswered().filter(audience=Role.COO)
    counts = Counter(waiting.values_list("school__name", flat=True))
    pupils = Counter(Enrolment.objects.on(today).values_list("place__name", flat=True))
    return lines + [f"| {name} | {pupils[name]} | {counts[name]} |" for name in sorted(pupils)]


def dutch(number: float) -> str:
    """5,4"""
    return f"{number:.1f}".replace(".", ",")
