"""Pages of reports and meetings: the round trip by their forms, what each costs, what comes back after a mistake."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.meeting_times import AMSTERDAM
from cases.models import Case, Meeting, ParentsInformed, Phase, Report
from cases.services.meetings import make_meeting
from cases.services.reports import ask_school, prepare_report, send_report
from tests import factories
from tests.cases.rows import a_pupil, a_school, a_user
from thuiszitters.accounts.models import Municipality, School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 20)
NOON = datetime(2025, 11, 20, 12, tzinfo=AMSTERDAM)
FILLED = {
    "kind": "lrv",
    "first_day": "2025-10-20",
    "last_day": "2025-11-20",
    "supposed_reason": "onbekend",
    "school_actions": "Gebeld op 3 november, huisbezoek op 10 november.",
    "action_wanted": "on",
    "reporter_name": "Noor Bakker",
    "reporter_phone": "0612345678",
}
TOLD = {
    "informed-informed_on": "2025-11-19",
    "informed-informed_by": "Noor Bakker",
    "informed-how": "gesprek op school",
}


@pytest.fixture
def school() -> School:
    return a_school()


@pytest.fixture
def town() -> Municipality:
    return factories.municipality("Waterdam")


@pytest.fixture
def people(school: School, town: Municipality) -> dict[str, User]:
    return {
        "coo": a_user(Role.COO, school),
        "office": a_user(Role.ADMINISTRATIE, school),
        "officer": factories.member(Role.LEERPLICHT, town),
    }


def draft(school: School, town: Municipality) -> Report:
    pupil = a_pupil(school, municipality=town)
    case = Case.objects.create(
        pupil=pupil, school=school, school_of_enrolment=school, opened_on=TODAY, phase=Phase.DREIGEND
    )
    return Report.objects.create(
        pupil=pupil,
        case=case,
        school=school,
        place=school,
        kind=Report.Kind.LRV,
        due_on=date(2025, 11, 27),
        first_day=date(2025, 10, 20),
    )


def sent(school: School, town: Municipality, people: dict[str, User]) -> Report:
    report = draft(school, town)
    informed = ParentsInformed.objects.create(
        pupil=report.pupil, about="melding", informed_on=TODAY, recorded_by=people["coo"]
    )
    prepare_report(report=report, values={}, informed=informed, by=people["coo"])
    send_report(report=report, by=people["office"])
    return report


@time_machine.travel(NOON, tick=False)
def test_report_goes_round_by_its_forms(
    client: Client, school: School, town: Municipality, people: dict[str, User]
) -> None:
    report = draft(school, town)

    def go(who: str, name: str, **values: str) -> int:
        client.force_login(people[who])
        return client.post(reverse(f"cases:{name}", args=[report.code]), values).status_code

    assert go("coo", "report_prepare", step="klaarzetten", **FILLED, **TOLD) == 302
    assert go("office", "report_return", text="Klopt de datum?") == 302
    assert go("coo", "report_prepare", step="klaarzetten", **FILLED) == 302
    assert go("office", "report_send", duo_number="M-1") == 302
    assert go("officer", "report_ask", text="Wie is de mentor?") == 302
    assert go("coo", "report_reply", text="Joris Vos.") == 302
    assert go("officer", "report_answer", status="in_behandeling", text="Ik bel.") == 302
    assert go("officer", "report_answer", status="afgesloten", closed_reason="terug") == 302
    report.refresh_from_db()
    assert (report.status, report.closed_reason, report.duo_number) == ("afgesloten", "terug", "M-1")
    assert ParentsInformed.objects.filter(about="melding").count() == 1
    client.force_login(people["coo"])
    page = client.get(reverse("cases:report_detail", args=[report.code]))
    assert "terug naar school of opleiding hervat" in page.text


@time_machine.travel(NOON, tick=False)
def test_refused_step_keeps_what_was_typed(
    client: Client, school: School, town: Municipality, people: dict[str, User]
) -> None:
    report = draft(school, town)
    client.force_login(people["coo"])
    url = reverse("cases:report_prepare", args=[report.code])
    answer = client.post(url, {**FILLED, "step": "klaarzetten", "informed-how": "gebeld"})
    assert answer.status_code == 400
    assert answer.context["form"]["school_actions"].value() == FILLED["school_actions"]
    assert answer.context["informed_form"]["how"].value() == "gebeld"
    report.refresh_from_db()
    assert (report.status, report.school_actions) == ("concept", "")


@time_machine.travel(NOON, tick=False)
def test_half_a_draft_can_be_kept(client: Client, school: School, town: Municipality, people: dict[str, User]) -> None:
    report = draft(school, town)
    client.force_login(people["coo"])
    values = {"kind": "lrv", "first_day": "2025-10-20", "school_actions": "Gebeld.", "action_wanted": "on"}
    answer = client.post(reverse("cases:report_prepare", args=[report.code]), {**values, "step": "bewaren"})
    assert answer.status_code == 302
    report.refresh_from_db()
    assert (report.status, report.school_actions) == ("concept", "Gebeld.")


@time_machine.travel(NOON, tick=False)
def test_office_is_told_why_a_report_cannot_go(
    client: Client, school: School, town: Municipality, people: dict[str, User]
) -> None:
    report = draft(school, town)
    informed = ParentsInformed.objects.create(
        pupil=report.pupil, about="melding", informed_on=TODAY, recorded_by=people["coo"]
    )
    prepare_report(report=report, values={}, informed=informed, by=people["coo"])
    report.pupil.municipality = None
    report.pupil.save(update_fields=["municipality"])
    client.force_login(people["office"])
    page = client.get(reverse("cases:report_detail", args=[report.code]))
    assert "De woongemeente is niet bekend" in page.text
    assert reverse("cases:report_send", args=[report.code]) not in page.text
    assert client.post(reverse("cases:report_send", args=[report.code])).status_code == 400


@time_machine.travel(NOON, tick=False)
def test_leerplicht_reads_what_was_sent_and_nothing_later(
    client: Client, school: School, town: Municipality, people: dict[str, User]
) -> None:
    report = sent(school, town, people)
    Report.objects.filter(pk=report.pk).update(supposed_reason="later erbij geschreven")
    client.force_login(people["officer"])
    page = client.get(reverse("cases:report_received", args=[report.code])).text
    assert "later erbij geschreven" not in page
    assert report.pupil.full_name in page


@time_machine.travel(NOON, tick=False)
def test_lists_cost_the_same_with_one_and_three_rows(
    client: Client, school: School, town: Municipality, people: dict[str, User]
) -> None:
    pages = {"report_list": "coo", "inbox": "officer", "meeting_list": "coo"}

    def add() -> None:
        report = sent(school, town, people)
        assert report.case is not None
        make_meeting(
            key=f"test:{report.pk}",
            kind=Meeting.Kind.OPP,
            school_id=school.pk,
            starts_at=NOON + timedelta(days=3),
            minutes=60,
            cases=[report.case.pk],
            guests={people["coo"].pk: Role.COO},
        )

    def costs() -> dict[str, int]:
        found = {}
        for name, who in pages.items():
            client.force_login(people[who])
            client.get(reverse(f"cases:{name}"))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(f"cases:{name}")).status_code == 200
            found[name] = len(queries)
        return found

    add()
    one = costs()
    add()
    add()
    assert costs() == one
    assert max(one.values()) <= 15


@time_machine.travel(NOON, tick=False)
def test_meeting_is_confirmed_from_its_page_and_a_stale_page_is_refused(
    client: Client, school: School, town: Municipality, people: dict[str, User]
) -> None:
    report = draft(school, town)
    assert report.case is not None
    meeting = make_meeting(
        key="test",
        kind=Meeting.Kind.OPP,
        school_id=school.pk,
        starts_at=NOON + timedelta(days=3),
        minutes=60,
        cases=[report.case.pk],
        guests={},
    )
    assert meeting is not None
    client.force_login(people["coo"])
    url = reverse("cases:meeting_confirm", args=[meeting.code])
    values = {"day": "2025-11-26", "time": "10:30", "minutes": "45", "place": "kamer 2", "sequence": "0"}
    assert client.post(url, values).status_code == 302
    meeting.refresh_from_db()
    assert meeting.starts_at == datetime(2025, 11, 26, 10, 30, tzinfo=AMSTERDAM)
    stale = client.post(url, values | {"time": "11:30"})
    assert stale.status_code == 400
    assert "iemand anders" in stale.context["refusal"]
    assert client.post(url, values | {"sequence": "1", "day": "2025-11-19"}).status_code == 400


@time_machine.travel(NOON + timedelta(days=30), tick=False)
def test_a_question_of_leerplicht_is_not_late_for_sending(
    client: Client, school: School, town: Municipality, people: dict[str, User]
) -> None:
    report = sent(school, town, people)
    ask_school(report=report, text="Wie is de mentor?", by=people["officer"])
    client.force_login(people["coo"])

    asked = client.get(reverse("cases:report_list"), headers={"HX-Request": "true"}).content.decode()
    draft(school, town)
    both = client.get(reverse("cases:report_list"), headers={"HX-Request": "true"}).content.decode()

    assert (asked.count("vraag van leerplicht"), asked.count("te laat")) == (1, 0)
    assert (both.count("vraag van leerplicht"), both.count("te laat")) == (1, 1)
