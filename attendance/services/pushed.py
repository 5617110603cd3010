"""Absence that a school's other system pushes: one name of theirs is one record here, however often it comes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.query import QuerySet

from attendance.models import Absence, ApiToken, Enrolment, Pupil, PushedAbsence, Reason
from attendance.models.pupils import holds_on
from attendance.services.absences import (
    AbsenceError,
    AbsenceOverlap,
    Content,
    add_record,
    content_of,
    rewrite,
    take_back,
)
from attendance.services.clocks import evaluate_pupils
from attendance.services.lesson_catch_up import catch_up_lessons
from attendance.services.locks import lock_pupils
from thuiszitters.accounts.models import School

CAUSE = "verzuim aangeleverd door een koppeling"
Verdict = Literal["nieuw", "gewijzigd", "gelijk", "geweigerd"]


@dataclass(frozen=True)
class Pushed:
    """A record as the other system knows it. `lesson` 0: none; `last` None: until further notice."""

    source_id: str
    number: str
    first: date
    last: date | None
    reason: str
    minutes: int | None
    lesson: int


@dataclass(frozen=True)
class Received:
    """What became of one record; of a refused one `field` and `message` say why. `clashes`: with what stands."""

    verdict: Verdict
    field: str = ""
    message: str = ""
    clashes: bool = False


class NotPushedError(ValueError):
    """A record that cannot be taken in: which field, and why."""

    def __init__(self, field: str, message: str, *, clashes: bool = False) -> None:
        super().__init__(message)
        self.field = field
        self.clashes = clashes


def push_absences(*, token: ApiToken, records: Sequence[Pushed], today: date) -> list[Received]:
    """Take these records in and evaluate whom they touch, in one transaction; the answer to each, in their order.

    May be repeated: what stands already changes nothing. Good records go in, also when others are refused.
    """
    with transaction.atomic():
        receiving = Receiving.of(token, records, today)
        answers = [receiving.receive(record) for record in records]
        catch_up_lessons(receiving.touched, by=None, today=today)
        evaluate_pupils(receiving.touched, today=today, cause=CAUSE)
    return answers


def withdraw_pushed(*, token: ApiToken, source_id: str, today: date) -> bool:
    """The record does not stand any more over there, so neither here; whether there was one. May be repeated."""
    with transaction.atomic():
        row = pushed_by(token.school, [source_id]).first()
        if row is None:
            return False
        lock_pupils([row.absence.pupil_id])
        row.absence.refresh_from_db()
        if row.absence.withdrawn_at is None:
            take_back(row.absence, by=None, why=why_of(token))
            catch_up_lessons([row.absence.pupil_id], by=None, today=today)
            evaluate_pupils([row.absence.pupil_id], today=today, cause=CAUSE)
    return True


def pushed_absence(*, token: ApiToken, source_id: str) -> Absence | None:
    """The record with this name, also when it was withdrawn."""
    row = pushed_by(token.school, [source_id]).select_related("absence__pupil", "absence__reason").first()
    return None if row is None else row.absence


def why_of(token: ApiToken) -> str:
    """For the history of a record: which system changed it."""
    return f"aangeleverd door {token.name}"


def pushed_by(school: School, source_ids: Iterable[str]) -> QuerySet[PushedAbsence]:
    return PushedAbsence.objects.filter(school=school, source_id__in=source_ids).select_related("absence")


@dataclass
class Receiving:
    """One delivery: what its records are about, looked up once."""

    token: ApiToken
    today: date
    pupils: dict[str, list[Pupil]]
    stays: dict[int, list[Enrolment]]
    reasons: dict[str, Reason]
    known: dict[str, PushedAbsence]
    touched: set[int]

    @classmethod
    def of(cls, token: ApiToken, records: Sequence[Pushed], today: date) -> Receiving:
        """Look up and lock the pupils, those of the numbers and those of the records that are known already."""
        school = token.school
        here = Enrolment.objects.filter(Q(school=school) | Q(place=school))
        pupils = Pupil.objects.filter(
            number__in={record.number for record in records}, pk__in=here.values("pupil")
        ).order_by("pk")
        by_number: dict[str, list[Pupil]] = {}
        for pupil in pupils:
            by_number.setdefault(pupil.number, []).append(pupil)
        names = {record.source_id for record in records}
        of_known = pushed_by(school, names).values_list("absence__pupil", flat=True)
        lock_pupils({*of_known, *(pupil.pk for pupil in pupils)})
        stays: dict[int, list[Enrolment]] = {}
        for stay in here.filter(pupil__in=[pupil.pk for pupil in pupils]):
            stays.setdefault(stay.pupil_id, []).append(stay)
        return cls(
            token,
            today,
            by_number,
            stays,
            reasons_of(school),
            {row.source_id: row for row in pushed_by(school, names).select_related("absence__reason")},
            set(),
        )

    def receive(self, record: Pushed) -> Received:
        """Take one in, or say why not; what it wrote is undone when it is refused."""
        try:
            with transaction.atomic():
                return Received(self.store(record))
        except NotPushedError as refused:
            return Received("geweigerd", refused.field, str(refused), refused.clashes)
        except AbsenceOverlap as refused:
            return Received("geweigerd", "van", str(refused), clashes=True)
        except AbsenceError as refused:
            return Received("geweigerd", "", str(refused))
        except IntegrityError:
            return Received("geweigerd", "bron_id", "Dit wordt op dit moment ook door een ander verzoek aangeleverd.")

    def store(self, record: Pushed) -> Verdict:
        pupil = self.pupil_of(record)
        content = self.content_of(record, pupil)
        known = self.known.get(record.source_id)
        row = known.absence if known and known.absence.withdrawn_at is None else None
        if row is not None and row.pupil_id != pupil.pk:
            # It was about another child: there it never was.
            take_back(row, by=None, why=why_of(self.token))
            self.touched.add(row.pupil_id)
            row = None
        if row is None:
            row = pupil.absences.standing().filter(first=content.first, lesson=content.lesson).first()
        if row is None:
            verdict: Verdict = "nieuw"
            row = add_record(pupil, content, by=None, today=self.today)
        elif content_of(row) == content:
            verdict = "gelijk"
        else:
            verdict = "gewijzigd"
            rewrite(row, content, by=None, today=self.today, why=why_of(self.token))
        if verdict != "gelijk":
            self.touched.add(pupil.pk)
        self.remember(record, known, row)
        return verdict

    def remember(self, record: Pushed, known: PushedAbsence | None, row: Absence) -> None:
        """From now on this name is this record."""
        if known is None:
            known = PushedAbsence(school=self.token.school, source_id=record.source_id)
        elif known.absence_id == row.pk and known.token_id == self.token.pk:
            return
        known.absence = row
        known.token = self.token
        known.save()
        self.known[record.source_id] = known

    def pupil_of(self, record: Pushed) -> Pupil:
        """The one child of this school with the number, enrolled here on the first day of the record."""
        found = self.pupils.get(record.number, [])
        there = [
            pupil
            for pupil in found
            if any(
                stay.first <= record.first and (stay.last is None or record.first <= stay.last)
                for stay in self.stays.get(pupil.pk, ())
            )
        ]
        if len(there) == 1:
            return there[0]
        if not found:
            raise NotPushedError("leerlingnummer", "Deze leerling is op deze school niet bekend.")
        if not there:
            raise NotPushedError("van", "De leerling is dan niet op deze school ingeschreven.")
        raise NotPushedError("leerlingnummer", "Dit nummer hoort hier bij meer leerlingen.", clashes=True)

    def content_of(self, record: Pushed, pupil: Pupil) -> Content:
        reason = self.reasons.get(record.reason.lower())
        if reason is None:
            known = ", ".join(sorted(found.code for found in self.reasons.values()))
            raise NotPushedError("reden", f"Deze code is niet bekend. Kies uit {known}.")
        minutes = record.minutes
        if (minutes is not None or record.lesson) and record.last != record.first:
            raise NotPushedError(
                "tot", "Minuten en een lesuur horen bij één dag: zet in tot dezelfde datum als in van."
            )
        if minutes is None and record.lesson:
            minutes = self.lesson_minutes(pupil, record.first)
        return Content(record.first, record.last, reason, minutes, record.lesson)

    def lesson_minutes(self, pupil: Pupil, day: date) -> int:
        """The length of a lesson where the pupil is taught that day."""
        stay = Enrolment.objects.filter(holds_on(day), pupil=pupil).select_related("place").first()
        if stay is None or not stay.place.lesson_minutes:
            raise NotPushedError("minuten", "De lengte van een les is van deze school niet bekend: stuur de minuten.")
        return stay.place.lesson_minutes


def reasons_of(school: School) -> dict[str, Reason]:
    """The codes that a school can use, in lower case: its own go before those of everybody."""
    rows = Reason.objects.filter(Q(school=school) | Q(school=None)).order_by("school_id")
    own = {row.code.lower(): row for row in rows if row.school_id}
    return {row.code.lower(): row for row in rows if not row.school_id} | own
