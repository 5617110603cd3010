"""Schools from a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from django.db import IntegrityError, transaction

from attendance.importing import cells
from attendance.importing.cells import WEEKDAYS, Row
from attendance.importing.changes import keep_changes, made, rewritten
from attendance.importing.context import Context
from attendance.importing.known_schools import KnownSchools
from attendance.importing.municipalities import Municipalities
from attendance.importing.placing import ChunkResult
from attendance.importing.refusals import RefusedRow
from attendance.importing.spans import CREATED, UNCHANGED, UPDATED
from attendance.models.imports import ChangeKind
from attendance.services.touched import touched_by_school
from thuiszitters.accounts.models import Alliance, Region, School, Sector

MASTER_DATA = ("name", "sector", "region", "alliance_id", "municipality_id", "lesson_minutes", *WEEKDAYS.values())
COUNTED_WITH = ("sector", "region", "alliance_id", "lesson_minutes", *WEEKDAYS.values())
"""Fields that the clocks of its pupils depend on."""
NAME_LENGTH = 120
LONGEST_LESSON = 240
ATTEMPTS = 3
"""More than once in a row nobody is that unlucky; then let it be heard."""


class Schools:
    """A column that the file lacks leaves what is known as it is; an empty cell empties, except for swv."""

    required: ClassVar[tuple[str, ...]] = ("brin", "naam", "sector", "regio", *WEEKDAYS)
    optional: ClassVar[tuple[str, ...]] = ("swv", "gemeente", "lesuur_minuten")
    owner: ClassVar[str] = ""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.read()

    def read(self) -> None:
        """What there is now."""
        self.known = KnownSchools.read().by_brin
        self.alliances = {alliance.name.casefold(): alliance for alliance in Alliance.objects.order_by("name")}
        self.new_alliances: list[Alliance] = []
        self.municipalities = Municipalities.read()

    def import_chunk(self, rows: Sequence[Row]) -> ChunkResult:
        """Somebody else can make the same school at this moment: the second to come waits, and then finds it there."""
        for _attempt in range(0 if self.context.rehearsal else ATTEMPTS):
            try:
                with transaction.atomic():
                    return self.take(rows)
            except IntegrityError:
                self.read()
        return self.take(rows)

    def take(self, rows: Sequence[Row]) -> ChunkResult:
        result = ChunkResult()
        before = {brin: facts_of(school) for brin, school in self.known.items()}
        changed: dict[str, list[int]] = {}
        verdicts: dict[int, str] = {}
        for row in rows:
            try:
                brin, values = self.values(row)
            except RefusedRow as refused:
                result.refusals.append(refused.on(row.line))
                continue
            school = self.known.get(brin)
            if school is None:
                self.known[brin] = School(brin=brin, **values)
                verdicts[row.line] = CREATED
            else:
                verdicts[row.line] = UNCHANGED if facts_of(school) == {**facts_of(school), **values} else UPDATED
                for name, value in values.items():
                    setattr(school, name, value)
            changed.setdefault(brin, []).append(row.line)
        for brin, lines in changed.items():
            if before.get(brin) == facts_of(self.known[brin]):
                verdicts.update(dict.fromkeys(lines, UNCHANGED))
        result.counts = Counter(verdicts.values())
        result.counts["refused"] = len(result.refusals)
        if not self.context.rehearsal:
            result.touched = self.write([self.known[brin] for brin in changed], before)
        return result

    def write(self, schools: Sequence[School], before: dict[str, dict[str, object]]) -> set[int]:
        """Add and change; the pupils whose clocks that can move."""
        created = School.objects.bulk_create([school for school in schools if school.brin not in before])
        changed = [school for school in schools if school.brin in before and before[school.brin] != facts_of(school)]
        School.objects.bulk_update(changed, [name.removesuffix("_id") for name in MASTER_DATA])
        touched: set[int] = set()
        for school in changed:
            if any(before[school.brin][name] != getattr(school, name) for name in COUNTED_WITH):
                touched.update(touched_by_school(school))
        new = [made(ChangeKind.SCHOOL, row, school_id=row.pk) for row in created]
        new += [made(ChangeKind.ALLIANCE, row) for row in self.new_alliances] + self.municipalities.take_made()
        self.new_alliances = []
        keep_changes(
            self.context.register_import,
            new
            + [
                rewritten(ChangeKind.SCHOOL, row.pk, before[row.brin], facts_of(row), school_id=row.pk)
                for row in changed
            ],
        )
        return touched

    def values(self, row: Row) -> tuple[str, dict[str, object]]:
        """BRIN, and the fields that the row states."""
        brin = cells.required_brin(row, "brin")
        school = self.known.get(brin)
        if self.context.within is not None and (school is None or not self.context.allows(school.pk)):
            raise RefusedRow("brin", f"{brin} is niet een van jouw scholen", "vraag dit aan wie de installatie beheert")
        values: dict[str, object] = {
            "name": cells.required_text(row, "naam", longest=NAME_LENGTH),
            "sector": cells.required_choice(row, "sector", Sector.values),
            "region": cells.required_choice(row, "regio", Region.values),
            **cells.week(row),
        }
        lesson = cells.whole_number(row, "lesuur_minuten", least=1, most=LONGEST_LESSON)
        if not row.has("lesuur_minuten") and school:
            lesson = school.lesson_minutes
        if lesson is None and values["sector"] == Sector.VO:
            raise RefusedRow("lesuur_minuten", "is leeg", "vul voor een vo-school de lengte van een les in, zoals 50")
        values["lesson_minutes"] = lesson
        municipality = cells.text(row, "gemeente", longest=Municipalities.LONGEST)
        # Last, since these make what is new: a row that is refused must leave nothing behind.
        values["alliance_id"] = self.alliance_id(row, school)
        if row.has("gemeente") or school is None:
            values["municipality_id"] = self.municipalities.id_of(municipality, make=not self.context.rehearsal)
        return brin, values

    def alliance_id(self, row: Row, school: School | None) -> int | None:
        """The alliance named, made when it is new. Left out: the one the school has, or the only one there is."""
        name = cells.text(row, "swv", longest=NAME_LENGTH)
        if name:
            alliance = self.alliances.get(name.casefold())
            if self.context.within is not None and (
                alliance is None or not school or alliance.pk != school.alliance_id
            ):
                raise RefusedRow("swv", "is een ander samenwerkingsverband", "laat de cel leeg")
            if alliance is None:
                alliance = Alliance(pk=-len(self.alliances) - 1, name=name)
                if not self.context.rehearsal:
                    alliance, is_new = Alliance.objects.get_or_create(name=name)
                    if is_new:
                        self.new_alliances.append(alliance)
                self.alliances[name.casefold()] = alliance
            return alliance.pk
        if school and school.alliance_id:
            return school.alliance_id
        if len(self.alliances) > 1:
            names = ", ".join(alliance.name for alliance in self.alliances.values())
            raise RefusedRow("swv", f"is leeg en er zijn er {len(self.alliances)}", f"kies uit {names}")
        return next((alliance.pk for alliance in self.alliances.values()), None)


def facts_of(school: School) -> dict[str, object]:
    return {name: getattr(school, name) for name in MASTER_DATA}
