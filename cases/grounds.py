"""Why somebody may come to a pupil because of a case or a report (settings.ACCESS_GROUNDS).

The same rules as `visible_to` of Case and Report; tests/test_grounds.py compares them. Mentors and assigned roles come
to the case along the pupil itself: attendance says that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from cases.models import Case, CaseHandOver, Report
from thuiszitters.accounts.authorizer import Ground
from thuiszitters.accounts.data_classes import Scope
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.models import Membership
from thuiszitters.accounts.roles import Role

WIDE = frozenset({Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER})
RUNS, ENROLS, OFFERED = "die het dossier bijhoudt", "de stamschool van de leerling", "waaraan het dossier is aangeboden"
REPORTS = "die de melding aan leerplicht doet"


def grounds_of_cases(subject: UUID, today: date, user_id: int | None) -> Iterator[Ground]:
    """Grounds from cases and reports. Four queries, however many people there are."""
    cases = list(Case.objects.filter(pupil__code=subject).order_by("opened_on", "pk"))
    schools: dict[int, str] = {}
    offers = CaseHandOver.objects.filter(case__pupil__code=subject, accepted_at=None, case__closed_at=None)
    for offer in offers:
        schools[offer.to_school_id] = OFFERED
    for case in cases:
        schools[case.school_of_enrolment_id] = ENROLS
    for case in cases:
        schools[case.school_id] = RUNS
    reports = list(
        Report.objects.filter(pupil__code=subject)
        .order_by("created_at", "pk")
        .only("school", "place", "municipality", "status", "sent_at")
    )
    at_school = {pk for row in reports for pk in (row.school_id, row.place_id)}
    at_office = {row.school_id for row in reports if row.status != Report.Status.DRAFT}
    received: dict[int | None, datetime] = {
        row.municipality_id: row.sent_at for row in reports if row.sent_at and row.municipality_id
    }
    held = Membership.objects.current(today).filter(
        Q(role__in=WIDE, school__in=[*schools, *at_school])
        | Q(role=Role.ADMINISTRATIE, school__in=at_office)
        | Q(role=Role.LEERPLICHT, municipality__in=received),
        user__is_active=True,
    )
    if user_id is not None:
        held = held.filter(user=user_id)
    for row in held.select_related("school", "municipality").order_by("pk"):
        role = Role(row.role)
        who = f"{role.label} van {row.organisation}"
        if role in WIDE and row.school_id in schools:
            yield Ground(row.user_id, role, Scope.CASE, who, row.first, row.last, schools[row.school_id])
        if role is Role.LEERPLICHT:
            sent_on = timezone.localtime(received[row.municipality_id]).date()
            because = f"die op {full_date(sent_on)} een melding kreeg"
            yield Ground(row.user_id, role, Scope.REPORT, who, row.first, row.last, because)
        elif row.school_id in (at_school if role in WIDE else at_office):
            yield Ground(row.user_id, role, Scope.REPORT, who, row.first, row.last, REPORTS)
