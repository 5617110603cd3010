"""Alerts about people who read for no school and no alliance: a leerplichtambtenaar, a youth health doctor (jeugdarts).

No privacy officer (FG) watches their organisation here. So the FG of the school of the pupil does: of each school, by
itself or by its alliance, where a pupil that it is about was then enrolled or taught. Where a school has no FG its head
(schoolleider) does. Each sees no more of it than what is about pupils of their own schools.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.db.models.query import QuerySet

from attendance.listings.enrolled_then import enrolled_then
from attendance.models import Pupil
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.listings.reads import names_of, schools_watched_by
from thuiszitters.accounts.models import Membership, School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.privacy.models import Alert
from thuiszitters.privacy.models.alerts import AlertQuerySet
from thuiszitters.privacy.odd_reading import Rule, surname_keys_of


def about_outsiders() -> AlertQuerySet:
    """About who had no role at any school or alliance on that day."""
    held = Membership.objects.filter(
        Q(school__isnull=False) | Q(alliance__isnull=False),
        Q(last__isnull=True) | Q(last__gte=OuterRef("day")),
        user__code=OuterRef("reader"),
        first__lte=OuterRef("day"),
    )
    return Alert.objects.filter(~Exists(held))


def schools_answered_for(user: User) -> set[int]:
    """Ids of the schools of whose pupils `user` sees such an alert: as FG, or as schoolleider where there is no FG."""
    grants = grants_of(user)
    fgs = active_fgs(user).filter(Q(school=OuterRef("pk")) | Q(alliance=OuterRef("alliance")))
    without = School.objects.filter(~Exists(fgs), pk__in=grants.school_ids({Role.SCHOOLLEIDER}))
    return schools_watched_by(user) | set(without.values_list("pk", flat=True))


def active_fgs(user: User) -> QuerySet[Membership]:
    """The roles of every FG who can log in on the day on which `user` looks."""
    held = Membership.objects.current(grants_of(user).day)
    return held.filter(role=Role.FG, user__is_active=True).order_by()


def outsiders_shown_to(user: User) -> AlertQuerySet:
    """Of those alerts the ones about a pupil of a school that `user` answers for. A fixed number of queries."""
    schools = schools_answered_for(user)
    if not schools:
        return Alert.objects.none()
    alerts = about_outsiders()
    opened = Entry.objects.filter(
        enrolled_then(schools), kind=Kind.READ, actor=OuterRef("reader"), at__date=OuterRef("day")
    )
    # Of who opened a namesake elsewhere and another child here, this school has nothing to know.
    readers = alerts.filter(rule=Rule.OWN_SURNAME).order_by().values_list("reader", flat=True).distinct()
    namesake = Q(pk__in=[])
    for code, name in names_of(readers).items():
        same = Pupil.objects.filter(surname_key__in=surname_keys_of(name))
        namesake |= Q(actor=code, subject__in=same.values("code"))
    return alerts.filter(
        (~Q(rule=Rule.OWN_SURNAME) & Exists(opened)) | (Q(rule=Rule.OWN_SURNAME) & Exists(opened.filter(namesake)))
    )
