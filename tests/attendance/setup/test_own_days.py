"""Own days of a school: told before they are saved, and saved as told."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from attendance.models import CalendarException, CrossingChange
from attendance.models.calendar import ExceptionKind
from attendance.services.own_days import add_own_days, change_own_days
from attendance.services.periods import PeriodError
from attendance.services.seen import ChangedMeanwhileError, mark_of_school
from tests import factories
from tests.attendance.setup.conftest import Submit, away, days_at_home
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db


def add_page(school: School) -> str:
    return reverse("attendance:own_days_add", kwargs={"code": school.code})


def page_of(row: CalendarException, name: str = "own_days_change") -> str:
    return reverse(f"attendance:{name}", kwargs={"code": row.school.code, "first": row.first})


STUDY = {"kind": "vrij", "first": "2026-01-08", "last": "2026-01-09", "description": "studiedagen"}


def test_the_effect_is_told_and_nothing_saved_until_somebody_says_yes(
    school: School, beheerder: User, client: Client
) -> None:
    at_home = away(school, date(2025, 12, 19))  # 19 December and 5–14 January: 9 school days
    ten_days = away(school, date(2025, 12, 18))  # the tenth school day is 14 January
    assert ten_days.crossings.standing().filter(rule="thuis-2w").exists()

    answer: Any = client.post(add_page(school), STUDY)
    effect = answer.context["told"].effect

    assert (effect.pupils, effect.new, effect.withdrawn) == (2, 0, 1)
    rows = {rule.label: (rule.moved, rule.withdrawn, rule.new) for rule in effect.rules}
    # Being ill for seven days is reached two school days later by both.
    assert rows["7 schooldagen achter elkaar ziek"] == (2, 0, 0)
    assert rows["2 weken thuis"] == (0, 1, 0)
    assert effect.sentence == (
        "Dit verandert de telling van 2 leerlingen: 4 signalen schuiven, 1 vervalt, 0 komen erbij."
    )
    assert effect.sentence in answer.content.decode()
    assert at_home.surname not in answer.content.decode()
    assert (CalendarException.objects.count(), days_at_home(at_home)) == (0, 9)


def test_what_was_told_is_what_happens(school: School, submit: Submit, client: Client) -> None:
    at_home, ten_days = away(school, date(2025, 12, 19)), away(school, date(2025, 12, 18))

    told = client.post(add_page(school), STUDY).context["told"].effect
    assert submit(add_page(school), **STUDY).status_code == 302
    changes = Counter(CrossingChange.objects.values_list("kind", flat=True))
    assert changes == {"moved": told.moved, "withdrawn": told.withdrawn}

    row = CalendarException.objects.get()
    assert (row.school, row.description, row.last) == (school, "studiedagen", date(2026, 1, 9))
    assert (days_at_home(at_home), days_at_home(ten_days)) == (7, 8)
    assert not ten_days.crossings.standing().filter(rule="thuis-2w").exists()

    submit(page_of(row), **STUDY | {"last": "2026-01-08", "description": "studiedag"})
    row.refresh_from_db()
    assert (row.last, days_at_home(at_home)) == (date(2026, 1, 8), 8)

    assert submit(page_of(row), **STUDY | {"first": "2026-01-12", "last": "", "kind": "vrij"}).status_code == 302
    row.refresh_from_db()
    assert (row.first, row.last, days_at_home(at_home)) == (date(2026, 1, 12), date(2026, 1, 12), 8)


def test_own_days_that_are_removed_are_counted_again(school: School, beheerder: User, client: Client) -> None:
    row = factories.closed(school, date(2026, 1, 8), date(2026, 1, 9))
    pupil = away(school)
    assert days_at_home(pupil) == 6
    page = page_of(row, "own_days_remove")

    shown: Any = client.get(page)
    assert shown.context["told"].effect.pupils == 1
    assert client.post(page, {"seen": shown.context["told"].seen}).status_code == 302

    assert (CalendarException.objects.count(), days_at_home(pupil)) == (0, 8)


def test_back_shows_the_form_again(school: School, beheerder: User, client: Client) -> None:
    answer: Any = client.post(add_page(school), STUDY | {"back": "1"})

    assert answer.context["told"] is None
    assert 'value="studiedagen"' in answer.content.decode()


@pytest.mark.parametrize("change", ["own days", "timetable"])
def test_what_changed_since_it_was_told_is_told_again(
    school: School, beheerder: User, client: Client, change: str
) -> None:
    pupil = away(school)
    seen = client.post(add_page(school), STUDY).context["told"].seen
    if change == "own days":
        factories.closed(school, date(2026, 1, 6))
    else:
        School.objects.filter(pk=school.pk).update(friday=0)

    answer: Any = client.post(add_page(school), STUDY | {"seen": seen, "confirmed": "1"})

    assert answer.context["told"].again
    assert "Er is nog niets opgeslagen" in answer.content.decode()
    assert not CalendarException.objects.filter(description="studiedagen").exists()
    assert days_at_home(pupil) == 8
    data = STUDY | {"seen": answer.context["told"].seen, "confirmed": "1"}
    assert client.post(add_page(school), data).status_code == 302


def test_removing_what_somebody_else_changed_is_told_again(school: School, beheerder: User, client: Client) -> None:
    row = factories.closed(school, date(2026, 1, 8))
    page = page_of(row, "own_days_remove")
    seen = client.get(page).context["told"].seen
    factories.closed(school, date(2026, 1, 6))

    answer: Any = client.post(page, {"seen": seen})

    assert answer.context["told"].again
    assert CalendarException.objects.count() == 2


def test_nothing_is_saved_without_having_been_told(school: School, beheerder: User, client: Client) -> None:
    answer: Any = client.post(add_page(school), STUDY | {"confirmed": "1"})

    assert answer.context["told"].again
    assert not CalendarException.objects.exists()


def test_a_service_that_saw_something_else_saves_nothing(school: School) -> None:
    row = factories.closed(school, date(2026, 1, 8))
    seen = mark_of_school(school)
    days = {"first": date(2026, 1, 6), "last": date(2026, 1, 6), "kind": ExceptionKind.CLOSED}
    change_own_days(own_days=row, **days, seen=seen)  # type: ignore[arg-type]

    with pytest.raises(ChangedMeanwhileError):
        add_own_days(school=school, **days, seen=seen)  # type: ignore[arg-type]
    with pytest.raises(PeriodError):
        add_own_days(school=school, **days)  # type: ignore[arg-type]
    assert CalendarException.objects.count() == 1


FREE, OPEN = "vrij", "open"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((FREE, "2026-01-19", "2026-01-20"), None),
        ((FREE, "2026-01-20", "2026-01-19"), "vóór de eerste"),
        # Standing: “studiedag” on Monday and Tuesday 26 and 27 January.
        ((FREE, "2026-01-23", "2026-01-26"), "Dit overlapt met “studiedag” (ma 26 jan 2026 t/m di 27 jan 2026)"),
        ((FREE, "2026-01-27", "2026-01-28"), "Dit overlapt met"),
        ((FREE, "2026-01-23", "2026-01-25"), None),
        ((FREE, "2026-01-28", "2026-01-28"), None),
        # A weekend.
        ((OPEN, "2026-01-17", "2026-01-17"), "Op za 17 jan 2026 is het weekend"),
        ((OPEN, "2026-01-16", "2026-01-18"), "Op zo 18 jan 2026 is het weekend"),
        ((OPEN, "2026-01-16", "2026-01-19"), None),
        ((FREE, "2026-01-17", "2026-01-18"), "dat is al vrij"),
        ((FREE, "2026-01-18", "2026-01-24"), None),
        ((FREE, "2026-01-16", "2026-01-17"), None),
        # The years of which the holidays are known.
        ((FREE, "2022-07-31", "2022-08-01"), "Kies dagen van"),
        ((FREE, "2022-08-01", "2022-08-01"), None),
        ((FREE, "2030-07-31", "2030-07-31"), None),
        ((FREE, "2030-07-31", "2030-08-01"), "Kies dagen van"),
        ((FREE, "", "2026-01-20"), "Vul een datum in"),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(
    school: School, submit: Submit, days: tuple[str, str, str], words: str | None
) -> None:
    CalendarException.objects.create(
        school=school, first=date(2026, 1, 26), last=date(2026, 1, 27), kind=FREE, description="studiedag"
    )

    kind, first, last = days
    answer = submit(add_page(school), kind=kind, first=first, last=last, description="nieuw")

    assert CalendarException.objects.count() == (2 if words is None else 1)
    if words is not None:
        assert words in answer.content.decode()


def test_a_day_does_not_overlap_with_itself(school: School, submit: Submit) -> None:
    row = factories.closed(school, date(2026, 1, 26), date(2026, 1, 27))

    submit(page_of(row), kind="open", first="2026-01-27", last="2026-01-28", description="open")

    row.refresh_from_db()
    assert (row.kind, row.first, row.last) == ("open", date(2026, 1, 27), date(2026, 1, 28))


@pytest.mark.parametrize("role", [Role.ADMINISTRATIE, Role.SCHOOLLEIDER])
def test_others_of_the_school_see_the_year_and_change_nothing(role: Role, school: School, client: Client) -> None:
    row = factories.closed(school, date(2026, 1, 26))
    client.force_login(factories.member(role, school))

    page = client.get(reverse("attendance:school_year", kwargs={"code": school.code, "year": 2025})).content.decode()

    assert "eigen vrije dag" in page
    assert "Voeg eigen dag toe" not in page
    assert "/eigen-dag/" not in page
    assert client.get(page_of(row)).status_code == 403


@pytest.mark.parametrize(("year", "status"), [(2021, 404), (2022, 200), (2029, 200), (2030, 404)])
def test_only_years_with_known_holidays_are_shown(
    school: School, beheerder: User, client: Client, year: int, status: int
) -> None:
    assert client.get(reverse("attendance:school_year", args=[school.code, year])).status_code == status


def test_one_school_is_shown_at_once_and_of_more_one_chooses(school: School, beheerder: User, client: Client) -> None:
    page = reverse("attendance:school_years")
    assert client.get(page)["Location"] == reverse("attendance:school_year", args=[school.code, 2025])

    other = factories.school(alliance=school.alliance)
    factories.school()
    assert list(client.get(page).context["schools"]) == [school, other]
