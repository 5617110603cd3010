"""The set-up of schools, classes and municipalities in Django's admin: what it reaches, and what nobody may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.models import GroupMentor, NormRow, Pupil, PupilClock, Reason
from attendance.services.clocks import evaluate_pupil
from tests import factories
from thuiszitters.accounts.models import Municipality, School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
"""A Wednesday; who is away since Monday 5 January misses 8 school days."""


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance(), complete_through=date(2026, 1, 13))


@pytest.fixture
def beheerder(school: School, client: Client) -> User:
    """Of the alliance, logged in."""
    assert school.alliance
    person = factories.member(Role.BEHEERDER, school.alliance)
    client.force_login(person)
    return person


def listed(client: Client, model: str) -> list[Any]:
    return list(client.get(reverse(f"admin:{model}_changelist")).context["cl"].result_list)


def add(client: Client, model: str, **data: Any) -> HttpResponse:
    return client.post(reverse(f"admin:{model}_add"), data)  # type: ignore[return-value]


def change(client: Client, model: str, pk: int, **data: Any) -> HttpResponse:
    return client.post(reverse(f"admin:{model}_change", args=[pk]), data)  # type: ignore[return-value]


def away(school: School) -> Pupil:
    pupil = factories.pupil(school)
    factories.absence(pupil, date(2026, 1, 5))
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")
    return pupil


def days_at_home(pupil: Pupil) -> int:
    return PupilClock.objects.get(pupil=pupil).run_school_days


def fields_of(school: School, **other: Any) -> dict[str, Any]:
    names = ("name", "sector", "region", "monday", "tuesday", "wednesday", "thursday", "friday")
    return {name: getattr(school, name) for name in names} | other


# Schools


def test_another_name_is_not_counted_again(school: School, beheerder: User, client: Client) -> None:
    pupil = away(school)
    PupilClock.objects.filter(pupil=pupil).update(run_school_days=99)

    change(client, "accounts_school", school.pk, **fields_of(school, name="Anders", municipality=""))

    school.refresh_from_db()
    assert (school.name, days_at_home(pupil)) == ("Anders", 99)


def test_brin_alliance_and_completeness_are_fixed(school: School, beheerder: User, client: Client) -> None:
    data = fields_of(school, brin="11AA11", alliance="", complete_through="2026-06-01", municipality="")

    change(client, "accounts_school", school.pk, **data)

    found = School.objects.get(pk=school.pk)
    assert (found.brin, found.alliance, found.complete_through) == (
        school.brin,
        school.alliance,
        school.complete_through,
    )


def test_what_is_counted_with_is_changed_on_a_page_of_its_own(school: School, beheerder: User, client: Client) -> None:
    before = school.week, school.region, school.sector

    change(client, "accounts_school", school.pk, **fields_of(school, friday=0, region="noord", municipality=""))

    school.refresh_from_db()
    assert (school.week, school.region, school.sector) == before


def test_a_new_vo_school_says_how_long_a_lesson_is(school: School, beheerder: User, client: Client) -> None:
    data = fields_of(school, brin="11AA11", sector="vo", municipality="", alliance=school.alliance_id)

    text = add(client, "accounts_school", **data).content.decode()
    assert "Vul voor een vo-school de lengte van een les in" in text
    assert add(client, "accounts_school", **data, lesson_minutes=50).status_code == 302


@pytest.mark.parametrize(("at_alliance", "status"), [(True, 200), (False, 403)])
def test_only_an_alliance_adds_schools(school: School, client: Client, *, at_alliance: bool, status: int) -> None:
    assert school.alliance
    client.force_login(factories.member(Role.BEHEERDER, school.alliance if at_alliance else school))

    assert client.get(reverse("admin:accounts_school_add")).status_code == status


# Classes


def test_classes_and_mentors_of_own_schools_only(school: School, beheerder: User, client: Client) -> None:
    own, other = factories.group(school), factories.group(factories.school())
    mentor = factories.mentor(own)
    factories.mentor(other)

    assert listed(client, "attendance_group") == [own]
    assert [row.user for row in listed(client, "attendance_groupmentor")] == [mentor]
    data = {"user": mentor.pk, "first": "2026-01-14"}
    assert add(client, "attendance_groupmentor", group=other.pk, **data).status_code == 200
    assert add(client, "attendance_group", school=other.school_id, name="9Z").status_code == 200
    assert GroupMentor.objects.count() == 2


def test_a_mentor_has_the_role_at_the_school_of_the_class(school: School, beheerder: User, client: Client) -> None:
    assert school.alliance
    group, here = factories.group(school), factories.member(Role.MENTOR, school)
    elsewhere = factories.member(Role.MENTOR, factories.school(alliance=school.alliance))
    coo = factories.member(Role.COO, school)

    answers = [
        add(client, "attendance_groupmentor", group=group.pk, user=user.pk, first="2026-01-14").status_code
        for user in (elsewhere, coo, here)
    ]

    assert answers == [200, 200, 302]
    assert [row.user for row in GroupMentor.objects.all()] == [here]


# Reasons and norms of everybody


@pytest.mark.parametrize("model", ["attendance_reason", "attendance_normrow"])
def test_what_holds_for_everybody_is_kept_by_the_superuser(
    school: School, beheerder: User, client: Client, model: str
) -> None:
    page = reverse(f"admin:{model}_changelist")
    assert client.get(page).status_code == 403
    Reason.objects.create(school=school, code="X", label="eigen", maps_to=factories.reason())
    factories.norm("thuis-2w", 8, school.alliance)

    client.force_login(User.objects.create_superuser("root@school.example", "x", name="Root"))
    rows = listed(client, model)

    assert rows
    assert [row for row in rows if getattr(row, "school", None) or getattr(row, "alliance", None)] == []


def test_a_common_code_and_a_common_norm_that_change_are_counted_again(school: School, client: Client) -> None:
    pupil = away(school)
    client.force_login(User.objects.create_superuser("root@school.example", "x", name="Root"))
    numbers = dict.fromkeys(("calendar_days", "weeks", "gap_days", "min_weeks"), 0)
    norm = NormRow.objects.get(alliance=None, rule="thuis-2w")
    data = numbers | {"rule": "thuis-2w", "amount": 5, "reading": "school", "source": "afspraak"}

    assert change(client, "attendance_normrow", norm.pk, **data).status_code == 302
    assert [row.crossed_on for row in pupil.crossings.filter(rule="thuis-2w")] == [date(2026, 1, 9)]

    answer = change(client, "attendance_reason", factories.reason().pk, code="ziek", label="Ziek", sick="on")
    assert (answer.status_code, days_at_home(pupil)) == (302, 0)


def test_two_common_norms_on_one_day_are_refused(school: School, client: Client) -> None:
    client.force_login(User.objects.create_superuser("root@school.example", "x", name="Root"))
    numbers = dict.fromkeys(("calendar_days", "weeks", "gap_days", "min_weeks"), 0)
    data = numbers | {"rule": "thuis-2w", "amount": 5, "reading": "school", "source": "afspraak"}
    before = NormRow.objects.count()

    assert add(client, "attendance_normrow", **data, valid_from="2027-08-01").status_code == 200
    assert NormRow.objects.count() == before


# Municipalities


def test_new_municipalities_of_own_pupils_are_confirmed(school: School, beheerder: User, client: Client) -> None:
    new, strange = (factories.municipality(name, confirmed=False) for name in ("Nieuwdorp", "Verweg"))
    factories.pupil(school, municipality=new)
    factories.pupil(factories.school(), municipality=strange)

    assert listed(client, "accounts_municipality") == [new]
    chosen = {"action": "confirm", "_selected_action": [new.pk, strange.pk]}
    client.post(reverse("admin:accounts_municipality_changelist"), chosen)

    assert list(Municipality.objects.filter(confirmed=True)) == [new]
    assert change(client, "accounts_municipality", new.pk, name="Anders", confirmed="on").status_code == 403


# What is still to be done


def test_what_is_missing_is_named_and_pupils_are_only_counted(school: School, beheerder: User, client: Client) -> None:
    group, covered = factories.group(school), factories.group(school)
    factories.mentor(covered)
    town = factories.municipality(confirmed=False)
    factories.pupil(in_group=group, first_name="Bijzondernaam")
    factories.pupil(in_group=covered, municipality=town)
    factories.group(school, "leeg")
    factories.pupil(in_group=factories.group(factories.school()))

    answer = client.get(reverse("attendance:set_up"))
    found = answer.context["found"]

    assert (found.schools, found.groups, found.municipalities) == ([school], [group], [town])
    assert found.pupils_without_municipality == 1
    assert "Bijzondernaam" not in answer.content.decode()


def test_when_all_is_set_up_the_page_says_so(school: School, beheerder: User, client: Client) -> None:
    factories.member(Role.COO, school)

    answer = client.get(reverse("attendance:set_up"))

    assert answer.context["found"].is_done
    assert "Alles is ingericht" in answer.content.decode()
    assert f'href="{reverse("accounts:leaving_list")}"' in answer.content.decode(), "who leaves is found from here"


def test_the_number_of_queries_does_not_follow_the_number_of_rows(
    school: School, beheerder: User, client: Client
) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            factories.pupil(in_group=factories.group(factories.school(alliance=school.alliance)))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("attendance:set_up"))
            client.get(reverse("admin:attendance_group_changelist"))
        counts.append(len(queries))

    assert counts[0] == counts[1]
