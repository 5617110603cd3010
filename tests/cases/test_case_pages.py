"""Nieuw, Te doen and the pupil's file, as somebody sees and uses them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from attendance.engine.facts import Rule
from cases.models import Case, LogEntry, Signal, Step
from cases.services.cases import open_case
from cases.services.signals import follow_up
from tests.cases.rows import a_crossing, a_mentor, a_pupil, a_run, a_school, a_user, away
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
START = date(2026, 11, 3)
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


def signalled(school: School, *rules: Rule) -> Signal:
    """The heaviest signal of a pupil who crossed `rules` today."""
    pupil = a_pupil(school)
    a_run(pupil, START)
    for rule in rules:
        a_crossing(pupil, rule, START, TODAY)
    follow_up(today=TODAY)
    return Signal.objects.filter(pupil=pupil).order_by("-urgency")[0]


class Tags(HTMLParser):
    """Start tags with their attributes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def lines_of(client: Client) -> list[str]:
    """The codes of the signals in Nieuw, in order."""
    text = client.get(reverse("cases:signal_list"), headers=HTMX).content.decode()
    ids = [attrs.get("id") or "" for tag, attrs in Tags(text).found if tag == "li"]
    return [name.removeprefix("signaal-") for name in ids if name.startswith("signaal-")]


def test_the_most_urgent_comes_first_and_a_pupil_is_one_line(client: Client, school: School, coo: User) -> None:
    light = signalled(school, Rule.STRUCTURAL)
    heavy = signalled(school, Rule.HOME_2W, Rule.HOME_4W)
    client.force_login(coo)

    assert lines_of(client) == [str(heavy.code), str(light.code)]
    assert heavy.crossing.rule == "thuis-4w"


@pytest.mark.parametrize(("structural", "folded"), [(0, 0), (1, 0), (2, 2), (3, 3)])
def test_who_only_misses_lessons_structurally_stands_under_one_line(
    client: Client, school: School, coo: User, structural: int, folded: int
) -> None:
    light = [signalled(school, Rule.STRUCTURAL) for _ in range(structural)]
    heavy = signalled(school, Rule.HOME_2W, Rule.STRUCTURAL)
    client.force_login(coo)

    response = client.get(reverse("cases:signal_list"))

    assert len(response.context["folded"]) == folded
    assert len(response.context["lines"]) == 1 + structural - folded
    assert response.context["lines"][0].first == heavy
    assert sorted(lines_of(client)) == sorted(str(signal.code) for signal in [heavy, *light])
    text = response.content.decode()
    assert (f"{folded} leerlingen missen structureel lessen" in text) is bool(folded)


@pytest.mark.parametrize("known", ["case", "withdrawn"])
def test_a_structural_signal_that_asks_for_more_stands_open(
    client: Client, school: School, coo: User, known: str
) -> None:
    one = signalled(school, Rule.STRUCTURAL)
    if known == "case":
        case, _ = open_case(pupil=one.pupil, today=TODAY)
        Signal.objects.filter(pk=one.pk).update(case=case)
    else:
        Signal.objects.filter(pk=one.pk).update(withdrawn=True)
    for _ in range(2):
        signalled(school, Rule.STRUCTURAL)
    client.force_login(coo)

    context = client.get(reverse("cases:signal_list")).context

    assert [line.first for line in context["lines"]] == [one]
    assert len(context["folded"]) == 2


def test_answering_in_the_fold_leaves_it_unfolded(client: Client, school: School, coo: User) -> None:
    first, _, heavy = (signalled(school, rule) for rule in (Rule.STRUCTURAL, Rule.STRUCTURAL, Rule.HOME_2W))
    signalled(school, Rule.STRUCTURAL)
    client.force_login(coo)
    answers = {"answer": "nu_niet", "text": "Griep"}

    def is_open(signal: Signal) -> bool:
        url = reverse("cases:signal_answer", args=[signal.code])
        text = client.post(url, answers, headers=HTMX).content.decode()
        (fold,) = [attrs for tag, attrs in Tags(text).found if tag == "details" and attrs.get("id") == "structureel"]
        return "open" in fold

    assert is_open(first) is True
    assert is_open(heavy) is False


def test_a_coo_is_not_asked_what_is_for_the_mentor(client: Client, school: School, coo: User) -> None:
    signal = signalled(school, Rule.SICK_7D)
    client.force_login(coo)
    assert lines_of(client) == []

    client.force_login(a_mentor(signal.pupil))
    assert lines_of(client) == [str(signal.code)]


def test_the_part_is_no_whole_page_and_the_page_works_without_it(client: Client, school: School, coo: User) -> None:
    signalled(school, Rule.HOME_2W)
    client.force_login(coo)

    part = client.get(reverse("cases:signal_list"), headers=HTMX).content.decode()
    page = client.get(reverse("cases:signal_list")).content.decode()

    assert ("<html" in part, "<html" in page) == (False, True)
    assert (part.count("signaal-"), page.count("signaal-")) == (1, 1)


def test_not_now_needs_a_reason_and_keeps_what_was_typed(client: Client, school: School, coo: User) -> None:
    signal = signalled(school, Rule.HOME_2W)
    client.force_login(coo)
    url = reverse("cases:signal_answer", args=[signal.code])

    refused = client.post(url, {"answer": "nu_niet", "text": "  "})
    wrong = client.post(url, {"answer": "gesprek", "text": "Al gebeld met vader"})
    taken = client.post(url, {"answer": "nu_niet", "text": "Opname in het ziekenhuis"})

    signal.refresh_from_db()
    assert (refused.status_code, wrong.status_code, taken.status_code) == (400, 400, 302)
    assert "waarom" in refused.content.decode()
    assert 'value="Al gebeld met vader"' in wrong.content.decode()
    assert (signal.answer, signal.answered_by) == ("nu_niet", coo)


def test_answered_in_place_the_line_is_gone(client: Client, school: School, coo: User) -> None:
    signal, other = signalled(school, Rule.HOME_2W), signalled(school, Rule.STRUCTURAL)
    client.force_login(coo)

    part = client.post(
        reverse("cases:signal_answer", args=[signal.code]), {"answer": "nu_niet", "text": "Opname"}, headers=HTMX
    ).content.decode()

    assert (f"signaal-{signal.code}" in part, f"signaal-{other.code}" in part, "<html" in part) == (False, True, False)


def test_open_case_goes_to_the_file(client: Client, school: School, coo: User) -> None:
    signal = signalled(school, Rule.STRUCTURAL)
    client.force_login(coo)

    answer = client.post(reverse("cases:signal_answer", args=[signal.code]), {"answer": "dossier"})

    assert answer["Location"] == reverse("cases:case_detail", args=[Case.objects.get().code])


def test_preparing_goes_to_the_report(client: Client, school: School, coo: User) -> None:
    pupil = a_pupil(school)
    away(pupil, START, None)
    a_crossing(pupil, Rule.HOURS_16, START, date(2026, 11, 6))
    follow_up(today=TODAY)
    client.force_login(coo)

    answer = client.post(
        reverse("cases:signal_answer", args=[Signal.objects.get().code]), {"answer": "melding"}, headers=HTMX
    )

    from cases.models import Report  # noqa: PLC0415 - only this test needs it

    assert answer["HX-Redirect"] == reverse("cases:report_detail", args=[Report.objects.get().code])


def test_a_mentor_does_not_answer_for_the_coo(client: Client, school: School) -> None:
    signal = signalled(school, Rule.HOME_2W)
    client.force_login(a_mentor(signal.pupil))

    answer = client.post(reverse("cases:signal_answer", args=[signal.code]), {"answer": "nu_niet", "text": "x"})

    assert answer.status_code == 404


def test_a_step_is_done_from_the_list(client: Client, school: School, coo: User) -> None:
    signalled(school, Rule.HOME_2W)
    client.force_login(coo)
    step = Step.objects.get(kind="bellen")
    page = client.get(reverse("cases:step_list")).content.decode()

    client.post(reverse("cases:step_complete", args=[step.code]), {"text": "Vader gesproken."}, headers=HTMX)

    step.refresh_from_db()
    assert f"stap-{step.code}" in page
    assert (step.done_by, step.outcome) == (coo, "Vader gesproken.")
    assert f"stap-{step.code}" not in client.get(reverse("cases:step_list")).content.decode()


def test_a_note_that_is_refused_stays_in_the_form(client: Client, school: School, coo: User) -> None:
    case, _ = open_case(pupil=a_pupil(school), today=TODAY)
    client.force_login(coo)
    url = reverse("cases:case_write", args=[case.code])

    refused = client.post(url, {"kind": "contact", "day": "2026-11-25", "text": "Lang gesprek met oma"})
    saved = client.post(url, {"kind": "contact", "day": "2026-11-23", "text": "Lang gesprek met oma"})

    case.refresh_from_db()
    assert (refused.status_code, saved.status_code) == (400, 302)
    assert "Lang gesprek met oma" in refused.content.decode()
    assert case.last_contact_on == date(2026, 11, 23)
    assert LogEntry.objects.filter(kind="contact").count() == 1


def test_opening_a_file_is_written_down_and_shown(client: Client, school: School, coo: User) -> None:
    case, _ = open_case(pupil=a_pupil(school), today=TODAY)
    client.force_login(coo)
    client.get(reverse("cases:case_detail", args=[case.code]))

    page = client.get(reverse("privacy:who_can_see", args=[case.pupil.code])).content.decode()

    assert [entry.what for entry in Entry.objects.filter(subject=case.pupil.code, actor=coo.code).order_by("pk")] == [
        "dossier",
        "wie kan dit zien",
    ]
    assert (coo.name in page, "dossier" in page) == (True, True)


def test_a_title_names_no_child(client: Client, school: School, coo: User) -> None:
    case, _ = open_case(pupil=a_pupil(school), today=TODAY)
    client.force_login(coo)
    for name in ("case_detail", "case_log", "case_meetings", "case_reports"):
        text = client.get(reverse(f"cases:{name}", args=[case.code])).content.decode()
        assert case.pupil.surname not in text.partition("</title>")[0]


def test_a_closed_case_is_read_only(client: Client, school: School, coo: User) -> None:
    case, _ = open_case(pupil=a_pupil(school), today=TODAY)
    client.force_login(coo)
    client.post(reverse("cases:case_close", args=[case.code]), {"text": "Weer op school"})

    answer = client.post(reverse("cases:case_plan_step", args=[case.code]), {"title": "x"})
    page = client.get(reverse("cases:case_detail", args=[case.code])).content.decode()

    assert (answer.status_code, "<form" in page.partition('id="inhoud"')[2]) == (403, False)


@pytest.mark.parametrize("name", ["signal_list", "step_list", "case_list"])
def test_a_list_asks_as_many_questions_for_one_row_as_for_three(
    name: str, client: Client, school: School, coo: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(coo)
    signalled(school, Rule.HOME_2W)
    with django_assert_max_num_queries(15) as one:
        client.get(reverse(f"cases:{name}"))
    for _ in range(2):
        signalled(school, Rule.HOME_2W)
    with django_assert_max_num_queries(15) as three:
        text = client.get(reverse(f"cases:{name}")).content.decode()

    assert len(three) == len(one)
    assert text.count("Sam van den Berg") + text.count(", Sam van den") >= 3
