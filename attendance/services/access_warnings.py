"""Telling the COO in time that somebody's access ends."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from attendance.access_rules import ENDS_SOON
from attendance.models import AccessNotice, Assignment, Enrolment
from attendance.models.pupils import holds_on
from attendance.services.access_notices import tell
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.services.holders import holders_of

ENDING = AccessNotice.Kind.ENDING


def warn_of_ending(today: date, now: datetime) -> None:
    """Have the COOs mailed about access at their school that ends within two weeks. May be repeated.

    Each access is told once, until it is extended; a COO gets one mail for all that is new today.
    """
    told = AccessNotice.objects.filter(kind=ENDING).values("about")
    ending = Assignment.objects.filter(holds_on(today), last__lte=today + ENDS_SOON).exclude(code__in=told)
    mailed: set[User] = set()
    for row in ending.order_by("pk"):
        here = Enrolment.objects.filter(holds_on(today), pupil=row.pupil_id)
        schools = School.objects.filter(Q(pk__in=here.values("school")) | Q(pk__in=here.values("place")))
        with transaction.atomic():
            people = {person for school in schools for person in holders_of(role=Role.COO, school=school, today=today)}
            tell(ENDING, about=row.code, people=people - mailed)
            for person in people & mailed:
                AccessNotice.objects.get_or_create(kind=ENDING, about=row.code, user=person, defaults={"sent_at": now})
        mailed |= people


def forget_warnings(assignment: Assignment) -> None:
    """This access was given another end: that is told in its own time."""
    AccessNotice.objects.filter(kind=ENDING, about=assignment.code).delete()
