"""Te doen: the steps of this week, and the open cases for which nobody planned one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.listings.steps import cases_without_step, to_do
from cases.models import Case, Step
from cases.services.cases import open_case
from cases.services.steps import plan_step
from tests.cases.rows import a_mentor, a_pupil, a_school, a_user
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def a_tuesday() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return a_school()


@pytest.fixture
def coo(school: School) -> User:
    return a_user(Role.COO, school)


def a_case(school: School) -> Case:
    return open_case(pupil=a_pupil(school), today=TODAY)[0]


def a_step(case: Case, coo: User, due_on: date = TODAY, title: str = "Bel de ouders") -> Step:
    return plan_step(case=case, title=title, role=Role.COO, due_on=due_on, by=coo)


def done(client: Client, step: Step, **fields: str) -> str:
    """The part after the step was said to be done on "Vandaag"."""
    url = reverse("cases:step_complete", args=[step.code])
    return client.post(url, {"short": "1", **fields}, headers=HTMX).content.decode()


@pytest.mark.parametrize(
    ("steps", "without", "expected"),
    [
        (6, 0, (6, 0, 0)),
        (7, 0, (6, 0, 1)),
        (7, 1, (5, 1, 2)),
        (7, 3, (4, 2, 4)),
        (1, 6, (1, 5, 1)),
        (0, 6, (0, 6, 0)),
    ],
)
def test_today_shows_six_lines_of_which_two_are_kept_for_cases_without_a_step(
    school: School, coo: User, steps: int, without: int, expected: tuple[int, int, int]
) -> None:
    for number in range(steps):
        a_step(a_case(school), coo, TODAY - timedelta(days=number))
    for _ in range(without):
        a_case(school)

    found = to_do(coo, TODAY, at_most=6)

    assert (len(found.steps), len(found.cases), found.more) == expected


def test_the_page_itself_shows_everything(client: Client, school: School, coo: User) -> None:
    for _ in range(8):
        a_step(a_case(school), coo)
    client.force_login(coo)
    url = reverse("cases:step_list")

    assert client.get(url).content.decode().count('id="stap-') == 8
    assert client.get(url, headers=HTMX).content.decode().count('id="stap-') == 6


def test_a_case_without_a_step_is_for_its_owner_and_the_coo_of_the_school(school: School, coo: User) -> None:
    case = a_case(school)
    owner, colleague = a_user(Role.ZORGCOACH, school), a_user(Role.ZORGCOACH, school)
    stranger = a_user(Role.COO, a_school())
    Case.objects.filter(pk=case.pk).update(owner=owner)

    asked = [list(cases_without_step(user)) for user in (coo, owner, colleague, stranger, a_mentor(case.pupil))]

    assert asked == [[case], [case], [], [], []]


def test_a_case_with_a_step_and_a_closed_case_ask_for_nothing(school: School, coo: User) -> None:
    a_step(a_case(school), coo)
    closed = a_case(school)
    Case.objects.filter(pk=closed.pk).update(closed_at=f"{TODAY}T10:00Z", closed_by=coo, closed_reason="Is terug.")

    assert list(cases_without_step(coo)) == []


def test_the_last_step_that_is_done_without_a_next_one_puts_the_case_in_the_list(
    client: Client, school: School, coo: User
) -> None:
    case = a_case(school)
    step = a_step(case, coo)
    client.force_login(coo)

    assert "Plan een volgende stap voor Sam" in done(client, step)


def test_the_last_step_asks_for_the_next_and_plans_it_at_once(client: Client, school: School, coo: User) -> None:
    case = a_case(school)
    step = a_step(case, coo)
    client.force_login(coo)
    assert 'name="next_title"' in client.get(reverse("cases:step_list"), headers=HTMX).content.decode()

    done(client, step, text="Vader gesproken.", next_title="Huisbezoek", next_due="2026-11-27")

    case.refresh_from_db()
    assert (case.next_step, case.next_step_due) == ("Huisbezoek", date(2026, 11, 27))
    assert list(case.steps.filter(done_at=None).values_list("role", flat=True)) == ["coo"]


def test_a_step_that_is_not_the_last_does_not_ask(client: Client, school: School, coo: User) -> None:
    case = a_case(school)
    a_step(case, coo)
    a_step(case, coo, TODAY + timedelta(days=1))
    client.force_login(coo)

    assert 'name="next_title"' not in client.get(reverse("cases:step_list"), headers=HTMX).content.decode()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"next_title": "Huisbezoek"}, "Vul ook in op welke dag"),
        ({"next_due": "2026-11-27"}, "Vul ook in wat de volgende stap is."),
        ({"next_title": "Huisbezoek", "next_due": "2026-11-23"}, "Deze dag is al voorbij."),
    ],
)
def test_half_a_next_step_is_asked_again_and_what_was_typed_stays(
    client: Client, school: School, coo: User, typed: dict[str, str], why: str
) -> None:
    step = a_step(a_case(school), coo)
    client.force_login(coo)

    text = done(client, step, text="Vader gesproken.", **typed)

    step.refresh_from_db()
    assert why in text
    assert 'value="Vader gesproken."' in text
    assert step.done_at is None


def test_a_mentor_finishes_a_step_and_plans_none(client: Client, school: School, coo: User) -> None:
    case = a_case(school)
    step = plan_step(case=case, title="Praat met Sam", role=Role.MENTOR, due_on=TODAY, by=coo)
    client.force_login(a_mentor(case.pupil))
    assert 'name="next_title"' not in client.get(reverse("cases:step_list"), headers=HTMX).content.decode()

    done(client, step, next_title="Huisbezoek", next_due="2026-11-27")

    assert case.steps.filter(done_at=None).count() == 0


@pytest.mark.parametrize(("role", "links"), [(Role.COO, 1), (Role.ZORGCOACH, 0)])
def test_only_the_coo_gets_the_link_to_the_table(
    client: Client, school: School, coo: User, role: Role, links: int
) -> None:
    case = a_case(school)
    Step.objects.create(case=case, kind="tafel", title="Beslis", role=Role.COO, due_on=TODAY)
    client.force_login(coo if role is Role.COO else a_user(role, school))

    page = client.get(reverse("cases:case_detail", args=[case.code])).content.decode()

    assert page.count(reverse("tables:place_pupil", args=[case.pupil.code])) == links


def test_the_number_of_queries_does_not_follow_the_number_of_lines(client: Client, school: School, coo: User) -> None:
    counts = []
    client.force_login(coo)
    for _ in range(3):
        a_step(a_case(school), coo)
        a_case(school)
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("cases:step_list"))
        counts.append(len(found))

    assert counts[0] == counts[2]


def test_the_address_of_the_part_leads_to_the_case(client: Client, school: School, coo: User) -> None:
    case = a_case(school)
    client.force_login(coo)
    url = reverse("cases:case_of_pupil", args=[case.pupil.code])

    assert client.get(url).headers["Location"] == reverse("cases:case_detail", args=[case.code])
    assert client.get(url, headers=HTMX).content.decode().count("<html") == 0


def test_the_page_of_a_pupil_with_a_case_leads_once_to_who_can_see_this(
    client: Client, school: School, coo: User
) -> None:
    """The page has that link itself, since a pupil without a case has it too; the file has it among its tabs."""
    case = a_case(school)
    client.force_login(coo)
    link = f'href="{reverse("privacy:who_can_see", args=[case.pupil.code])}"'

    page = client.get(reverse("attendance:pupil_detail", args=[case.pupil.code])).content.decode()
    part = client.get(reverse("cases:case_of_pupil", args=[case.pupil.code]), headers=HTMX).content.decode()
    file = client.get(reverse("cases:case_detail", args=[case.code])).content.decode()

    assert [text.count(link) for text in (page, part, file)] == [1, 0, 1]


def test_the_address_of_the_part_is_a_page_when_there_is_no_case(client: Client, school: School, coo: User) -> None:
    pupil = a_pupil(school)
    client.force_login(coo)

    page = client.get(reverse("cases:case_of_pupil", args=[pupil.code])).content.decode()

    assert page.count("<html") == 1
    assert "Open een dossier" in page
