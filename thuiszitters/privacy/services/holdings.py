"""What there is of pupils, whose part it is, and what its clocks say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import Model

from attendance.models import Enrolment, Pupil
from cases.models import Case, Report, Signal
from tables.models import TableEntry
from thuiszitters.accounts.models import School
from thuiszitters.privacy.data_classes import BY_SCHOOL, WAITS_FOR, Block, DataClass
from thuiszitters.privacy.data_map import HELD, Held
from thuiszitters.privacy.models import LegalHold, PrivacyRequest, RetentionTerm
from thuiszitters.privacy.parts import Holder, Parts, Stay, as_date
from thuiszitters.privacy.terms import Facts, Term, destroy_on, term_ended

CHUNK = 200
"""Pupils that are looked at together."""
OPEN_REPORTS = (*Report.BEFORE_SENDING, Report.Status.SENT, Report.Status.IN_HAND)
SHORT = 8
"""Characters of a pupil's code that are shown: enough to tell two pupils apart, and they tell nothing else."""


@dataclass(frozen=True)
class Part:
    """One class of data of one pupil at one holder. `due_on`: the first day after its term, which is over; `blocks`:
    why it stays all the same. `rows`: the ids of its rows, by line of the map."""

    pupil: Pupil
    holder: Holder
    data_class: DataClass
    started_on: date
    due_on: date
    blocks: frozenset[Block]
    rows: dict[Held, list[int]] = field(hash=False)

    @property
    def short(self) -> str:
        """The beginning of the pupil's code."""
        return self.pupil.code.hex[:SHORT]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of which kind, by the name that people know."""
        found: Counter[str] = Counter()
        for entry, ids in self.rows.items():
            found[str(model_of(entry)._meta.verbose_name_plural)] += len(ids)  # noqa: SLF001 - so Django calls it
        return dict(found)


def model_of(entry: Held) -> type[Model]:
    """The table of a line of the map."""
    return apps.get_model(entry.model)


@dataclass
class OfPupil:
    """What was read of one pupil. `left_table`: by holder of places on the table, the end of the last one; `answered`:
    by school the day on which the last request was; `of_all`: what blocks everything of this pupil, at every holder."""

    pupil: Pupil
    parts: Parts = field(default_factory=Parts)
    rows: dict[tuple[Holder, DataClass], dict[Held, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    blocks: dict[tuple[Holder, DataClass], set[Block]] = field(default_factory=lambda: defaultdict(set))
    left_table: dict[Holder, date] = field(default_factory=dict)
    answered: dict[Holder, date] = field(default_factory=dict)
    of_all: set[Block] = field(default_factory=set)

    def started_on(self, holder: Holder, data_class: DataClass) -> date | None:
        """The day of the start event; None: not yet."""
        if data_class == DataClass.TABLE:
            return self.left_table.get(holder)
        left = None if holder.school_id is None else self.parts.left_on(holder.school_id)
        if data_class == DataClass.REQUEST and left is not None:
            return max(left, self.answered.get(holder, left))
        return left

    def facts(self, holder: Holder, data_class: DataClass, alliance_of: dict[int, int | None]) -> Facts:
        """As the rules read it."""
        blocks = self.blocks[holder, data_class] | self.of_all
        waits_for = [other for other in WAITS_FOR.get(data_class, ()) if (holder, other) in self.rows]
        alliance_id = alliance_of[holder.school_id] if holder.school_id is not None else holder.alliance_id
        return Facts(
            data_class,
            self.started_on(holder, data_class),
            frozenset(blocks),
            alliance_id,
            tuple(self.facts(holder, other, alliance_of) for other in waits_for),
        )


class Holdings:
    """What there is of these pupils. As many queries for one as for CHUNK."""

    def __init__(self, pupil_ids: Collection[int], *, today: date, terms: list[Term] | None = None) -> None:
        self.today = today
        self.terms = RetentionTerm.objects.all().as_terms() if terms is None else terms
        self.pupils = {pupil.pk: OfPupil(pupil) for pupil in Pupil.objects.filter(pk__in=pupil_ids).order_by("pk")}
        self._read_stays()
        self._read_cases()
        self._read_rows()
        self._read_answers()
        self._read_blocks()

    @cached_property
    def alliance_of(self) -> dict[int, int | None]:
        """The alliance of each school."""
        return dict(School.objects.order_by().values_list("pk", "alliance"))

    def past_their_term(self) -> list[Part]:
        """What is old enough to go, in the order in which it goes; see Part.blocks for what stays all the same."""
        found = []
        for known in self.pupils.values():
            for (holder, data_class), rows in known.rows.items():
                facts = known.facts(holder, data_class, self.alliance_of)
                day = term_ended(facts, self.terms, self.today)
                if day is None or day > self.today or facts.started_on is None:
                    continue
                blocks = facts.blocks.union(*(other.blocks for other in facts.waits_for))
                assert bool(blocks) == (destroy_on(facts, self.terms, self.today) is None)
                found.append(Part(known.pupil, holder, data_class, facts.started_on, day, blocks, dict(rows)))
        order = list(DataClass)
        return sorted(found, key=lambda part: (part.pupil.pk, order.index(part.data_class)))

    def part(self, pupil_id: int, holder: Holder, data_class: DataClass, through: date) -> Part | None:
        """Everything of one class, whatever the clocks say: for what was destroyed before and came back by a
        restore."""
        known = self.pupils[pupil_id]
        rows = known.rows.get((holder, data_class))
        if not rows:
            return None
        return Part(known.pupil, holder, data_class, through, through, frozenset(), dict(rows))

    def _read_stays(self) -> None:
        rows = Enrolment.objects.filter(pupil__in=self.pupils).order_by("first")
        for pupil_id, school_id, first, last in rows.values_list("pupil", "school", "first", "last"):
            self.pupils[pupil_id].parts.stays.append(Stay(school_id, first, last))

    def _read_cases(self) -> None:
        """Cases first: signals, and the dates that these rest on, follow them."""
        cases = Case.objects.filter(pupil__in=self.pupils).order_by("pk")
        for pk, pupil_id, enrolled, taught in cases.values_list("pk", "pupil", "school_of_enrolment", "school"):
            self.pupils[pupil_id].parts.cases[pk] = (enrolled, taught)
        signals = Signal.objects.filter(pupil__in=self.pupils, case__isnull=False).order_by("pk")
        for pupil_id, case_id, start, end in signals.values_list(
            "pupil", "case", "crossing__start", "crossing__crossed_on"
        ):
            parts = self.pupils[pupil_id].parts
            if (school_id := parts.school_of_case(case_id)) is not None:
                parts.carried.append((start, end, school_id))

    def _read_rows(self) -> None:
        goes_later = {"cases.ParentsInformed": self._answers_in_use()}
        for entry in HELD:
            ways = {"pupil": entry.pupil, "case": entry.case, "school": entry.school, "alliance": entry.alliance}
            ways |= {"first": entry.dates[0], "last": entry.dates[1]}
            used = {name: way for name, way in ways.items() if way}
            rows = model_of(entry)._default_manager.filter(**{f"{entry.pupil}__in": self.pupils}, **entry.only)  # noqa: SLF001 - so Django calls it
            for pk, *values in rows.order_by("pk").values_list("pk", *used.values()):
                said = dict(zip(used, values, strict=True))
                known = self.pupils[said["pupil"]]
                if pk in goes_later.get(entry.model, ()):
                    continue
                if (holder := holder_of(said, known.parts)) is not None:
                    known.rows[holder, entry.data_class][entry].append(pk)

    def _answers_in_use(self) -> set[int]:
        """Answers to whether the parents know, that a sent report or a place on the table rests on: they go with it."""
        reports = Report.objects.filter(pupil__in=self.pupils, sent_at__isnull=False)
        entries = TableEntry.objects.filter(case__pupil__in=self.pupils, placed_at__isnull=False)
        found = set(reports.order_by().filter(informed__isnull=False).values_list("informed", flat=True))
        return found | set(entries.order_by().filter(informed__isnull=False).values_list("informed", flat=True))

    def _read_answers(self) -> None:
        requests = PrivacyRequest.objects.filter(pupil__in=self.pupils, answered_at__isnull=False).order_by(
            "answered_at"
        )
        for pupil_id, school_id, answered_at in requests.values_list("pupil", "school", "answered_at"):
            known = self.pupils[pupil_id]
            assert answered_at is not None
            known.answered[Holder(known.parts.known_or_latest(school_id))] = as_date(answered_at)

    def _read_blocks(self) -> None:
        holds = LegalHold.objects.standing(self.today).filter(pupil__in=self.pupils).order_by()
        for pupil_id in holds.values_list("pupil", flat=True):
            self.pupils[pupil_id].of_all.add(Block.HOLD)
        requests = PrivacyRequest.objects.open().filter(pupil__in=self.pupils).order_by()
        for pupil_id in requests.values_list("pupil", flat=True):
            self.pupils[pupil_id].of_all.add(Block.OPEN_REQUEST)
        reports = Report.objects.filter(pupil__in=self.pupils, status__in=OPEN_REPORTS).order_by()
        for pupil_id, school_id in reports.values_list("pupil", "school"):
            self._block(pupil_id, self.pupils[pupil_id].parts.known_or_latest(school_id), Block.OPEN_REPORT)
        cases = Case.objects.open().filter(pupil__in=self.pupils).order_by()
        for pupil_id, case_id in cases.values_list("pupil", "pk"):
            self._block(pupil_id, self.pupils[pupil_id].parts.school_of_case(case_id), Block.OPEN_CASE)
        self._read_table()

    def _block(self, pupil_id: int, school_id: int | None, block: Block) -> None:
        for data_class in BY_SCHOOL:
            self.pupils[pupil_id].blocks[Holder(school_id), data_class].add(block)

    def _read_table(self) -> None:
        entries = TableEntry.objects.filter(case__pupil__in=self.pupils, placed_at__isnull=False).order_by("pk")
        fields = ("case__pupil", "case", "alliance", "left_at", "case__closed_at")
        for pupil_id, case_id, alliance_id, left_at, closed_at in entries.values_list(*fields):
            known = self.pupils[pupil_id]
            holder = holder_of({"alliance": alliance_id, "case": case_id}, known.parts)
            assert holder is not None
            end = left_at or closed_at
            if end is None:
                known.blocks[holder, DataClass.TABLE].add(Block.ON_TABLE)
            else:
                known.left_table[holder] = max(as_date(end), known.left_table.get(holder, date.min))


def holder_of(said: dict[str, Any], parts: Parts) -> Holder | None:
    """Whose part a row is, from what its line of the map reads of it; None: nobody can tell."""
    school_id: int | None
    if said.get("alliance") is not None:
        return Holder(alliance_id=said["alliance"])
    if said.get("case") is not None:
        school_id = parts.school_of_case(said["case"]) or parts.cases[said["case"]][0]
    elif said.get("school") is not None:
        school_id = parts.known_or_latest(said["school"])
    else:
        last = said["last"]
        school_id = parts.school_of_dates(as_date(said["first"]), None if last is None else as_date(last))
    return None if school_id is None else Holder(school_id)


def chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    """`ids` in handfuls."""
    found = sorted(set(ids))
    return (found[i : i + CHUNK] for i in range(0, len(found), CHUNK))
