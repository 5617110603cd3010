"""Who can see a case, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from attendance.models import Assignment
from attendance.models.pupils import holds_on
from cases.models import Case
from cases.services.staff import holders_of, mentors_of
from thuiszitters.accounts.models import ReadLog, School
from thuiszitters.accounts.roles import Role

WIDE = (Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER)


@dataclass(frozen=True)
class Reader:
    """Somebody who can open the file, in which role, and by what."""

    name: str
    role: str
    why: str


def readers_of(case: Case, today: date) -> list[Reader]:
    """Everybody who can open this file today. The same rules as the rows themselves follow (`visible_to`)."""
    schools: dict[School, str] = {case.school: "geeft onderwijs en houdt het dossier bij"}
    if case.school_of_enrolment_id != case.school_id:
        schools[case.school_of_enrolment] = "is de stamschool"
    if case.closed_at is None:
        for hand_over in case.hand_overs.filter(accepted_at__isnull=True).select_related("to_school"):
            schools.setdefault(hand_over.to_school, "neemt het dossier over")
    found = [
        Reader(person.name, role.label, f"{school} {why}")
        for school, why in schools.items()
        for role in WIDE
        for person in holders_of(role=role, school=school, today=today)
    ]
    found += [Reader(person.name, Role.MENTOR.label, "mentor van de klas") for person in mentors_of(case.pupil, today)]
    assigned = Assignment.objects.filter(holds_on(today), pupil=case.pupil, user__is_active=True).select_related("user")
    found += [
        Reader(row.user.name, Role(row.role).label, "is aan de leerling toegewezen")
        for row in assigned.order_by("user__name")
    ]
    return found


def reads_of(case: Case) -> QuerySet[ReadLog]:
    """The last times that somebody opened a page about this pupil."""
    return ReadLog.objects.filter(subject=case.pupil.code).select_related("user")[:50]
