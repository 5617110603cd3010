"""What a row says of an enrolment, and writing it: with the class, and the class it was before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from attendance.importing import cells
from attendance.importing.cells import Row
from attendance.importing.changes import Change, keep_changes, made, rewritten, values_of
from attendance.importing.context import Context
from attendance.importing.known_schools import KnownSchools
from attendance.importing.refusals import RefusedRow
from attendance.importing.writing import keep_versions, overwrite
from attendance.models import Enrolment, Group, PastGroup
from attendance.models.imports import ChangeKind
from attendance.models.pupils import LeavingReason

Key = tuple[int, date]
"""School of enrolment and first date."""
GROUP_LENGTH = 40
WRITTEN = ("last", "place_id", "group_id", "leaving_reason")


@dataclass(frozen=True, slots=True)
class Stated:
    """An enrolment in values; `group` is the name of the class at the place of teaching, empty for none."""

    first: date
    last: date | None
    school_id: int
    place_id: int
    group: str
    leaving_reason: str

    @property
    def partial(self) -> bool:
        return False


def key_of(row: Row, schools: KnownSchools) -> Key:
    return schools.required(row, "brin").pk, cells.required_day(row, "ingeschreven_van")


def stated(row: Row, key: Key, schools: KnownSchools, stands: Stated | None) -> Stated:
    """The enrolment in a row; what the file has no column for stays as it `stands`."""
    school_id, first = key
    last, place_id, group, reason = None, school_id, "", ""
    if stands:
        last, place_id, group, reason = stands.last, stands.place_id, stands.group, stands.leaving_reason
    if row.has("ingeschreven_tot"):
        _first, last = cells.period(row, "ingeschreven_van", "ingeschreven_tot")
    if row.has("les_brin"):
        place = schools.named(row, "les_brin")
        place_id = place.pk if place else school_id
    if row.has("klas"):
        group = cells.text(row, "klas", longest=GROUP_LENGTH)
    elif stands and stands.place_id != place_id:
        # The class was one of the other place.
        group = ""
    if row.has("uitstroomreden"):
        reason = cells.choice(row, "uitstroomreden", LeavingReason.values)
    if row.cells.get("uitstroomreden") and reason and last is None:
        raise RefusedRow("uitstroomreden", "er is geen laatste dag bij", "vul ingeschreven_tot in")
    return Stated(first, last, school_id, place_id, group, reason)


def stated_by(enrolment: Enrolment) -> Stated:
    """What stands, in the same values (reads the class)."""
    return Stated(
        enrolment.first,
        enrolment.last,
        enrolment.school_id,
        enrolment.place_id,
        enrolment.group.name if enrolment.group else "",
        enrolment.leaving_reason,
    )


def write_enrolments(
    created: Sequence[tuple[int, Stated]], updated: Sequence[tuple[Enrolment, Stated]], *, context: Context
) -> None:
    """Add enrolments of pupils, and change others from what they are to what is stated."""
    groups, new_groups = groups_named({(new.place_id, new.group) for _, new in (*created, *updated) if new.group})
    created_rows = Enrolment.objects.bulk_create(
        Enrolment(
            pupil_id=pupil_id,
            school_id=new.school_id,
            place_id=new.place_id,
            group_id=groups.get((new.place_id, new.group)),
            first=new.first,
            last=new.last,
            leaving_reason=new.leaving_reason,
        )
        for pupil_id, new in created
    )
    keep_versions([enrolment for enrolment, _new in updated], context)
    yesterday = context.today - timedelta(days=1)
    left = []
    changes = [made(ChangeKind.GROUP, row, school_id=row.school_id) for row in new_groups]
    changes += [made(ChangeKind.ENROLMENT, row, pupil_id=row.pupil_id) for row in created_rows]
    for enrolment, new in updated:
        group_id = groups.get((new.place_id, new.group))
        if group_id != enrolment.group_id and enrolment.first <= yesterday:
            left.append(PastGroup(enrolment=enrolment, group_id=enrolment.group_id, last=yesterday))
        before = values_of(enrolment, WRITTEN)
        enrolment.last = new.last
        enrolment.place_id = new.place_id
        enrolment.group_id = group_id
        enrolment.leaving_reason = new.leaving_reason
        after = values_of(enrolment, WRITTEN)
        changes.append(rewritten(ChangeKind.ENROLMENT, enrolment.pk, before, after, pupil_id=enrolment.pupil_id))
    overwrite(Enrolment, (enrolment for enrolment, _new in updated), ["last", "place", "group", "leaving_reason"])
    keep_changes(context.register_import, [*changes, *leave_groups(left)])


def leave_groups(left: Sequence[PastGroup]) -> list[Change]:
    """Note the classes that pupils were in up to yesterday; a second change on one day finds that already noted."""
    if not left:
        return []
    at = {"enrolment__in": [row.enrolment_id for row in left], "last": left[0].last}
    known = set(PastGroup.objects.filter(**at).values_list("enrolment_id", flat=True))
    rows = PastGroup.objects.bulk_create([row for row in left if row.enrolment_id not in known])
    return [made(ChangeKind.PAST_GROUP, row, pupil_id=row.enrolment.pupil_id) for row in rows]


def groups_named(wanted: Iterable[tuple[int, str]]) -> tuple[dict[tuple[int, str], int], list[Group]]:
    """The classes of these places and names; the missing ones are made, and told separately."""
    wanted = sorted(wanted)

    def read() -> dict[tuple[int, str], Group]:
        rows = Group.objects.filter(school__in={place for place, _ in wanted}, name__in={name for _, name in wanted})
        return {(row.school_id, row.name): row for row in rows.order_by()}

    found = read()
    missing = [Group(school_id=place, name=name) for place, name in wanted if (place, name) not in found]
    if missing:
        Group.objects.bulk_create(missing, ignore_conflicts=True)
        found = read()
    new = [found[row.school_id, row.name] for row in missing]
    return {key: row.pk for key, row in found.items()}, new
