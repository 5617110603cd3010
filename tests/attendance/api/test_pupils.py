"""Pupils that a system pushes, and what it says of completeness."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from attendance.models import Enrolment, Pupil
from tests import factories
from tests.attendance.api.conftest import Ask
from thuiszitters.accounts.models import School

pytestmark = pytest.mark.django_db

SAM: dict[str, Any] = {
    "leerlingnummer": "0017",
    "roepnaam": "Sam",
    "tussenvoegsel": "van den",
    "achternaam": 'Berg; "de jonge"',
    "geboortedatum": "2013-05-14",
    "klas": "2A",
    "ingeschreven_van": "2025-08-01",
    "ingeschreven_tot": None,
}


def test_a_pupil_comes_in_once_with_the_class(ask: Ask, school: School) -> None:
    first = ask("post", "leerlingen", {"leerlingen": [SAM]}).json()
    again = ask("post", "leerlingen", {"leerlingen": [SAM]}).json()

    assert (first["nieuw"], again["nieuw"], again["gelijk"]) == (1, 0, 1)
    pupil = Pupil.objects.get()
    assert (pupil.number, pupil.full_name) == ("0017", 'Sam van den Berg; "de jonge"')
    enrolment = Enrolment.objects.get()
    assert (enrolment.school, enrolment.place, str(enrolment.group)) == (school, school, "2A")


def test_a_name_that_starts_like_a_formula_is_just_a_name(ask: Ask, school: School) -> None:
    ask("post", "leerlingen", {"leerlingen": [SAM | {"achternaam": "=1+1"}]})

    assert Pupil.objects.get().surname == "=1+1"


def test_refused_rows_are_named_by_their_place(ask: Ask, school: School) -> None:
    rows = [SAM, SAM | {"leerlingnummer": "2", "geboortedatum": "2026-01-13"}]
    answer = ask("post", "leerlingen", {"leerlingen": rows}).json()

    assert (answer["nieuw"], answer["geweigerd"]) == (1, 1)
    assert [(row["nr"], row["resultaat"], row["veld"]) for row in answer["regels"]] == [
        (2, "geweigerd", "ingeschreven_van")
    ]


@pytest.mark.parametrize(("day", "status"), [("2026-01-14", 200), ("2026-01-15", 422)])
def test_a_day_to_come_is_not_complete(ask: Ask, school: School, day: str, status: int) -> None:
    assert ask("put", "compleet", {"tot_en_met": day}).status_code == status


def test_complete_through_never_moves_back(ask: Ask, school: School) -> None:
    ask("put", "compleet", {"tot_en_met": "2026-01-13"})
    answer = ask("put", "compleet", {"tot_en_met": "2026-01-12"}).json()

    assert answer == {"tot_en_met": "2026-01-13", "verschoven": False}
    school.refresh_from_db()
    assert school.complete_through == date(2026, 1, 13)


def test_completeness_ends_the_run_of_who_was_not_reported(ask: Ask, school: School) -> None:
    pupil = factories.pupil(at=school)
    body = {"leerlingnummer": pupil.number, "van": "2026-01-05", "tot": "2026-01-09", "reden": "ziek"}
    ask("put", "verzuim/a-1", body)
    ask("put", "compleet", {"tot_en_met": "2026-01-13"})

    school.refresh_from_db()
    assert school.complete_through == date(2026, 1, 13)
