"""A table and what of it is about one pupil at one school."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q

from attendance.listings.enrolled_then import enrolled_then
from attendance.models import Enrolment, Pupil
from thuiszitters.accounts.models import Membership, School

SECTIONS = {
    "leerling": "Wie de leerling is",
    "inschrijving": "Inschrijving en klas",
    "afwezigheid": "Aanwezigheid en afwezigheid",
    "rooster": "Eigen rooster en vrijstelling",
    "signalen": "Signalen",
    "dossier": "Het dossier",
    "logboek": "Logboek",
    "afspraken": "Afspraken",
    "tafel": "Thuiszitterstafel",
    "meldingen": "Meldingen bij leerplicht",
    "verzoeken": "Verzoeken en verklaringen van ouders en leerling",
    "inzage": "Wie keek en wat is vastgelegd",
}
"""In the order in which a parent reads them."""


@dataclass(frozen=True)
class Scope:
    """Whose file: this pupil's, as this school keeps it. Each school answers for its own file, so what another school
    wrote before or after is not in it. `spans`: when the pupil was enrolled or taught here."""

    pupil: Pupil
    school: School
    spans: tuple[tuple[date, date | None], ...]

    @classmethod
    def of(cls, pupil: Pupil, school: School) -> Scope:
        """One query."""
        here = Enrolment.objects.filter(Q(school=school) | Q(place=school), pupil=pupil).order_by("first")
        return cls(pupil, school, tuple(here.values_list("first", "last")))

    def during(self, first: str, last: str) -> Q:
        """Rows from `first` to `last` (field names) with a date on which the pupil was here. None: no end yet."""
        found = Q(pk__in=[])
        for start, end in self.spans:
            begun = Q() if end is None else Q(**{f"{first}__lte": end})
            found |= begun & (Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": start}))
        return found


Rows = Callable[[Scope], Q]


def everything(_scope: Scope) -> Q:
    """All rows of this pupil."""
    return Q()


def at_school(*paths: str) -> Rows:
    """Rows that one of these ways leads to the school."""

    def rows(scope: Scope) -> Q:
        found = Q(pk__in=[])
        for path in paths:
            found |= Q(**{path: scope.school})
        return found

    return rows


def of_case(path: str = "") -> Rows:
    """Rows of cases that the school runs, or of a pupil enrolled there; `path` leads to the case."""
    return at_school(f"{path}school", f"{path}school_of_enrolment")


def during(first: str = "first", last: str = "last") -> Rows:
    """Rows with dates on which the pupil was at the school."""
    return lambda scope: scope.during(first, last)


def in_log_of(schools: Collection[int]) -> Q:
    """Entries of the log, each about a pupil, that these schools answer for.

    Of a day on which the pupil was enrolled or taught at one of them: by whomever. Who came in from another school, in
    an emergency or because they were assigned, is in it (AVG art. 15). Of another day: by people who then worked at
    one of them or outside schools, and by the application itself. What staff of another school looked up before the
    pupil came or after they left is in that school's file, also when they work here now.
    """
    then = Membership.objects.filter(
        Q(last__isnull=True) | Q(last__gte=OuterRef("at__date")),
        user__code=OuterRef("actor"),
        first__lte=OuterRef("at__date"),
    ).order_by()
    elsewhere = then.exclude(school=None).exclude(school__in=schools)
    own_people = ~Exists(elsewhere) | Exists(then.filter(Q(school=None) | Q(school__in=schools)))
    return enrolled_then(schools) | own_people


def in_log(only: Q) -> Rows:
    """Of these entries of the log those that the school answers for."""
    return lambda scope: only & in_log_of([scope.school.pk])


@dataclass(frozen=True)
class Source:
    """`pupil` is the way from a row to the pupil, `rows` which rows are of this school.

    `values` go along as they are, `texts` only after somebody judged them: they may name somebody else. `hidden` are
    columns that stay behind, with the reason. Names of columns may lead further with dots. `order`: as in the query.
    """

    model: str
    section: str
    title: str
    pupil: str
    rows: Rows
    values: tuple[str, ...]
    texts: tuple[str, ...] = ()
    hidden: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ("pk",)
