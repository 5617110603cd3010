"""Who is who, in files that give a number only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from attendance.importing import cells
from attendance.importing.cells import Row
from attendance.importing.context import Context
from attendance.importing.known_schools import KnownSchools
from attendance.importing.refusals import RefusedRow
from attendance.models import Enrolment, Pupil
from attendance.models.pupils import PupilQuerySet
from attendance.services.locks import lock_pupils

NUMBER = "leerlingnummer"
NUMBER_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Stay:
    """An enrolment, as far as an import has to know."""

    school_id: int
    place_id: int
    first: date
    last: date | None


@dataclass(slots=True)
class Child:
    pk: int
    stays: list[Stay] = field(default_factory=list)

    def at(self, school_id: int) -> bool:
        """Whether they were ever enrolled or taught there."""
        return any(school_id in (stay.school_id, stay.place_id) for stay in self.stays)

    def on(self, day: date) -> Stay | None:
        """Where they are enrolled on `day`."""
        return next(
            (stay for stay in self.stays if stay.first <= day and (stay.last is None or day <= stay.last)), None
        )


@dataclass(slots=True)
class Children:
    """The children that the numbers of a chunk can mean."""

    by_number: dict[str, list[Child]]
    context: Context
    schools: KnownSchools

    @classmethod
    def of(cls, rows: Iterable[Row], context: Context, schools: KnownSchools) -> Children:
        """Look them up, and lock them when the import is going to write."""
        numbers = {cells.trimmed(row.cells[NUMBER]) for row in rows}
        pupils = Pupil.objects.filter(number__in=[number for number in numbers if number.isprintable()])
        return cls.among(pupils, context, schools)

    @classmethod
    def among(cls, pupils: PupilQuerySet, context: Context, schools: KnownSchools) -> Children:
        """These pupils, locked when the import is going to write."""
        found = dict(pupils.order_by("pk").values_list("pk", "number"))
        if not context.rehearsal:
            lock_pupils(found)
        stays: dict[int, list[Stay]] = defaultdict(list)
        enrolments = Enrolment.objects.filter(pupil__in=found).order_by("pupil", "first")
        for pupil_id, school_id, place_id, first, last in enrolments.values_list(
            "pupil_id", "school_id", "place_id", "first", "last"
        ):
            stays[pupil_id].append(Stay(school_id, place_id, first, last))
        by_number: dict[str, list[Child]] = defaultdict(list)
        for pk, number in found.items():
            if context.within is None or any(context.allows(stay.school_id, stay.place_id) for stay in stays[pk]):
                by_number[number].append(Child(pk, stays[pk]))
        return cls(by_number, context, schools)

    @property
    def ids(self) -> set[int]:
        return {child.pk for child in self.each}

    @property
    def each(self) -> list[Child]:
        return [child for children in self.by_number.values() for child in children]

    def meant_by(self, row: Row) -> list[Child]:
        """Whoever a row that was refused may have been about: all children with that number."""
        return self.by_number.get(cells.trimmed(row.cells[NUMBER]), [])

    def of_row(self, row: Row) -> Child:
        """The one child whose row this is. A number of several children needs a school: the row's, or the import's."""
        number = cells.required_text(row, NUMBER, longest=NUMBER_LENGTH)
        brin = cells.brin(row, "brin")
        children = self.by_number.get(number, [])
        if not children:
            raise RefusedRow(
                NUMBER, f"leerling {number} is niet bekend", "lees eerst het leerlingenbestand (pupils) in"
            )
        if len(children) == 1:
            return children[0]
        school = self.schools.with_brin(brin, "brin") if brin else self.context.school
        if school is None:
            raise RefusedRow(
                NUMBER, f"nummer {number} hoort bij {len(children)} leerlingen", "noem de school in de kolom brin"
            )
        there = [child for child in children if child.at(school.pk)]
        if len(there) != 1:
            how_many = "geen" if not there else str(len(there))
            raise RefusedRow(
                NUMBER,
                f"nummer {number} hoort bij {len(children)} leerlingen, van wie {how_many} op {school.brin}",
                "controleer het nummer en de school, of voer deze rij met de hand in",
            )
        return there[0]

    def check_day(self, child: Child, first: date) -> None:
        """Refuse what begins while the child is at a school that the file may not be about."""
        stay = child.on(first)
        if stay is not None and not self.context.allows(stay.school_id, stay.place_id):
            raise RefusedRow(
                "van",
                f"de leerling zit op {cells.dutch(first)} op een andere school",
                "laat deze rij weg; die school houdt dit zelf bij",
            )
