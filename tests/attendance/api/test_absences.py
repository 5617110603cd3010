"""Absence that a system pushes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendance.models import Absence, AbsenceVersion, Crossing, Pupil, PushedAbsence, Reason
from tests import factories
from tests.attendance.api.conftest import Ask, key_of
from thuiszitters.accounts.models import School

pytestmark = pytest.mark.django_db


def sent(pupil: Pupil, **changes: Any) -> dict[str, Any]:
    return {"leerlingnummer": pupil.number, "van": "2026-01-12", "tot": None, "reden": "ziek"} | changes


def test_a_record_comes_in_once_however_often_it_is_sent(ask: Ask, pupil: Pupil) -> None:
    statuses = [ask("put", "verzuim/a-1", sent(pupil)).status_code for _ in range(3)]

    assert statuses == [201, 200, 200]
    record = Absence.objects.get()
    assert (record.first, record.last, record.reason.code) == (date(2026, 1, 12), None, "ziek")
    assert AbsenceVersion.objects.count() == 0


def test_the_answer_is_the_record_as_it_stands(ask: Ask, pupil: Pupil) -> None:
    answer = ask("put", "verzuim/a-1", sent(pupil)).json()

    assert answer == {
        "bron_id": "a-1",
        "leerlingnummer": pupil.number,
        "van": "2026-01-12",
        "tot": None,
        "reden": "ziek",
        "minuten": None,
        "lesuur": None,
        "ingetrokken": False,
    }
    assert ask("get", "verzuim/a-1").json() == answer


def test_the_same_name_moves_the_record_and_keeps_what_it_was(ask: Ask, pupil: Pupil) -> None:
    ask("put", "verzuim/a-1", sent(pupil, reden="onbekend"))
    answer = ask("put", "verzuim/a-1", sent(pupil, van="2026-01-09", tot="2026-01-13", reden="ziek"))

    assert answer.status_code == 200
    record = Absence.objects.get()
    assert (record.first, record.last, record.reason.code) == (date(2026, 1, 9), date(2026, 1, 13), "ziek")
    was = AbsenceVersion.objects.get()
    assert (was.first, was.last, was.reason.code) == (date(2026, 1, 12), None, "onbekend")


def test_a_record_that_was_entered_by_hand_gets_their_name(ask: Ask, pupil: Pupil) -> None:
    by_hand = factories.absence(pupil, date(2026, 1, 12))

    assert ask("put", "verzuim/a-1", sent(pupil, tot="2026-01-13")).status_code == 200

    by_hand.refresh_from_db()
    assert by_hand.last == date(2026, 1, 13)
    assert PushedAbsence.objects.get().absence == by_hand


def test_pushed_absence_is_counted_at_once(ask: Ask, pupil: Pupil) -> None:
    ask("put", "verzuim/a-1", sent(pupil, van="2025-12-01"))
    assert list(Crossing.objects.values_list("rule", "crossed_on").order_by("rule")) == [
        ("thuis-2w", date(2025, 12, 12)),
        ("thuis-4w", date(2026, 1, 9)),
        ("ziek-7d", date(2025, 12, 9)),
    ]

    ask("delete", "verzuim/a-1")
    assert Crossing.objects.filter(withdrawn_at=None).count() == 0


def test_withdrawing_may_be_repeated_and_the_record_can_come_back(ask: Ask, pupil: Pupil) -> None:
    ask("put", "verzuim/a-1", sent(pupil))
    assert [ask("delete", "verzuim/a-1").status_code for _ in range(2)] == [204, 204]
    assert ask("get", "verzuim/a-1").json()["ingetrokken"] is True
    assert ask("put", "verzuim/a-1", sent(pupil)).status_code == 201
    assert ask("get", "verzuim/a-1").json()["ingetrokken"] is False
    assert Absence.objects.standing().count() == 1


def test_a_record_that_turns_out_to_be_another_childs_leaves_the_first(ask: Ask, school: School, pupil: Pupil) -> None:
    other = factories.pupil(at=school)
    ask("put", "verzuim/a-1", sent(pupil))
    ask("put", "verzuim/a-1", sent(other))

    assert list(Absence.objects.standing().values_list("pupil", flat=True)) == [other.pk]


def test_a_lesson_has_the_length_of_the_schools_lessons(ask: Ask, school: School, pupil: Pupil) -> None:
    School.objects.filter(pk=school.pk).update(sector="vo", lesson_minutes=50)
    answer = ask("put", "verzuim/a-1", sent(pupil, tot="2026-01-12", lesuur=3, reden="ongeoorloofd"))

    assert (answer.json()["minuten"], answer.json()["lesuur"]) == (50, 3)


def test_an_own_code_of_the_school_goes_before_a_common_one(ask: Ask, school: School, pupil: Pupil) -> None:
    own = Reason.objects.create(school=school, code="Z", label="ziek", sick=True, authorised=True)
    Reason.objects.create(school=factories.school(), code="Q", label="elders")

    assert ask("put", "verzuim/a-1", sent(pupil, reden="z")).status_code == 201
    assert Absence.objects.get().reason == own
    assert ask("put", "verzuim/a-2", sent(pupil, reden="Q")).status_code == 422


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"van": "2026-13-01"}, "van"),
        ({"van": "1899-12-31"}, "van"),
        ({"van": 0}, "van"),
        ({"van": "2026-01-12T00:00:00"}, "van"),
        ({"tot": "2026-01-11"}, "verzoek"),
        ({"reden": "zomaar"}, "reden"),
        ({"reden": ""}, "reden"),
        ({"leerlingnummer": "bestaat-niet"}, "leerlingnummer"),
        ({"leerlingnummer": "a\x00b"}, "leerlingnummer"),
        ({"minuten": 0}, "minuten"),
        ({"minuten": 30}, "tot"),
        ({"lesuur": 25}, "lesuur"),
        ({"lesuur": 2, "tot": "2026-01-12"}, "minuten"),
        ({"reden": "telaat", "tot": "2026-01-12"}, "verzoek"),
        ({"van": "2025-01-06", "tot": "2025-01-06"}, "van"),
        ({"einde": "2026-01-13"}, "einde"),
    ],
)
def test_what_cannot_be_is_named_and_changes_nothing(
    ask: Ask, pupil: Pupil, changes: dict[str, Any], field: str
) -> None:
    answer = ask("put", "verzuim/a-1", sent(pupil, **changes))

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Absence.objects.exists()


def test_until_further_notice_is_never_a_forgotten_field(ask: Ask, pupil: Pupil) -> None:
    without_end = sent(pupil)
    del without_end["tot"]

    assert ask("put", "verzuim/a-1", without_end).json()["errors"] == [{"field": "tot", "detail": "ontbreekt"}]


def test_an_overlap_is_a_conflict_that_names_what_stands(ask: Ask, pupil: Pupil) -> None:
    factories.absence(pupil, date(2026, 1, 7), date(2026, 1, 12))
    answer = ask("put", "verzuim/a-1", sent(pupil, van="2026-01-12"))

    assert answer.status_code == 409
    assert "wo 7 jan t/m ma 12 jan" in answer.json()["errors"][0]["detail"]


def test_a_batch_takes_the_good_ones_and_names_the_others(ask: Ask, school: School, pupil: Pupil) -> None:
    other = factories.pupil(at=school)
    rows = [
        sent(pupil, bron_id="1"),
        sent(other, bron_id="2", reden="zomaar"),
        sent(other, bron_id="3", tot="2026-01-13"),
        sent(pupil, bron_id="1"),
    ]
    answer = ask("post", "verzuim", {"verzuim": rows})

    found = answer.json()
    assert (answer.status_code, found["nieuw"], found["gelijk"], found["geweigerd"]) == (200, 2, 1, 1)
    assert [(row["nr"], row["resultaat"], row["veld"]) for row in found["regels"]] == [
        (1, "nieuw", ""),
        (2, "geweigerd", "reden"),
        (3, "nieuw", ""),
        (4, "gelijk", ""),
    ]


@pytest.mark.parametrize(("size", "status"), [(0, 422), (1, 200), (500, 200), (501, 422)])
def test_a_batch_has_at_most_five_hundred_records(ask: Ask, pupil: Pupil, size: int, status: int) -> None:
    rows = [sent(pupil, bron_id=str(nr), reden="zomaar") for nr in range(size)]

    assert ask("post", "verzuim", {"verzuim": rows}).status_code == status


class TestAnotherSchool:
    """A key opens nothing of another school, and does not tell that it is there."""

    def test_its_pupils_are_not_known(self, ask: Ask) -> None:
        stranger = factories.pupil(at=factories.school())

        answer = ask("put", "verzuim/a-1", sent(stranger))
        assert answer.json()["errors"][0]["detail"] == "Deze leerling is op deze school niet bekend."

    def test_its_names_are_its_own(self, ask: Ask, pupil: Pupil) -> None:
        elsewhere = factories.school()
        ask("put", "verzuim/a-1", sent(pupil))
        _token, secret = key_of(elsewhere)

        assert ask("get", "verzuim/a-1", secret=secret).status_code == 404
        assert ask("delete", "verzuim/a-1", secret=secret).status_code == 404
        theirs = factories.pupil(at=elsewhere)
        assert ask("put", "verzuim/a-1", sent(theirs), secret=secret).status_code == 201
        assert Absence.objects.standing().count() == 2

    def test_the_same_number_there_is_another_child(self, ask: Ask, pupil: Pupil) -> None:
        factories.pupil(at=factories.school(), number=pupil.number)

        assert ask("put", "verzuim/a-1", sent(pupil)).status_code == 201
        assert Absence.objects.get().pupil == pupil

    def test_dates_at_the_next_school_are_not_ours(self, ask: Ask, pupil: Pupil) -> None:
        pupil.enrolments.update(last=date(2026, 1, 9))
        factories.enrolment(pupil, factories.school(), first=date(2026, 1, 10))

        assert ask("put", "verzuim/a-1", sent(pupil)).json()["errors"][0]["field"] == "van"
        assert ask("put", "verzuim/a-1", sent(pupil, van="2026-01-09")).status_code == 201


def test_queries_do_not_follow_the_school(ask: Ask, school: School, django_assert_num_queries: Any) -> None:
    pupils = [factories.pupil(at=school) for _ in range(3)]
    ask("put", "verzuim/warm", sent(pupils[0], tot="2026-01-12"))
    with CaptureQueriesContext(connection) as few:
        ask("put", "verzuim/a-1", sent(pupils[1]))
    for _ in range(30):
        factories.pupil(at=school)
    with django_assert_num_queries(len(few)):
        ask("put", "verzuim/a-2", sent(pupils[2]))
