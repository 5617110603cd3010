"""What still has to be set up, for the beheerder: numbers and names of organisations, no pupils."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.db.models.query import QuerySet

from attendance.listings.reason_table import schools_with_waiting_codes
from attendance.models import Enrolment, Group, GroupMentor
from attendance.models.pupils import holds_on
from thuiszitters.accounts.models import Alliance, Membership, Municipality, School
from thuiszitters.accounts.roles import Role


@dataclass(frozen=True)
class ToSetUp:
    """New municipalities whose name nobody confirmed, classes with pupils and no mentor, schools without a COO, and how
    many pupils live in a municipality that is not known: no report about them can be sent, and schools with codes in
    their files that nobody knows yet, with how many."""

    municipalities: list[Municipality]
    groups: list[Group]
    schools: list[School]
    pupils_without_municipality: int
    codes: list[tuple[School, int]]

    @property
    def is_done(self) -> bool:
        return not (
            self.municipalities or self.groups or self.schools or self.codes or self.pupils_without_municipality
        )


@dataclass(frozen=True)
class Places:
    """The organisations that somebody sets up. `alliances` are the own ones, and those of the own schools."""

    schools: list[School]
    alliances: list[Alliance]
    own_alliances: list[Alliance]


def places_of(schools: QuerySet[School], alliances: QuerySet[Alliance]) -> Places:
    """In order of name."""
    found = list(schools.order_by("name", "pk"))
    ours = Q(pk__in=alliances.order_by().values("pk")) | Q(pk__in=[row.alliance_id for row in found if row.alliance_id])
    return Places(found, list(Alliance.objects.filter(ours).order_by("name")), list(alliances))


def to_set_up(schools: QuerySet[School], today: date) -> ToSetUp:
    """What is missing at these schools today. The number of queries does not follow their number."""
    places = schools.order_by().values("pk")
    here = Enrolment.objects.on(today).filter(Q(school__in=places) | Q(place__in=places))
    mentors = GroupMentor.objects.filter(holds_on(today), group=OuterRef("pk"), user__is_active=True)
    pupils = Enrolment.objects.on(today).filter(group=OuterRef("pk"))
    coos = Membership.objects.current(today).filter(role=Role.COO, school=OuterRef("pk"), user__is_active=True)
    waiting = schools_with_waiting_codes(schools)
    return ToSetUp(
        codes=[(school, waiting[school.pk]) for school in schools.filter(pk__in=waiting).order_by("name", "pk")],
        municipalities=list(
            Municipality.objects.filter(
                Q(pk__in=schools.order_by().values("municipality")) | Q(pk__in=here.values("pupil__municipality")),
                confirmed=False,
            ).order_by("name")
        ),
        groups=list(
            Group.objects.filter(Exists(pupils), ~Exists(mentors), school__in=places)
            .select_related("school")
            .order_by("school__name", "name")
        ),
        schools=list(schools.filter(~Exists(coos)).order_by("name", "pk")),
        pupils_without_municipality=here.filter(pupil__municipality=None).values("pupil").distinct().count(),
    )
