"""Children and their enrolments from a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from attendance.importing import cells
from attendance.importing.came_back import check_came_back
from attendance.importing.cells import Row
from attendance.importing.changes import Change, keep_changes, made, rewritten, values_of
from attendance.importing.children import NUMBER, NUMBER_LENGTH
from attendance.importing.context import Context
from attendance.importing.edexml import OTHER_NAME
from attendance.importing.enrolments import Key, Stated, key_of, stated, stated_by, write_enrolments
from attendance.importing.known_schools import KnownSchools
from attendance.importing.municipalities import Municipalities
from attendance.importing.placing import ChunkResult, overlaps
from attendance.importing.refusals import RefusedRow, SkippedRow
from attendance.importing.school_year import first_day, with_enrolment
from attendance.importing.spans import UNCHANGED, UPDATED, Entry, Settled, settle
from attendance.importing.writing import overwrite
from attendance.models import Enrolment, Pupil
from attendance.models.imports import ChangeKind
from attendance.models.pupils import EndEducation
from attendance.services.destroyed_before import Identity, destroyed_before
from attendance.services.locks import lock_pupils
from attendance.services.surnames import surname_key

MOST_YEARS = 20
FACTS = ("first_name", "prefix", "surname", "municipality", "startkwalificatie_on", "end_education", "years_before")


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of the child itself, by field; `municipality` None: the file has no such column.

    `other_name`: what a new child is called when the row has no first name.
    """

    facts: dict[str, object]
    municipality: str | None
    years_before: dict[str, int | None]
    other_name: str


@dataclass(slots=True)
class Family:
    """One child in a chunk: what stands, and the rows."""

    pupil: Pupil | None = None
    standing: dict[Key, Enrolment] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    said: dict[int, Said] = field(default_factory=dict)
    entries: list[Entry[Key, Stated]] = field(default_factory=list)
    new: bool = False


class Pupils:
    """A column that the file lacks leaves what is known as it is; an empty cell empties.

    A child with more enrolments has more rows. What they say of the child itself counts from the row of the last
    enrolment, the school years before (leerjaren) from the row of the first one.
    """

    required: ClassVar[tuple[str, ...]] = (
        NUMBER,
        "roepnaam",
        "achternaam",
        "geboortedatum",
        "brin",
        "ingeschreven_van",
    )
    optional: ClassVar[tuple[str, ...]] = (
        "tussenvoegsel",
        "klas",
        "ingeschreven_tot",
        "uitstroomreden",
        "les_brin",
        "gemeente",
        "startkwalificatie_op",
        "leerjaren",
        "eindonderwijs",
    )
    owner: ClassVar[str] = NUMBER

    def __init__(self, context: Context) -> None:
        self.context = context
        self.schools = KnownSchools.read()
        self.municipalities = Municipalities.read()
        self.changes: list[Change] = []

    def import_chunk(self, rows: Sequence[Row]) -> ChunkResult:
        result = ChunkResult()
        families = self.families(rows, result)
        settled = {identity: settle_family(family) for identity, family in families.items()}
        for identity, family in families.items():
            result.refusals += overlaps(settled[identity], family.entries, self.described, "ingeschreven_van")
        changed = self.changed_pupils(families, settled)
        for of_family in settled.values():
            result.counts.update(of_family.verdicts.values())
        result.counts["refused"] = len(result.refusals)
        if not self.context.rehearsal:
            overwrite(Pupil, changed, FACTS)
            result.touched = self.write(families, settled)
            self.changes += self.municipalities.take_made()
            keep_changes(self.context.register_import, self.changes)
        self.changes = []
        return result

    # Who is who

    def families(self, rows: Iterable[Row], result: ChunkResult) -> dict[Identity, Family]:
        """The children of these rows; refused rows are told to `result`. New children are made, all are locked."""
        families: dict[Identity, Family] = {}
        said = {}
        for row in rows:
            try:
                identity, said[row.line] = self.child(row)
            except RefusedRow as refused:
                result.refusals.append(refused.on(row.line))
            else:
                families.setdefault(identity, Family()).rows.append(row)
        self.find_pupils(families)
        self.find_enrolments(families)
        destroyed = destroyed_before(families)
        for identity, family in families.items():
            for row_in_file in family.rows:
                try:
                    row = with_enrolment(row_in_file, family.standing, self.schools, today=self.context.today)
                    key = key_of(row, self.schools)
                    self.schools.check(key[0], self.context, "brin")
                    stands = family.standing.get(key)
                    if stands is None and (day := destroyed.get((identity, key[0]))):
                        check_came_back(key[1], day, is_known=family.pupil is not None)
                    entry = Entry(key, stated(row, key, self.schools, stated_by(stands) if stands else None), row.line)
                except RefusedRow as refused:
                    result.refusals.append(refused.on(row_in_file.line))
                except SkippedRow:
                    result.counts["skipped"] += 1
                else:
                    family.entries.append(entry)
                    family.said[row.line] = said[row.line]
        families = {identity: family for identity, family in families.items() if family.entries}
        if not self.context.rehearsal:
            self.make_pupils(families)
        return families

    def child(self, row: Row) -> tuple[Identity, Said]:
        """Who the row is about, and what it says of them."""
        number = cells.required_text(row, NUMBER, longest=NUMBER_LENGTH)
        surname = cells.required_text(row, "achternaam", longest=80)
        birth_date = cells.required_day(row, "geboortedatum")
        if birth_date > self.context.today:
            raise RefusedRow("geboortedatum", f"{cells.dutch(birth_date)} ligt in de toekomst", "zet de datum goed")
        if birth_date >= first_day(row):
            raise RefusedRow("ingeschreven_van", "ligt niet na de geboortedatum", "zet de datums goed")
        other_name = cells.text(row, OTHER_NAME, longest=60)
        first_name = cells.text(row, "roepnaam", longest=60)
        facts: dict[str, object] = {"surname": surname}
        if first_name or not other_name:
            facts["first_name"] = first_name or cells.required_text(row, "roepnaam", longest=60)
        prefix = cells.text(row, "tussenvoegsel", longest=20)
        startkwalificatie = cells.day(row, "startkwalificatie_op")
        end_education = cells.choice(row, "eindonderwijs", EndEducation.values)
        if row.has("tussenvoegsel"):
            facts["prefix"] = prefix
        if row.has("startkwalificatie_op"):
            facts["startkwalificatie_on"] = startkwalificatie
        if row.has("eindonderwijs"):
            facts["end_education"] = end_education
        municipality = cells.text(row, "gemeente", longest=Municipalities.LONGEST)
        years = cells.whole_number(row, "leerjaren", least=0, most=MOST_YEARS)
        return (number, birth_date, surname_key(surname)), Said(
            facts,
            municipality if row.has("gemeente") else None,
            {"years_before": years} if row.has("leerjaren") else {},
            other_name,
        )

    def find_pupils(self, families: dict[Identity, Family]) -> None:
        """Fill in who is known already, locked when the import is going to write."""
        pupils = list(Pupil.objects.filter(number__in={number for number, _, _ in families}).order_by("pk"))
        if not self.context.rehearsal:
            lock_pupils([pupil.pk for pupil in pupils])
        for pupil in pupils:
            if family := families.get((pupil.number, pupil.birth_date, pupil.surname_key)):
                family.pupil = pupil

    def find_enrolments(self, families: dict[Identity, Family]) -> None:
        """Fill in what stands."""
        by_pupil = {family.pupil.pk: family for family in families.values() if family.pupil}
        enrolments = (
            Enrolment.objects.filter(pupil__in=by_pupil)
            .select_related("group", "school", "place")
            .order_by("pupil", "first")
        )
        for enrolment in enrolments:
            by_pupil[enrolment.pupil_id].standing[enrolment.school_id, enrolment.first] = enrolment

    def make_pupils(self, families: dict[Identity, Family]) -> None:
        """Make the children who are new. One that another import makes at this moment is waited for, and theirs."""
        missing = {identity: family for identity, family in sorted(families.items()) if family.pupil is None}
        if not missing:
            return
        for (number, birth_date, key), family in missing.items():
            family.pupil = Pupil(number=number, birth_date=birth_date, surname_key=key)
            firsts = {entry.period.first for entry in family.entries}
            for entry in family.entries:
                self.note_facts(family.pupil, family.said[entry.line], entry.period.first, firsts)
                family.pupil.first_name = family.pupil.first_name or family.said[entry.line].other_name
        Pupil.objects.bulk_create([family.pupil for family in missing.values() if family.pupil], ignore_conflicts=True)
        self.find_pupils(missing)
        self.find_enrolments(missing)
        for family in missing.values():
            family.new = not family.standing

    # What changes

    def changed_pupils(
        self, families: dict[Identity, Family], settled: dict[Identity, Settled[Key, Stated]]
    ) -> list[Pupil]:
        """Set what rows say of children themselves; those of whom something changed. Such a row counts as an update."""
        changed = []
        for identity, family in families.items():
            pupil, outcome = family.pupil, settled[identity]
            accepted = [entry for entry in family.entries if entry.line in outcome.verdicts]
            if pupil is None or not accepted:
                continue
            firsts = {first for _school, first in family.standing} | {entry.period.first for entry in accepted}
            before = values_of(pupil, ATTRIBUTES)
            lines = set()
            for entry in accepted:
                if self.note_facts(pupil, family.said[entry.line], entry.period.first, firsts):
                    lines.add(entry.line)
            after = values_of(pupil, ATTRIBUTES)
            if before != after:
                changed.append(pupil)
                if not family.new:
                    self.changes.append(rewritten(ChangeKind.PUPIL, pupil.pk, before, after, pupil_id=pupil.pk))
                for line in lines:
                    if outcome.verdicts[line] == UNCHANGED:
                        outcome.verdicts[line] = UPDATED
        return changed

    def note_facts(self, pupil: Pupil, said: Said, first: date, firsts: set[date]) -> bool:
        """Set the fields that a row decides by the place of its enrolment among `firsts`; whether that changed any."""
        facts: dict[str, object] = {}
        if first == max(firsts):
            facts.update(said.facts)
            if said.municipality is not None:
                make = not self.context.rehearsal
                facts["municipality_id"] = self.municipalities.id_of(said.municipality, make=make)
        if first == min(firsts):
            facts.update(said.years_before)
        changed = any(getattr(pupil, name) != value for name, value in facts.items())
        for name, value in facts.items():
            setattr(pupil, name, value)
        return changed

    def write(self, families: dict[Identity, Family], settled: dict[Identity, Settled[Key, Stated]]) -> set[int]:
        """Write the enrolments; the pupils whose clocks they can move. Of a new child there is nothing yet to count."""
        created, updated, touched = [], [], set()
        for identity, family in families.items():
            if family.pupil is None:
                continue
            outcome = settled[identity]
            if family.new:
                self.changes.append(made(ChangeKind.PUPIL, family.pupil, pupil_id=family.pupil.pk))
            created += [(family.pupil.pk, entry.period) for entry in outcome.created]
            updated += [(family.standing[entry.key], entry.period) for entry in outcome.updated]
            if (outcome.created or outcome.updated) and not family.new:
                touched.add(family.pupil.pk)
        write_enrolments(created, updated, context=self.context)
        return touched

    def described(self, enrolment: Stated) -> str:
        brin = self.schools.by_id[enrolment.school_id].brin
        return f"inschrijving op {brin} {cells.span(enrolment.first, enrolment.last)}"


ATTRIBUTES = tuple("municipality_id" if name == "municipality" else name for name in FACTS)


def settle_family(family: Family) -> Settled[Key, Stated]:
    return settle({key: stated_by(enrolment) for key, enrolment in family.standing.items()}, family.entries)
