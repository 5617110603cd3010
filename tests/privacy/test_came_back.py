"""A child whose data was destroyed does not come back unnoticed, with an old file or by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from attendance.importing.result import ImportResult
from attendance.models import Enrolment, Pupil
from attendance.services.arrangement_history import Author
from attendance.services.enrolments import enrol_pupil
from attendance.services.periods import PeriodError
from tests import factories
from tests.attendance.importing.files import counts, imported, one_refusal
from tests.attendance.office_pages import Pages
from tests.privacy.lives import ABSENCE_GOES, LEFT, NAME, pupil_who_left
from tests.privacy.test_destroying import destroyed
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.models import Entry
from thuiszitters.privacy.parts import Holder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

GONE_ON = ABSENCE_GOES
"""The day of the destruction, on which all of this happens unless a test says otherwise."""
AGAIN = date(2031, 9, 1)
COLUMNS = "leerlingnummer;roepnaam;achternaam;geboortedatum;brin;ingeschreven_van;ingeschreven_tot\n"


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


def gone(school: School, **fields: Any) -> None:
    """A pupil of this school with number L7 of whom nothing is left."""
    pupil_who_left(school, **{"number": "L7"} | fields)
    with time_machine.travel(GONE_ON, tick=False):
        destroyed(Holder(school.pk), GONE_ON)


def row(school: School, first: date, last: date | None = None, number: str = "L7") -> str:
    until = f"{last:%d-%m-%Y}" if last else ""
    return f"{number};Sam;{NAME};14-05-2013;{school.brin};{first:%d-%m-%Y};{until}\n"


def taken_in(*rows: str) -> ImportResult:
    with time_machine.travel(AGAIN, tick=False):
        return imported("pupils", COLUMNS + "".join(rows), today=AGAIN)


def test_an_old_file_brings_nobody_back(school: School) -> None:
    gone(school)
    assert not Pupil.objects.exists()

    result = taken_in(row(school, date(2025, 8, 1), LEFT))

    assert counts(result) == (0, 0, 0, 1)
    assert "op 01-08-2031 vernietigd (laat deze rij weg" in one_refusal(result)
    assert not Pupil.objects.exists()


@pytest.mark.parametrize(("first", "remedy"), [(GONE_ON, "laat deze rij weg"), (date(2031, 8, 2), "met de hand in")])
def test_a_file_alone_cannot_say_that_a_child_came_back(school: School, first: date, remedy: str) -> None:
    gone(school)

    result = taken_in(row(school, first), row(school, first, number="L8"))

    assert counts(result) == (1, 0, 0, 1)
    assert remedy in one_refusal(result)
    assert Pupil.objects.get().number == "L8"


def test_the_file_of_another_school_is_not_asked(school: School) -> None:
    """With a child of the same number, name and birth date: what was destroyed was of one school."""
    gone(school)

    assert counts(taken_in(row(factories.school(), date(2025, 8, 1)))) == (1, 0, 0, 0)


def test_of_a_pupil_who_is_at_another_school_the_years_that_were_destroyed_stay_away(school: School) -> None:
    elsewhere = factories.school()
    child = pupil_who_left(school, number="L7")
    factories.enrolment(child, elsewhere, first=date(2026, 8, 1))
    with time_machine.travel(GONE_ON, tick=False):
        destroyed(Holder(school.pk), GONE_ON)
    assert Pupil.objects.get() == child
    Enrolment.objects.update(last=GONE_ON)

    old = taken_in(row(school, date(2025, 8, 1), LEFT))
    back = taken_in(row(school, AGAIN))

    assert counts(old) == (0, 0, 0, 1)
    assert counts(back) == (1, 0, 0, 0)
    assert Enrolment.objects.filter(school=school).get().first == AGAIN
    Enrolment.objects.all().delete()
    with pytest.raises(PeriodError, match="vernietigd"):
        enrol_pupil(pupil=child, school=school, first=GONE_ON, author=Author(None), today=AGAIN)


def test_looking_whether_somebody_came_back_costs_one_query(school: School) -> None:
    for number in range(1, 6):
        pupil_who_left(school, number=f"L{number}")
    with time_machine.travel(GONE_ON, tick=False):
        destroyed(Holder(school.pk), GONE_ON)
    asked = []
    for amount in (1, 5):
        rows = [row(school, date(2025, 8, 1), number=f"L{number}") for number in range(1, amount + 1)]
        with CaptureQueriesContext(connection) as queries:
            assert taken_in(*rows).refused == amount
        asked.append([query for query in queries if "tombstone" in query["sql"]])

    assert [len(queries) for queries in asked] == [1, 1]


# ------------------------------------------------------------------------------------------- by hand


def asked(school: School, first: date) -> dict[str, Any]:
    return {
        "number": "L7",
        "first_name": "Sam",
        "name_prefix": "",
        "surname": NAME,
        "birth_date": "2013-05-14",
        "municipality": "",
        "school": school.code,
        "group": "",
        "first": first.isoformat(),
    }


def test_by_hand_it_is_told_and_takes_a_yes(school: School, client: Client) -> None:
    gone(school)
    with time_machine.travel(AGAIN, tick=False):
        client.force_login(factories.member(Role.ADMINISTRATIE, school))
        pages = Pages(client)

        assert "op 1 augustus 2031 vernietigd" in pages.ask("pupil_add", **asked(school, AGAIN))
        assert not Pupil.objects.exists()
        without = pages.ask("pupil_add", **asked(school, AGAIN), confirmed="1")
        assert "Kruis aan dat het echt is teruggekomen." in without
        assert not Pupil.objects.exists()
        pages.save("pupil_add", **asked(school, AGAIN), came_back="on")

        child = Pupil.objects.get()
        told = Entry.objects.get(what="weer ingeschreven na vernietiging")
        assert (told.subject, told.detail["vernietigd op"]) == (child.code, "2031-08-01")
        assert counts(taken_in(row(school, AGAIN))) == (0, 0, 1, 0)


def test_by_hand_the_days_before_the_destruction_stay_away(school: School, client: Client) -> None:
    gone(school)
    with time_machine.travel(AGAIN, tick=False):
        client.force_login(factories.member(Role.ADMINISTRATIE, school))
        page = Pages(client).ask("pupil_add", **asked(school, GONE_ON), confirmed="1", came_back="on")

    assert "kies een eerste dag van daarna" in page
    assert not Pupil.objects.exists()


def test_by_hand_a_child_that_was_never_here_is_asked_nothing(school: School, client: Client) -> None:
    gone(school, number="L8")
    with time_machine.travel(AGAIN, tick=False):
        client.force_login(factories.member(Role.ADMINISTRATIE, school))

        assert "vernietigd" not in Pages(client).ask("pupil_add", **asked(school, AGAIN))
