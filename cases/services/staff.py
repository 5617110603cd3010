"""Who holds which role for a case."""

from __future__ import annotations

from datetime import date

from attendance.models import Assignment, Enrolment, GroupMentor, Pupil
from attendance.models.pupils import holds_on
from cases.models import Case
from thuiszitters.accounts.models import Membership, School, User
from thuiszitters.accounts.roles import ASSIGNED, CASE_WORKERS, Role
from thuiszitters.accounts.services.holders import holders_of


def answering_school(enrolment: Enrolment, today: date) -> School:
    """The school that hears of a pupil: the place of teaching, or the stamschool when only that has case workers."""
    if enrolment.place_id != enrolment.school_id:
        rows = Membership.objects.current(today).filter(role__in=CASE_WORKERS, user__is_active=True)
        if not rows.filter(school=enrolment.place).exists() and rows.filter(school=enrolment.school).exists():
            return enrolment.school
    return enrolment.place


def only_coo(school: School, today: date) -> User | None:
    """The COO of the school when there is exactly one; with none or several the role owns what comes in."""
    found = holders_of(role=Role.COO, school=school, today=today)
    return found[0] if len(found) == 1 else None


def mentors_of(pupil: Pupil, today: date) -> list[User]:
    """The mentors of the pupil's class today, in order of name."""
    groups = Enrolment.objects.on(today).filter(pupil=pupil, group__isnull=False).values("group")
    rows = GroupMentor.objects.filter(holds_on(today), group__in=groups)
    return list(User.objects.filter(pk__in=rows.values("user"), is_active=True).order_by("name", "pk"))


def people_for(case: Case, role: Role, today: date) -> list[User]:
    """Who can do something of `role` for this case: by class, by assignment, or by role at the school that runs it."""
    if role is Role.MENTOR:
        return mentors_of(case.pupil, today)
    if role in ASSIGNED:
        rows = Assignment.objects.filter(holds_on(today), pupil=case.pupil, role=role)
        return list(User.objects.filter(pk__in=rows.values("user"), is_active=True).order_by("name", "pk"))
    return holders_of(role=role, school=case.school, today=today)


def enrolment_for(pupil: Pupil, day: date) -> Enrolment | None:
    """The enrolment of `day`; else the last one begun before it, else the first one. None: never enrolled anywhere."""
    rows = list(Enrolment.objects.filter(pupil=pupil).select_related("school", "place", "group").order_by("first"))
    begun = [row for row in rows if row.first <= day]
    holding = [row for row in begun if row.last is None or row.last >= day]
    return next(reversed(holding or begun or rows[:1]), None)
