"""Pages of the table: what they show, what they cost, and that typed text comes back."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.engine.facts import Rule
from attendance.models import PupilClock
from cases.meeting_times import AMSTERDAM
from cases.models import Case, ParentsInformed, Phase, Signal
from tables.models import TableEntry
from tables.services.entries import entry_for, place
from tests import factories
from tests.cases.rows import a_crossing, a_pupil, a_school, a_user
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 20)
NOON = datetime(2025, 11, 20, 12, tzinfo=AMSTERDAM)


@pytest.fixture
def school() -> School:
    return a_school()


@pytest.fixture
def coo(school: School) -> User:
    return a_user(Role.COO, school)


def on_the_table(school: School, coo: User, phase: Phase = Phase.DREIGEND, **fields: object) -> TableEntry:
    pupil = a_pupil(school)
    case = Case.objects.create(
        pupil=pupil, school=school, school_of_enrolment=school, opened_on=TODAY, owner=coo, **fields
    )
    PupilClock.objects.create(pupil=pupil, dirty=False, run_since=date(2025, 11, 3), run_school_days=14)
    informed = ParentsInformed.objects.create(pupil=pupil, about="tafel", informed_on=TODAY, recorded_by=coo)
    entry = entry_for(case=case, phase=phase, today=TODAY)
    return place(entry=entry, phase=phase, informed=informed, by=coo, today=TODAY)


def cost(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@time_machine.travel(NOON, tick=False)
def test_board_costs_the_same_with_one_and_three_pupils(client: Client, school: School, coo: User) -> None:
    client.force_login(coo)
    on_the_table(school, coo)
    client.get(reverse("tables:board"))
    one = cost(client, reverse("tables:board"))
    on_the_table(school, coo)
    on_the_table(school, coo, Phase.THUISZITTER)
    assert cost(client, reverse("tables:board")) == one
    assert one <= 15


@time_machine.travel(NOON, tick=False)
def test_board_shows_phases_heaviest_first_and_late_steps_on_top(client: Client, school: School, coo: User) -> None:
    client.force_login(coo)
    calm = on_the_table(school, coo, next_step="Bellen", next_step_due=date(2025, 11, 28))
    late = on_the_table(school, coo, next_step="Bellen", next_step_due=date(2025, 11, 18))
    heavy = on_the_table(school, coo, Phase.LONG)
    blocks = client.get(reverse("tables:board")).context["blocks"]
    assert [(block.phase, [row.entry.pk for row in block.rows]) for block in blocks] == [
        (Phase.LONG, [heavy.pk]),
        (Phase.DREIGEND, [late.pk, calm.pk]),
    ]


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(("query", "shown"), [("fase=dreigend", 1), ("fase=onzin", 2), ("school=onzin", 2)])
def test_board_filters_on_what_it_knows(client: Client, school: School, coo: User, query: str, shown: int) -> None:
    client.force_login(coo)
    on_the_table(school, coo)
    on_the_table(school, coo, Phase.LONG)
    assert client.get(f"{reverse('tables:board')}?{query}").context["total"] == shown


@time_machine.travel(NOON, tick=False)
def test_place_pupil_asks_whether_parents_know_and_keeps_what_was_typed(
    client: Client, school: School, coo: User
) -> None:
    client.force_login(coo)
    pupil = a_pupil(school)
    url = reverse("tables:place_pupil", args=[pupil.code])
    answer = client.post(url, {"phase": "dreigend", "informed-how": "gebeld met moeder"})
    assert answer.status_code == 400
    assert answer.context["informed_form"]["how"].value() == "gebeld met moeder"
    assert not Case.objects.exists()
    full = {
        "phase": "dreigend",
        "informed-informed_on": "2025-11-19",
        "informed-informed_by": "Noor Bakker",
        "informed-how": "gebeld met moeder",
    }
    assert client.post(url, full).status_code == 302
    entry = TableEntry.objects.get()
    assert (entry.case.pupil, entry.case.phase, entry.placed_by) == (pupil, Phase.DREIGEND, coo)
    assert entry.informed is not None
    assert entry.informed.how == "gebeld met moeder"


@time_machine.travel(NOON, tick=False)
def test_place_pupil_answers_the_signals_that_waited(client: Client, school: School, coo: User) -> None:
    client.force_login(coo)
    pupil = a_pupil(school)
    ParentsInformed.objects.create(pupil=pupil, about="tafel", informed_on=TODAY, recorded_by=coo)
    crossing = a_crossing(pupil, Rule.STRUCTURAL, date(2025, 10, 6), TODAY)
    Signal.objects.create(crossing=crossing, pupil=pupil, school=school, audience=Role.COO, revision=1)
    client.post(reverse("tables:place_pupil", args=[pupil.code]), {"phase": "dreigend"})
    signal = Signal.objects.get()
    assert (signal.answer, signal.case) == (Signal.Answer.TABLE, Case.objects.get())


@time_machine.travel(NOON, tick=False)
def test_pupil_from_sixteen_is_asked_about_as_well(client: Client, school: School, coo: User) -> None:
    client.force_login(coo)
    for born, asks in ((date(2009, 11, 20), True), (date(2009, 11, 21), False)):
        pupil = a_pupil(school, born=born)
        form = client.get(reverse("tables:place_pupil", args=[pupil.code])).context["informed_form"]
        assert ("pupil_informed_on" in form.fields) is asks


@time_machine.travel(NOON, tick=False)
def test_alliance_sees_the_entry_without_a_way_into_the_file(client: Client, school: School, coo: User) -> None:
    entry = on_the_table(school, coo)
    assert school.alliance is not None
    client.force_login(factories.member(Role.SWV, school.alliance))
    page = client.get(reverse("tables:entry_detail", args=[entry.code]))
    assert page.status_code == 200
    assert reverse("cases:case_detail", args=[entry.case.code]) not in page.text
    assert "form" not in page.context
