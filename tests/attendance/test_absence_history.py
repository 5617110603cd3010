"""The history of records: who, when, what it was, and why; imports and withdrawn records too."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from attendance.listings.absence_history import absence_history
from attendance.models import Absence, AbsenceVersion, Pupil, RegisterImport
from attendance.services.absences import Content, change_absence, withdraw_absence
from tests import factories
from thuiszitters.accounts.authorizer import access_to
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
MONDAY, TUESDAY = date(2026, 1, 12), date(2026, 1, 13)


@pytest.fixture(autouse=True)
def no_follow_up(settings: Settings) -> None:
    settings.FOLLOW_UP_TASKS = []


@pytest.fixture
def school() -> School:
    return factories.school()


@pytest.fixture
def by(school: School) -> User:
    return factories.member(Role.ADMINISTRATIE, school, factories.user(name="Noor de Wit"))


@pytest.fixture
def child(school: School) -> Pupil:
    return factories.pupil(school)


def steps(child: Pupil, by: User) -> list[list[tuple[str, str, tuple[str, ...], str]]]:
    found = absence_history(child, by, TODAY)
    return [[(step.who, step.what, step.changes, step.why) for step in row.steps] for row in found]


def test_each_change_says_who_what_it_was_and_why(child: Pupil, by: User) -> None:
    absence = factories.absence(child, MONDAY, code="onbekend", entered_by=by)
    change_absence(absence=absence, content=Content(MONDAY, None, factories.reason()), by=by, today=TODAY)
    content = Content(MONDAY, TUESDAY, factories.reason())
    change_absence(absence=absence, content=content, by=by, today=TODAY, why="Ouders belden")
    withdraw_absence(absence=absence, by=by, today=TODAY, why="Verkeerde leerling")

    assert steps(child, by) == [
        [
            ("Noor de Wit", "meldde dit", (), ""),
            ("Noor de Wit", "wijzigde dit", ("Reden: eerst “Reden nog niet bekend”, toen “Ziek”.",), ""),
            (
                "Noor de Wit",
                "wijzigde dit",
                ("Laatste dag: eerst tot nader bericht, toen di 13 jan.",),
                "Ouders belden",
            ),
            ("Noor de Wit", "trok dit in", (), "Verkeerde leerling"),
        ]
    ]


def test_an_import_is_named_with_its_day(child: Pupil, by: User) -> None:
    source = RegisterImport.objects.create(kind="absences")
    RegisterImport.objects.update(started_at=datetime(2026, 1, 13, 8, tzinfo=UTC))
    source.refresh_from_db()
    absence = factories.absence(child, MONDAY, MONDAY, minutes=60, lesson=2, source=source)
    AbsenceVersion.objects.create(
        absence=absence, first=MONDAY, last=MONDAY, minutes=50, lesson=1, reason=absence.reason, source=source
    )

    assert steps(child, by) == [
        [
            ("De import van di 13 jan", "las dit in", (), ""),
            (
                "De import van di 13 jan",
                "wijzigde dit",
                ("Hoe lang: eerst 50 minuten, toen 60 minuten.", "Lesuur: eerst 1, toen 2."),
                "",
            ),
        ]
    ]


def test_a_record_withdrawn_without_a_version_is_told_as_well(child: Pupil, by: User) -> None:
    """As an import does that no longer has the record."""
    factories.absence(child, MONDAY, MONDAY, withdrawn_at=timezone.now())

    assert [step[:2] for step in steps(child, by)[0]] == [("Een import", "las dit in"), ("Een import", "trok dit in")]


def test_days_at_another_school_are_not_named(child: Pupil, by: User) -> None:
    child.enrolments.update(first=MONDAY)
    factories.enrolment(child, factories.school(), last=date(2026, 1, 9))
    absence = factories.absence(child, date(2026, 1, 7))
    change_absence(absence=absence, content=Content(date(2026, 1, 8), None, factories.reason()), by=by, today=TODAY)

    (row,) = absence_history(child, by, TODAY)

    assert row.record.first == MONDAY
    assert row.steps[1].changes == (
        "Eerste dag: eerst een dag op een andere school, toen een dag op een andere school.",
    )


def test_records_of_another_school_are_not_there(child: Pupil, by: User) -> None:
    child.enrolments.update(first=MONDAY)
    factories.enrolment(child, factories.school(), last=date(2026, 1, 9))
    factories.absence(child, date(2026, 1, 7), date(2026, 1, 8))

    assert absence_history(child, by, TODAY) == []


def test_the_page_is_logged_and_linked_from_the_record(child: Pupil, by: User, client: Client) -> None:
    absence = factories.absence(child, TUESDAY, entered_by=by)
    gone = factories.absence(child, MONDAY, MONDAY, entered_by=by)
    withdraw_absence(absence=gone, by=by, today=TODAY)
    client.force_login(by)
    url = reverse("attendance:absence_history", kwargs={"code": child.code})

    page = client.get(url).content.decode()

    assert (
        f'href="{url}#m-{absence.code}"'
        in client.get(reverse("attendance:pupil_detail", kwargs={"code": child.code})).content.decode()
    )
    assert f'id="m-{absence.code}"' in page
    assert page.count(">ingetrokken<") == 1
    assert Entry.objects.filter(what="geschiedenis van meldingen", subject=child.code).count() == 1


def test_queries_do_not_follow_the_number_of_records(
    child: Pupil, by: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made: list[Absence] = []
    for day in range(1, 21):
        absence = factories.absence(child, date(2025, 11, day), date(2025, 11, day), entered_by=by)
        made.append(absence)
    for absence in made[:10]:
        content = Content(absence.first, absence.last, factories.reason("geoorloofd"))
        change_absence(absence=absence, content=content, by=by, today=TODAY)

    access_to(by, child.code)  # A page has asked this by then, to log who looks and why.
    with django_assert_num_queries(3):
        assert len(absence_history(child, by, TODAY)) == 20
