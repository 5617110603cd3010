"""Whose list a step stands on. There is always somebody, as long as one of the two schools has a COO.

The person named; else, by role: the owner of the case where that is the owner's role, or else everybody who holds the
role. What nobody holds, such as zorgcoach at a school without one, falls to the COO of the school that runs the case,
and without a COO there to that of the school of enrolment. Somebody who left holds nothing any more.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q

from attendance.models import Assignment, Enrolment, GroupMentor, Pupil
from attendance.models.pupils import holds_on
from cases.models import Step
from cases.services.staff import people_for
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import Membership, User
from thuiszitters.accounts.roles import CASE_WORKERS, Role
from thuiszitters.accounts.services.holders import holders_of


def takers_of(step: Step, today: date) -> list[User]:
    """The people on whose list this step stands."""
    case = step.case
    if step.owner is not None and step.owner.is_active:
        return [step.owner]
    role = Role(step.role)
    people = people_for(case, role, today)
    if case.owner in people and case.owner_role == role:
        return [case.owner]
    return (
        people
        or holders_of(role=Role.COO, school=case.school, today=today)
        or holders_of(role=Role.COO, school=case.school_of_enrolment, today=today)
    )


def taken_by(user: User) -> Q:
    """The same as a filter on steps: those on the list of `user`, today."""
    grants = grants_of(user)
    at_work = Membership.objects.current(grants.day).filter(user__is_active=True)
    owner_holds = Exists(
        at_work.filter(user=OuterRef("case__owner"), role=OuterRef("role"), school=OuterRef("case__school"))
    )
    by_role = Q(owner=None) | Q(owner__is_active=False)
    mine = Q(owner=user)
    for role in CASE_WORKERS:
        if schools := grants.school_ids({role}):
            not_the_owners = Q(case__owner=user) | ~Q(case__owner_role=role) | ~owner_holds
            mine |= by_role & not_the_owners & Q(role=role, case__school__in=schools)
    for role in (Role.MENTOR, Role.GEDRAGSDESKUNDIGE):
        if grants.has(role):
            pupils = Pupil.objects.mentored_or_assigned(user).values("pk")
            mine |= by_role & Q(role=role, case__pupil__in=pupils)
    if schools := grants.school_ids({Role.COO}):
        coo_here = Exists(at_work.filter(role=Role.COO, school=OuterRef("case__school")))
        mine |= by_role & _held_by_nobody(grants.day) & Q(case__school__in=schools)
        mine |= by_role & _held_by_nobody(grants.day) & ~coo_here & Q(case__school_of_enrolment__in=schools)
    return mine


def _held_by_nobody(day: date) -> Q:
    """Steps of whose role there is nobody for the case."""
    at_work = Membership.objects.current(day).filter(user__is_active=True)
    mentors = GroupMentor.objects.filter(holds_on(day), user__is_active=True)
    classes = Enrolment.objects.filter(holds_on(day), group__in=mentors.values("group"))
    assigned = Assignment.objects.filter(holds_on(day), user__is_active=True)
    holder = Exists(at_work.filter(role=OuterRef("role"), school=OuterRef("case__school")))
    mentor = Exists(classes.filter(pupil=OuterRef("case__pupil")))
    expert = Exists(assigned.filter(role=OuterRef("role"), pupil=OuterRef("case__pupil")))
    nobody: Q = Q(role__in=CASE_WORKERS) & Q(~holder)
    nobody |= Q(role=Role.MENTOR) & Q(~mentor)
    nobody |= Q(role=Role.GEDRAGSDESKUNDIGE) & Q(~expert)
    return nobody
