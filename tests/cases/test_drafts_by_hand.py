"""A report that a COO starts without a signal."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from attendance.models import Exemption, Pupil
from cases.models import Report
from cases.report_kinds import Duty, kinds_by_hand
from cases.services.cases import open_case
from cases.services.drafts_by_hand import choices_for, start_report
from cases.services.refusals import CaseRefusedError
from tests.cases.rows import a_municipality, a_pupil, a_run, a_school, a_user
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.roles import Role

Kind = Report.Kind
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("duty", "exempt", "expected"),
    [
        (Duty(12), False, (Kind.OTHER, Kind.HOURS_16, Kind.LUXURY, Kind.LRV)),
        (Duty(17), False, (Kind.OTHER, Kind.HOURS_16, Kind.LUXURY, Kind.LRV)),
        (Duty(18), False, (Kind.RMC,)),
        (Duty(12), True, ()),
        (Duty(4, "de leerling is nog niet leerplichtig"), False, ()),
    ],
)
def test_the_kinds_fit_the_age(duty: Duty, exempt: bool, expected: tuple[Report.Kind, ...]) -> None:
    kinds, why_not = kinds_by_hand(duty, exempt=exempt)

    assert (kinds, bool(why_not)) == (expected, not expected)


@pytest.mark.django_db
def test_it_is_filled_as_far_as_known_and_made_once() -> None:
    school = a_school()
    coo = a_user(Role.COO, school)
    case, _ = open_case(pupil=a_pupil(school, municipality=a_municipality()), today=TODAY)
    a_run(case.pupil, date(2026, 11, 16))

    report, is_new = start_report(case=case, kind=Kind.OTHER, by=coo, today=TODAY)
    again = start_report(case=case, kind=Kind.LRV, by=coo, today=TODAY)

    assert (is_new, again) == (True, (report, False))
    assert (report.kind, report.first_day, report.due_on) == (Kind.OTHER, date(2026, 11, 16), date(2026, 12, 1))
    assert (report.reporter_name, report.municipality, report.crossing) == (coo.name, a_municipality(), None)
    event = report.events.get()
    assert (event.by, event.text) == (coo, "Concept voor een melding begonnen: overig verzuim.")


@pytest.mark.django_db
def test_not_under_exemption_and_not_before_the_age() -> None:
    school = a_school()
    coo = a_user(Role.COO, school)
    case, _ = open_case(pupil=a_pupil(school), today=TODAY)
    Exemption.objects.create(pupil=case.pupil, first=TODAY, kind="5 onder a")

    with pytest.raises(CaseRefusedError, match="vrijstelling"):
        start_report(case=case, kind=Kind.OTHER, by=coo, today=TODAY)
    assert choices_for(Pupil.objects.get(), TODAY)[0] == ()


@pytest.mark.django_db
def test_the_button_is_for_the_coo_and_goes_to_the_report(client: Client) -> None:
    school = a_school()
    case, _ = open_case(pupil=a_pupil(school), today=clock_today())
    tab, url = (reverse(f"cases:{name}", args=[case.code]) for name in ("case_reports", "report_start"))
    client.force_login(a_user(Role.ZORGCOACH, school))
    assert "Maak een melding" not in client.get(tab).content.decode()
    client.force_login(a_user(Role.COO, school))
    assert "Maak een melding" in client.get(tab).content.decode()

    assert client.post(url, {"kind": "rmc"})["Location"] == tab
    answer = client.post(url, {"kind": "overig", "status": "geregistreerd", "school": "1"})

    report = Report.objects.get()
    assert answer["Location"] == reverse("cases:report_detail", args=[report.code])
    assert (report.status, report.school) == ("concept", school)
    assert "Maak een melding" not in client.get(tab).content.decode()
