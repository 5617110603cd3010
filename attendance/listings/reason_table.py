"""The codes for absence of a school in words: the common ones, its own, and those that nobody knows yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q
from django.db.models.query import QuerySet

from attendance.models import Absence, Reason, UnknownCode
from attendance.models.waiting import Solution
from attendance.services.reasons import Meaning
from thuiszitters.accounts.models import School

AUTHORISED = {True: "geoorloofd", False: "ongeoorloofd", None: "nog niet bekend of het geoorloofd is"}
LIKELY = (
    ("telaat", ("laat", "late")),
    ("ziek", ("ziek", "griep", "koorts")),
    ("ongeoorloofd", ("ongeoorloofd", "spijbel", "zonder reden")),
    ("luxe", ("vakantie", "luxe")),
    ("schorsing", ("schors", "geschorst")),
    ("digitaal", ("digitaal", "online", "thuisles")),
    ("elders", ("excursie", "stage", "elders", "extern")),
    ("geoorloofd", ("verlof", "arts", "tandarts", "medisch", "geoorloofd", "bruiloft", "begrafenis")),
)
"""Words in a code that make a common reason likely, the first that fits. Somebody still decides."""
LIKELY_CODES = {"z": "ziek", "zb": "ziek", "zh": "ziek", "l": "telaat", "s": "ongeoorloofd", "v": "geoorloofd"}


@dataclass(frozen=True)
class ReasonLine:
    """`records` is how many standing records are under the code."""

    reason: Reason
    meaning: str
    records: int


@dataclass(frozen=True)
class WaitingCode:
    """A code that nobody knows yet, with how many rows wait for it and from when to when. `refused` rows are of a code
    that is known by now, but could not go in."""

    code: UnknownCode
    rows: int
    refused: int
    first: date | None
    last: date | None
    suggestion: Reason | None


def words_of(meaning: Meaning) -> str:
    """telt als afwezig, geoorloofd, ziek."""
    if not meaning.counts:
        return "telt niet als afwezig"
    words = ["telt als afwezig", AUTHORISED[meaning.authorised]]
    if meaning.sick:
        words.append("ziek")
    if meaning.luxury:
        words.append("luxeverzuim")
    if meaning.minutes_required:
        words.append("altijd met minuten")
    return ", ".join(words)


def common_reasons() -> QuerySet[Reason]:
    return Reason.objects.filter(school=None).order_by("label")


def own_reasons(school: School) -> QuerySet[Reason]:
    """Those in use first."""
    return Reason.objects.filter(school=school).select_related("maps_to", "school").order_by("retired_on", "code")


def reason_lines(rows: Iterable[Reason]) -> list[ReasonLine]:
    """With what each means, in two queries whatever their number."""
    found = list(rows)
    used = Absence.objects.standing().filter(reason__in=[row.pk for row in found]).order_by()
    numbers = dict(used.values_list("reason").annotate(Count("pk")))
    return [ReasonLine(row, words_of(Meaning.of(row)), numbers.get(row.pk, 0)) for row in found]


def waiting_codes(school: School) -> list[WaitingCode]:
    """The codes of this school with rows that wait, those with most rows first. Two queries."""
    commons = {row.code: row for row in common_reasons()}
    open_or_refused = Q(solution=Solution.OPEN) | Q(rows__isnull=False)
    rows = (
        UnknownCode.objects.filter(open_or_refused, school=school)
        .annotate(
            waiting=Count("rows"),
            refused=Count("rows", filter=~Q(rows__refusal="")),
            first=Min("rows__first"),
            last=Max("rows__first"),
        )
        .select_related("reason")
        .order_by("-waiting", "key")
    )
    return [
        WaitingCode(row, row.waiting, row.refused, row.first, row.last, commons.get(suggestion_for(row.key)))
        for row in rows
    ]


def suggestion_for(key: str) -> str:
    """The common code that a school's code most likely stands for; empty when nothing in it tells."""
    if key in LIKELY_CODES:
        return LIKELY_CODES[key]
    return next((code for code, words in LIKELY if any(word in key for word in words)), "")


def unknown_codes(school: School) -> QuerySet[UnknownCode]:
    return UnknownCode.objects.filter(school=school)


def schools_with_waiting_codes(schools: QuerySet[School]) -> dict[int, int]:
    """How many codes wait at each of these schools."""
    rows = UnknownCode.objects.filter(school__in=schools.order_by().values("pk"), solution=Solution.OPEN).order_by()
    return dict(rows.values_list("school").annotate(Count("pk")))
