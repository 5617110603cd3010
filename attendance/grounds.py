"""Why somebody may come to a pupil because of attendance: school, class, lesson, assignment (settings.ACCESS_GROUNDS).

The same rules as `visible_to` of Pupil and Group; tests/test_grounds.py compares them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.query import QuerySet

from attendance.models import Assignment, Enrolment, GroupMentor, GroupTeacher
from attendance.models.pupils import holds_on
from thuiszitters.accounts.authorizer import Ground
from thuiszitters.accounts.data_classes import Scope
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.models import Membership
from thuiszitters.accounts.roles import ASSIGNED, SCHOOL_WIDE, Role

BY_INVITATION = {
    Role.GEDRAGSDESKUNDIGE: "aan deze leerling toegewezen gedragsdeskundige",
    Role.JEUGDARTS: "uitgenodigde jeugdarts voor deze leerling",
}
OF_CLASS = {Role.MENTOR: Scope.CLASS, Role.DOCENT: Scope.LESSON}
IS_ENROLLED, IS_TAUGHT = "waar de leerling is ingeschreven", "waar de leerling les krijgt"


def grounds_of_attendance(subject: UUID, today: date, user_id: int | None) -> Iterator[Ground]:
    """Grounds from enrolments, classes and assignments. Five queries, however many people there are."""
    enrolments = list(Enrolment.objects.filter(pupil__code=subject).order_by("first"))
    groups = {row.group_id for row in enrolments if row.group_id and row.first <= today <= (row.last or date.max)}
    of_class = [
        (role, row)
        for role, model in ((Role.MENTOR, GroupMentor), (Role.DOCENT, GroupTeacher))
        for row in _of(user_id, model.objects.filter(holds_on(today), group__in=groups).select_related("group"))
    ]
    assigned = list(_of(user_id, Assignment.objects.filter(holds_on(today), pupil__code=subject, role__in=ASSIGNED)))
    schools = schools_of(enrolments, today)
    people = {row.user_id for _, row in of_class} | {row.user_id for row in assigned}
    held = Membership.objects.current(today).filter(
        Q(role__in=SCHOOL_WIDE, school__in=schools) | Q(user__in=people, role__in=[*OF_CLASS, *ASSIGNED])
    )
    memberships = list(_of(user_id, held.select_related("school").order_by("pk")))
    for row in memberships:
        if row.role in SCHOOL_WIDE:
            scope, where = schools[row.school_id]
            text = f"{row.get_role_display()} van {row.school}"
            yield Ground(row.user_id, Role(row.role), scope, text, row.first, row.last, where)
    for role, row in of_class:
        for member in memberships:
            if (member.user_id, member.role, member.school_id) == (row.user_id, role, row.group.school_id):
                text = f"{role.label} van {row.group}"
                yield Ground(row.user_id, role, OF_CLASS[role], text, row.first, earliest(row.last, member.last))
    for row in assigned:
        role = Role(row.role)
        ends = [member.last for member in memberships if (member.user_id, member.role) == (row.user_id, role)]
        if ends:
            until = earliest(row.last, max(last or date.max for last in ends))
            yield Ground(row.user_id, role, Scope.ASSIGNED, BY_INVITATION[role], row.first, until)


def _of(user_id: int | None, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows of this person, or of everybody who can log in."""
    return rows.filter(user__is_active=True) if user_id is None else rows.filter(user=user_id, user__is_active=True)


def earliest(*days: date | None) -> date | None:
    """The first of these dates; None: never."""
    found = min(day or date.max for day in days)
    return None if found == date.max else found


def schools_of(enrolments: Iterable[Enrolment], today: date) -> dict[int, tuple[Scope, str]]:
    """By the pk of each school that the pupil was ever at: along which road its people come to the pupil, and what the
    school is to them. Who left altogether stays with the school where they were last."""
    rows = list(enrolments)
    now = [row for row in rows if row.last is None or row.last >= today]
    if not now and rows:
        now = [max(rows, key=lambda row: row.last or date.max)]
    found: dict[int, tuple[Scope, str]] = {}
    for row in rows:
        if row not in now:
            until = f"waar de leerling tot en met {full_date(row.last or today)} was"
            found |= dict.fromkeys((row.place_id, row.school_id), (Scope.FORMER, until))
    for row in now:
        left = row.last is not None and row.last < today
        words = f"waar de leerling tot en met {full_date(row.last or today)} was" if left else ""
        found[row.place_id] = (Scope.SCHOOL, words or IS_TAUGHT)
        found[row.school_id] = (Scope.SCHOOL, words or IS_ENROLLED)
    return found
