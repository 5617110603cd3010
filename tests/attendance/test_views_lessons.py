"""The pages of lessons: who sees what of a class, what a save stores, and who wins when two people save."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from attendance.engine.lesson_day import Mark, Seen
from attendance.models import Absence, Group, GroupTeacher, LessonMark, LessonTaken, Pupil
from attendance.services.lessons import take_lesson
from tests import factories
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
"""A Wednesday, with four lessons of 50 minutes."""


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def group() -> Group:
    return factories.group(factories.school((200,) * 5, sector="vo", lesson_minutes=50), "2A")


@pytest.fixture
def teacher(group: Group, client: Client) -> User:
    person = factories.teacher(group)
    client.force_login(person)
    return person


@pytest.fixture
def mentor(group: Group) -> User:
    return factories.mentor(group)


def url(name: str, group: Group, **more: object) -> str:
    return reverse(f"attendance:{name}", kwargs={"code": group.code, "day": TODAY} | more)


def lesson_url(group: Group, lesson: int = 1, day: date = TODAY) -> str:
    return url("lesson_take", group, lesson=lesson, day=day)


def fields_of(pupil: Pupil, was: str = "present", mark: str = "present", **more: object) -> dict[str, object]:
    """What a browser sends for one pupil."""
    values = {"was": was, "mark": mark, "late": 5} | more
    return {f"{pupil.code.hex}-{name}": value for name, value in values.items()}


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def marks(pupil: Pupil) -> list[tuple[int, str, str | None, int]]:
    rows = LessonMark.objects.standing().filter(pupil=pupil).order_by("lesson").select_related("reason")
    return [(row.lesson, row.seen, row.reason.code if row.reason else None, row.minutes) for row in rows]


def take(group: Group, by: User, lesson: int, pupil: Pupil | None = None, code: str = "onbekend") -> None:
    seen = {pupil.pk: Mark(Seen.ABSENT, factories.reason(code))} if pupil else {}
    take_lesson(group=group, day=TODAY, lesson=lesson, marks=seen, by=by, today=TODAY)


# A lesson


def test_a_teacher_marks_who_is_missing_and_gives_no_reason(group: Group, teacher: User, client: Client) -> None:
    pupil, late, there = (factories.pupil(in_group=group) for _ in range(3))

    answer = client.post(
        lesson_url(group),
        fields_of(pupil, mark="absent") | fields_of(late, mark="late", late=12) | fields_of(there),
    )

    assert answer["Location"] == lesson_url(group)
    assert said(answer) == ["Les 1 van 2A is opgeslagen: 1 afwezig en 1 te laat."]
    assert marks(pupil) == [(1, "afwezig", "onbekend", 0)]
    assert marks(late) == [(1, "telaat", "telaat", 12)]
    assert marks(there) == []
    assert LessonTaken.objects.get().taken_by == teacher


def test_a_teacher_sees_names_and_marks_but_no_reasons(group: Group, teacher: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group, first_name="Noor")
    factories.absence(pupil, date(2026, 1, 12))
    other = factories.pupil(in_group=group)
    take(group, teacher, 1, other, "schorsing")

    text = client.get(lesson_url(group, 2)).content.decode()

    assert "Noor" in text
    assert "afwezig gemeld" in text
    assert "les 1: afwezig" in text
    for told in ("ziek", "Ziek", "schorsing", "geschorst", "Laatste vijf schooldagen", "/verzuim/leerling/"):
        assert told not in text


def test_a_mentor_sees_the_reasons_and_the_days_before(group: Group, mentor: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)
    factories.absence(pupil, date(2026, 1, 12))
    client.force_login(mentor)

    page = client.get(lesson_url(group, 2))
    (line,) = page.context["page"].lines

    assert (line.state, line.note) == ("absent:ziek", "ziek sinds ma 12 jan, tot nader bericht")
    assert [recent.symbol for recent in line.last_days][-2:] == ["Z", "Z"]


def test_who_is_absent_by_a_record_is_prefilled_and_confirmed_by_saving(
    group: Group, teacher: User, client: Client
) -> None:
    """Were the record to be withdrawn, silence would say that the pupil was there."""
    pupil = factories.pupil(in_group=group)
    factories.absence(pupil, date(2026, 1, 12))
    (row,) = client.get(lesson_url(group)).context["rows"]
    assert (row[0].state, row[1]["mark"].value()) == ("absent:", "absent")

    client.post(lesson_url(group), fields_of(pupil, was="absent:", mark="absent"))

    assert marks(pupil) == [(1, "afwezig", "ziek", 0)]
    assert Absence.objects.standing().count() == 1


def test_who_was_absent_in_the_lesson_before_is_named_and_not_marked(
    group: Group, teacher: User, client: Client
) -> None:
    pupil = factories.pupil(in_group=group)
    take(group, teacher, 1, pupil)
    page = client.get(lesson_url(group, 2))
    (row,) = page.context["rows"]
    assert (row[0].is_suggested, row[1]["mark"].value()) == (True, "present")
    assert "1 leerling was in les 1 afwezig" in page.content.decode()

    client.post(lesson_url(group, 2), fields_of(pupil))

    assert marks(pupil) == [(1, "afwezig", "onbekend", 0)]
    assert not client.get(lesson_url(group, 2)).context["rows"][0][0].is_suggested


def test_a_pupil_with_a_timetable_of_their_own_is_asked_about(group: Group, teacher: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)
    factories.own_timetable(pupil, (100,) * 5, factories.SCHOOL_YEAR)
    (row,) = client.get(lesson_url(group)).context["rows"]
    assert row[1]["mark"].value() == "none"

    client.post(lesson_url(group), fields_of(pupil, was="none", mark="none"))
    assert marks(pupil) == []
    client.post(lesson_url(group), fields_of(pupil, was="none", mark="present"))

    assert marks(pupil) == [(1, "aanwezig", None, 0)]


@pytest.mark.parametrize(
    ("marked", "field"),
    [
        ({"mark": "late", "late": ""}, "late"),
        ({"mark": "late", "late": 0}, "late"),
        ({"mark": "late", "late": 50}, "late"),
        ({"mark": "none"}, "mark"),
        ({"mark": "gespijbeld"}, "mark"),
    ],
)
def test_a_mark_that_cannot_be_saves_nothing(
    marked: dict[str, object], field: str, group: Group, teacher: User, client: Client
) -> None:
    pupil = factories.pupil(in_group=group)

    answer = client.post(lesson_url(group), fields_of(pupil, **marked))  # type: ignore[arg-type]

    assert list(answer.context["rows"][0][1].errors) == [field]
    assert LessonTaken.objects.count() == 0


def test_the_second_of_two_people_sees_what_the_first_saved(
    group: Group, teacher: User, mentor: User, client: Client
) -> None:
    pupil, other = factories.pupil(in_group=group), factories.pupil(in_group=group)
    take(group, mentor, 1, pupil)

    answer = client.post(lesson_url(group), fields_of(pupil, mark="late") | fields_of(other, mark="late"))

    assert said(answer)[-1].startswith("Nog niet opgeslagen. Iemand anders wijzigde intussen Sam")
    shown = {row[0].pupil.pk: row[1]["mark"].value() for row in answer.context["rows"]}
    assert shown == {pupil.pk: "absent", other.pk: "late"}
    assert marks(pupil) == [(1, "afwezig", "onbekend", 0)]
    assert marks(other) == []


def test_an_untouched_pupil_is_not_reset_by_an_older_page(
    group: Group, teacher: User, mentor: User, client: Client
) -> None:
    pupil, other = factories.pupil(in_group=group), factories.pupil(in_group=group)
    take(group, mentor, 1, pupil, "ziek")

    client.post(lesson_url(group), fields_of(pupil) | fields_of(other, mark="absent"))

    assert marks(pupil) == [(1, "afwezig", "ziek", 0)]
    assert marks(other) == [(1, "afwezig", "onbekend", 0)]


def test_a_teacher_does_not_wipe_out_a_reason_they_cannot_see(
    group: Group, teacher: User, mentor: User, client: Client
) -> None:
    pupil = factories.pupil(in_group=group)
    take(group, mentor, 1, pupil, "ziek")

    client.post(lesson_url(group), fields_of(pupil, was="absent:", mark="absent"))

    assert marks(pupil) == [(1, "afwezig", "ziek", 0)]


def test_a_lesson_that_is_cancelled_says_so_and_can_be_taken_after_all(
    group: Group, teacher: User, client: Client
) -> None:
    pupil = factories.pupil(in_group=group)

    client.post(url("lesson_cancel", group, lesson=2))
    assert "Deze les valt uit" in client.get(lesson_url(group, 2)).content.decode()
    client.post(lesson_url(group, 2), fields_of(pupil))

    assert not LessonTaken.objects.get().cancelled


def test_the_day_opens_at_the_lesson_that_comes_next(group: Group, teacher: User, client: Client) -> None:
    factories.pupil(in_group=group)
    here = url("lessons_of_day", group)

    found = [client.get(here)["Location"]]
    for lesson in (2, 4):
        take(group, teacher, lesson)
        found.append(client.get(here)["Location"])

    assert found == [lesson_url(group, 1), lesson_url(group, 3), lesson_url(group, 1)]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 1, 15), {"teacher": 404, "mentor": 404}),
        (date(2025, 12, 31), {"teacher": 200, "mentor": 200}),
        (date(2025, 12, 30), {"teacher": 404, "mentor": 200}),
        (date(2024, 12, 2), {"teacher": 404, "mentor": 404}),
    ],
)
def test_how_far_back_somebody_looks(day: date, found: dict[str, int], group: Group, client: Client) -> None:
    people = {"teacher": factories.teacher(group), "mentor": factories.mentor(group)}
    asked = {}
    for name, person in people.items():
        client.force_login(person)
        asked[name] = client.get(lesson_url(group, 1, day)).status_code

    assert asked == found


@pytest.mark.parametrize("lesson", [0, 5])
def test_a_lesson_that_is_not_in_the_timetable_is_not_there(
    lesson: int, group: Group, teacher: User, client: Client
) -> None:
    assert client.get(lesson_url(group, lesson)).status_code == 404


def test_a_free_day_is_explained_and_cannot_be_saved(group: Group, teacher: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)
    factories.closed(group.school, TODAY)

    page = client.post(lesson_url(group), fields_of(pupil, mark="absent"))
    client.post(url("lesson_cancel", group, lesson=1))

    assert "Geen schooldag" in page.content.decode()
    assert LessonTaken.objects.count() == 0


def test_a_primary_school_has_no_lessons(client: Client) -> None:
    group = factories.group(factories.school())
    client.force_login(factories.mentor(group))

    assert client.get(lesson_url(group)).status_code == 404
    assert client.get(url("lesson_week", group)).status_code == 404


def test_another_class_of_the_school_is_not_there_for_a_teacher(group: Group, teacher: User, client: Client) -> None:
    other = factories.group(group.school)

    assert client.get(lesson_url(other)).status_code == 404
    assert [row.group for row in client.get(reverse("attendance:own_lessons")).context["groups"]] == [group]


def test_a_class_that_is_no_longer_taught_is_gone(group: Group, teacher: User, client: Client) -> None:
    GroupTeacher.objects.update(last=date(2026, 1, 13))

    assert client.get(lesson_url(group)).status_code == 404
    assert client.get(reverse("attendance:own_lessons")).context["groups"] == []


def test_a_teacher_knows_no_pupil(group: Group, teacher: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)

    assert Pupil.objects.visible_to(teacher).count() == 0
    assert client.get(reverse("attendance:pupil_detail", kwargs={"code": pupil.code})).status_code == 403
    assert client.get(reverse("attendance:register_take", kwargs={"code": group.code, "day": TODAY})).status_code == 403


def test_a_teacher_is_not_told_of_signals(group: Group, teacher: User, mentor: User, client: Client) -> None:
    """Seven days ill: the mentor who closes the day is told, the teacher who took the last lesson is not."""
    pupil = factories.pupil(in_group=group)
    factories.absence(pupil, date(2026, 1, 6), date(2026, 1, 13))
    for lesson in (1, 2, 3):
        take(group, teacher, lesson, pupil, "ziek")
    sent = fields_of(pupil, was="present", mark="absent")

    answer = client.post(lesson_url(group, 4), sent)

    assert said(answer) == ["Les 4 van 2A is opgeslagen: 1 afwezig."]


def test_the_office_takes_lessons_as_well(group: Group, client: Client) -> None:
    pupil = factories.pupil(in_group=group)
    client.force_login(factories.member(Role.ADMINISTRATIE, group.school))

    client.post(lesson_url(group), fields_of(pupil, mark="absent", reason="geoorloofd"))

    assert marks(pupil) == [(1, "afwezig", "geoorloofd", 0)]
