"""What the pages about keeping and destroying show. Pupils are numbers here: who destroys opens no file."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.http import Http404

from attendance.models.calendar import RULE_LABELS
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import Alliance, School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.keepers import WATCHES
from thuiszitters.privacy.models import DestructionRun, KeptCount, RetentionTerm, RunItem
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services.due import past_their_term
from thuiszitters.privacy.services.holdings import Part
from thuiszitters.privacy.services.kept_counts import RULE, school_year
from thuiszitters.privacy.services.term_rows import in_force

SMALL = 5
"""Fewer than this can tell who it was."""
COUNTED = {
    "leerlingen": "leerlingen",
    "verzuim": "verzuimmeldingen",
    "dossiers": "dossiers",
    "meldingen": "meldingen bij leerplicht",
    "op_tafel": "plaatsen op de Thuiszitterstafel",
} | {RULE + rule.value: f"signaal: {label}" for rule, label in RULE_LABELS.items()}


def schools_of(user: User) -> list[School]:
    """The schools that `user` watches over, by name."""
    grants = grants_of(user)
    of_alliance = School.objects.filter(alliance__in=grants.alliance_ids(WATCHES))
    return list((of_alliance | School.objects.filter(pk__in=grants.school_ids(WATCHES))).distinct())


def alliances_of(user: User) -> list[Alliance]:
    """The alliances that `user` watches over."""
    return list(Alliance.objects.filter(pk__in=grants_of(user).alliance_ids(WATCHES)))


def organisations_of(user: User) -> list[School | Alliance]:
    """Both, alliances first: what the schools have can rest on the table."""
    found: list[School | Alliance] = []
    found += alliances_of(user)
    found += schools_of(user)
    return found


def holder_of(organisation: School | Alliance) -> Holder:
    """As the rules know it."""
    return Holder(organisation.pk) if isinstance(organisation, School) else Holder(None, organisation.pk)


def organisation_or_404(user: User, code: UUID) -> School | Alliance:
    """The school or alliance with this code that `user` watches over."""
    for organisation in organisations_of(user):
        if organisation.code == code:
            return organisation
    raise Http404


@dataclass
class DueAt:
    """What is due at one school or alliance. `years`: by class and school year in which the term began, how many
    pupils; `blocked`: how many parts stay all the same."""

    organisation: School | Alliance
    years: list[tuple[str, str, int]] = field(default_factory=list)
    pupils: int = 0
    blocked: int = 0


def overview(user: User, today: date) -> list[DueAt]:
    """What is due at each organisation of `user`."""
    organisations = {holder_of(found): found for found in organisations_of(user)}
    by_holder: dict[Holder, list[Part]] = defaultdict(list)
    for part in past_their_term(list(organisations), today=today):
        by_holder[part.holder].append(part)
    return [due_at(organisation, by_holder[holder]) for holder, organisation in organisations.items()]


def due_at(organisation: School | Alliance, parts: list[Part]) -> DueAt:
    """The same parts, counted."""
    going = [part for part in parts if not part.blocks]
    counted = Counter((part.data_class, school_year(part.started_on)) for part in going)
    order = list(DataClass)
    years = [
        (data_class.label, in_words(year), amount)
        for (data_class, year), amount in sorted(
            counted.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    ]
    return DueAt(organisation, years, len({part.pupil.pk for part in going}), len(parts) - len(going))


def in_words(year: int) -> str:
    """2025-2026."""
    return f"{year}-{year + 1}"


@dataclass(frozen=True)
class ItemLine:
    """One class of one pupil, without a name. `why`: why it stays or was skipped."""

    number: str
    short: str
    what: str
    rows: str
    started_on: date
    due_on: date
    state: str = ""
    why: str = ""


def rows_in_words(rows: dict[str, int]) -> str:
    """3 dossiers, 1 signaal is not said: the names are plural, so the number stands behind them."""
    return ", ".join(f"{name}: {amount}" for name, amount in rows.items())


def preview(organisation: School | Alliance, today: date) -> tuple[DueAt, list[ItemLine], list[ItemLine]]:
    """The counts, what goes, and what stays all the same with the reason."""
    parts = past_their_term([holder_of(organisation)], today=today)
    lines = [
        ItemLine(
            part.pupil.number,
            part.short,
            part.data_class.label,
            rows_in_words(part.counts),
            part.started_on,
            part.due_on,
            why=", ".join(sorted(block.label for block in part.blocks)),
        )
        for part in sorted(parts, key=lambda part: (part.due_on, part.pupil.number, part.data_class))
    ]
    return due_at(organisation, parts), [row for row in lines if not row.why], [row for row in lines if row.why]


def lines_of(run: DestructionRun) -> list[ItemLine]:
    """The list of a run. The number is there as long as the pupil is."""
    return [
        ItemLine(
            item.pupil.number if item.pupil and item.status != RunItem.Status.DONE else "",
            item.short,
            item.get_data_class_display(),
            rows_in_words(item.rows),
            item.started_on,
            item.due_on,
            item.get_status_display(),
            item.why,
        )
        for item in run.items.select_related("pupil").order_by("due_on", "pk")
    ]


def totals_of(run: DestructionRun) -> list[tuple[str, str, int]]:
    """By class and state how many."""
    found = Counter(run.items.order_by().values_list("data_class", "status"))
    order = list(DataClass)
    return [
        (DataClass(data_class).label, RunItem.Status(status).label, amount)
        for (data_class, status), amount in sorted(
            found.items(), key=lambda item: (order.index(DataClass(item[0][0])), item[0][1])
        )
    ]


@dataclass(frozen=True)
class TermLine:
    """The term of one class as it holds now; `next_rows`: what follows on it."""

    row: RetentionTerm
    is_own: bool
    next_rows: list[RetentionTerm]


def terms_for(user: User, today: date) -> list[TermLine]:
    """Of each class the term that holds for the organisations of `user`: that of the alliance, else the general one."""
    rows = list(RetentionTerm.objects.visible_to(user).select_related("alliance"))
    own = {row.alliance_id for row in rows if row.alliance_id is not None}
    asked: list[int | None] = [*sorted(own)] or [None]
    found = {alliance_id: in_force(rows, alliance_id, today) for alliance_id in asked}
    lines = []
    for data_class in DataClass:
        for row in dict.fromkeys(rows_of[data_class] for rows_of in found.values() if data_class in rows_of):
            later = [next_row for next_row in rows if next_row.data_class == data_class and next_row.valid_from > today]
            lines.append(TermLine(row, row.alliance_id is not None, later))
    return lines


def kept_counts(user: User) -> list[tuple[str, str, str, str]]:
    """School, school year, what, how many: the number itself only when nobody can be found in it."""
    rows = KeptCount.objects.visible_to(user).select_related("school").filter(amount__gt=0)
    return [
        (
            str(row.school),
            in_words(row.school_year),
            COUNTED.get(row.what, row.what),
            str(row.amount) if row.amount >= SMALL else f"minder dan {SMALL}",
        )
        for row in rows
    ]


def may(user: User, *roles: Role) -> bool:
    """Whether one of these roles is held today."""
    return grants_of(user).has(*roles)
