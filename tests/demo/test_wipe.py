"""A demo can be made anew; anything else is never wiped."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from attendance.models import Enrolment, NormRow, Pupil, Reason
from thuiszitters.accounts.models import Alliance, Membership, School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.demo.people import FINISHED_BY
from thuiszitters.demo.schools import PRIMARY
from thuiszitters.demo.wipe import NotADemoError, is_empty_or_unfinished, wipe

pytestmark = pytest.mark.django_db
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), 300)


def a_school(brin: str) -> School:
    return School.objects.create(brin=brin, name="School", sector="po", region="midden", **WEEK)


def a_demo() -> User:
    """The beginnings of one: a school, a pupil, somebody who works there, a norm of the alliance."""
    alliance = Alliance.objects.create(name="Verband")
    school = a_school(PRIMARY.brin)
    pupil = Pupil.objects.create(
        number="510101", first_name="Sam", surname="Bos", surname_key="bos", birth_date=date(2016, 3, 1)
    )
    Enrolment.objects.create(pupil=pupil, school=school, place=school, first=date(2025, 8, 1))
    NormRow.objects.create(alliance=alliance, rule="thuis-2w", amount=8, source="eigen norm")
    user = User.objects.create_user("coo.po@demo.example", name="Anouk")
    Membership.objects.create(user=user, role=Role.COO, school=school, first=date(2025, 8, 1))
    return user


def test_wipe_leaves_what_a_new_installation_has() -> None:
    reasons, norms = Reason.objects.count(), NormRow.objects.count()
    a_demo()

    wipe()

    assert (Reason.objects.count(), NormRow.objects.count()) == (reasons, norms)
    assert reasons > 0
    assert norms > 0
    for model in (School, Pupil, Enrolment, User, Membership, Alliance):
        assert model._default_manager.count() == 0


def test_real_users_keep_everything() -> None:
    a_demo()
    User.objects.create_user("coo@school.example", name="Echt")

    with pytest.raises(NotADemoError, match="1 gebruikers"):
        wipe()

    assert (User.objects.count(), Pupil.objects.count()) == (2, 1)


def test_real_schools_keep_everything() -> None:
    a_school("01AB00")

    with pytest.raises(NotADemoError, match="1 scholen"):
        wipe()

    assert School.objects.count() == 1


def test_a_server_is_never_wiped(settings: Settings) -> None:
    a_demo()
    settings.MODE = "server"

    with pytest.raises(CommandError, match="MODE=server"):
        call_command("make_demo")

    assert Pupil.objects.count() == 1


def test_command_says_what_stands_in_the_way() -> None:
    User.objects.create_user("coo@school.example", name="Echt")

    with pytest.raises(CommandError, match="Er is niets veranderd"):
        call_command("make_demo")


@pytest.mark.parametrize("email", ["coo@school.example", FINISHED_BY])
def test_if_empty_leaves_real_people_and_a_finished_demo_alone(email: str) -> None:
    User.objects.create_user(email, name="Iemand")
    out = StringIO()

    call_command("make_demo", if_empty=True, stdout=out)

    assert out.getvalue() == ""
    assert list(User.objects.values_list("email", flat=True)) == [email]


def test_a_demo_that_was_cut_off_may_be_made_again() -> None:
    assert is_empty_or_unfinished()
    a_demo()
    assert is_empty_or_unfinished()
    User.objects.create_user(FINISHED_BY, name="Tim")
    assert not is_empty_or_unfinished()


def test_log_ins_are_told_only_of_a_finished_demo_on_an_embedded_installation(settings: Settings) -> None:
    a_demo()
    with pytest.raises(CommandError, match="geen demogegevens"):
        call_command("demo_logins")
    User.objects.create_user(FINISHED_BY, name="Tim")
    out = StringIO()
    call_command("demo_logins", stdout=out)
    assert "mentor@demo.example" in out.getvalue()
    settings.MODE = "server"
    with pytest.raises(CommandError, match="geen demogegevens"):
        call_command("demo_logins")
