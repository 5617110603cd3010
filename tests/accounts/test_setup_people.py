"""The beheerder's set-up: who may enter, what one reaches, and how somebody gets an account and a role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests import factories
from thuiszitters.accounts.models import Membership, School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import set_up_site

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
MODELS = sorted(f"{model._meta.app_label}_{model._meta.model_name}" for model in set_up_site._registry)
OF_EVERYBODY = {"attendance_reason", "attendance_normrow"}
"""Kept by the superuser alone."""


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


@pytest.fixture
def beheerder(school: School, client: Client) -> User:
    """Of one school, logged in."""
    person = factories.member(Role.BEHEERDER, school)
    client.force_login(person)
    return person


def listed(client: Client, model: str) -> list[Any]:
    return list(client.get(reverse(f"admin:{model}_changelist")).context["cl"].result_list)


def add(client: Client, model: str, **data: Any) -> HttpResponse:
    return client.post(reverse(f"admin:{model}_add"), data)  # type: ignore[return-value]


def new_user(client: Client, role: str = "coo", *, email: str = "Nieuw@School.example", **place: int) -> HttpResponse:
    rows = {f"memberships-0-{name}": value for name, value in ({"role": role, "first": "2026-01-14"} | place).items()}
    numbers = {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0}
    return add(client, "accounts_user", email=email, name="Noor", phone="", **numbers, **rows)


# Who may enter


def test_no_pupil_and_no_file_is_set_up_here() -> None:
    assert MODELS == [
        "accounts_alliance",
        "accounts_loginprovider",
        "accounts_membership",
        "accounts_municipality",
        "accounts_school",
        "accounts_user",
        "accounts_youthhealth",
        "attendance_group",
        "attendance_groupmentor",
        "attendance_groupteacher",
        "attendance_normrow",
        "attendance_reason",
    ]


@pytest.mark.parametrize(
    "name", ["admin:index", *(f"admin:{model}_changelist" for model in MODELS if model not in OF_EVERYBODY)]
)
def test_only_a_beheerder_gets_in(name: str, client: Client) -> None:
    found = {}
    for role in Role:
        client.force_login(factories.member(role, factories.organisation_for(role)))
        found[role] = client.get(reverse(name)).status_code

    assert found == {role: 200 if role is Role.BEHEERDER else 403 for role in Role}


def test_a_role_that_ended_and_the_old_staff_mark_open_nothing(school: School, client: Client) -> None:
    person = factories.member(Role.BEHEERDER, school, last=TODAY - timedelta(days=1))
    User.objects.filter(pk=person.pk).update(is_staff=True)
    client.force_login(person)

    assert client.get(reverse("admin:index")).status_code == 403


def test_a_stranger_is_asked_to_log_in(client: Client) -> None:
    answer = client.get(reverse("admin:index"))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


# What one reaches


def test_people_and_roles_of_the_own_school_only(school: School, beheerder: User, client: Client) -> None:
    coo = factories.member(Role.COO, school)
    assert school.alliance
    stranger = factories.member(Role.COO, factories.school(alliance=school.alliance))
    factories.member(Role.SWV, school.alliance)

    assert set(listed(client, "accounts_user")) == {coo, beheerder}
    assert {row.user for row in listed(client, "accounts_membership")} == {coo, beheerder}
    assert listed(client, "accounts_school") == [school]
    assert listed(client, "accounts_alliance") == []
    url = reverse("admin:accounts_user_change", args=[stranger.pk])
    assert client.get(url).status_code == 302
    client.post(url, {"email": "x@school.example", "name": "X", "phone": ""})
    stranger.refresh_from_db()
    assert stranger.name != "X"


def test_an_alliance_brings_its_schools(school: School, client: Client) -> None:
    assert school.alliance
    other = factories.school(alliance=factories.alliance())
    own = factories.member(Role.BEHEERDER, school.alliance)
    coo, swv = factories.member(Role.COO, school), factories.member(Role.SWV, school.alliance)
    factories.member(Role.COO, other)
    client.force_login(own)

    assert set(listed(client, "accounts_user")) == {own, coo, swv}
    assert listed(client, "accounts_school") == [school]
    assert listed(client, "accounts_alliance") == [school.alliance]


def test_the_superuser_reaches_everything(client: Client) -> None:
    school = factories.school()
    client.force_login(User.objects.create_superuser("baas@school.example", name="Baas"))

    assert listed(client, "accounts_school") == [school]


# Accounts


def test_a_new_user_gets_a_role_and_an_invitation_that_works(school: School, beheerder: User, client: Client) -> None:
    assert new_user(client, school=school.pk).status_code == 302

    person = User.objects.get(email="nieuw@school.example")
    assert [(row.role, row.school) for row in person.memberships.all()] == [("coo", school)]
    assert (person.is_staff, person.is_superuser, person.has_usable_password()) == (False, False, False)
    (message,) = mail.outbox
    assert message.to == ["nieuw@school.example"]
    found = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", str(message.body))
    assert found
    visitor = Client()
    form = visitor.get(found[1], follow=True)
    path = form.redirect_chain[-1][0]
    visitor.post(path, {"password1": "een goed lang wachtwoord", "password2": "een goed lang wachtwoord"})
    assert visitor.login(email="nieuw@school.example", password="een goed lang wachtwoord")


def test_a_mail_that_fails_is_told_and_can_be_sent_again(
    school: School, beheerder: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        new_user(client, school=school.pk)
    person = User.objects.get(email="nieuw@school.example")
    assert mail.outbox == []

    chosen = {"action": "invite_again", "_selected_action": [person.pk]}
    client.post(reverse("admin:accounts_user_changelist"), chosen)

    assert [message.to for message in mail.outbox] == [["nieuw@school.example"]]


def test_who_has_logged_in_is_not_invited_again(school: School, beheerder: User, client: Client) -> None:
    coo = factories.member(Role.COO, school)
    Client().force_login(coo)

    client.post(reverse("admin:accounts_user_changelist"), {"action": "invite_again", "_selected_action": [coo.pk]})

    assert mail.outbox == []


@pytest.mark.parametrize("role", ["swv", "leerplicht", "jeugdarts"])
def test_a_role_that_does_not_go_with_the_school_is_refused(
    school: School, beheerder: User, client: Client, role: str
) -> None:
    assert new_user(client, role, school=school.pk).status_code == 200
    assert User.objects.filter(email="nieuw@school.example").count() == 0


def test_an_organisation_out_of_reach_is_refused(school: School, beheerder: User, client: Client) -> None:
    assert school.alliance
    answers = [
        new_user(client, school=factories.school().pk),
        new_user(client, "swv", alliance=school.alliance.pk),
        new_user(client, "leerplicht", municipality=factories.municipality().pk),
        new_user(client),
    ]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert User.objects.filter(email="nieuw@school.example").count() == 0


def test_an_alliance_gives_roles_at_itself_and_its_schools(school: School, client: Client) -> None:
    assert school.alliance
    client.force_login(factories.member(Role.BEHEERDER, school.alliance))

    new_user(client, "swv", email="een@school.example", alliance=school.alliance.pk)
    new_user(client, "mentor", email="twee@school.example", school=school.pk)
    mixed = new_user(client, "mentor", email="drie@school.example", alliance=school.alliance.pk)

    assert Membership.objects.filter(user__email="een@school.example", alliance=school.alliance).count() == 1
    assert Membership.objects.filter(user__email="twee@school.example", school=school).count() == 1
    assert "Deze rol hoort bij een school." in mixed.content.decode()


@pytest.mark.parametrize("name", ["is_superuser", "is_staff", "user_permissions", "groups", "password"])
def test_rights_cannot_be_posted(school: School, beheerder: User, client: Client, name: str) -> None:
    coo = factories.member(Role.COO, school)
    url = reverse("admin:accounts_user_change", args=[coo.pk])
    before = coo.password

    client.post(url, {"email": coo.email, "name": "Anders", "phone": "", "is_active": "on", name: "1"})

    coo.refresh_from_db()
    assert (coo.name, coo.is_superuser, coo.is_staff, coo.password) == ("Anders", False, False, before)
    assert name not in client.get(url).context["adminform"].form.fields


def test_the_address_can_be_corrected_until_somebody_has_logged_in(
    school: School, beheerder: User, client: Client
) -> None:
    coo = factories.member(Role.COO, school)
    url = reverse("admin:accounts_user_change", args=[coo.pk])

    client.post(url, {"email": "goed@school.example", "name": "Coo", "phone": "", "is_active": "on"})
    coo.refresh_from_db()
    assert coo.email == "goed@school.example"

    Client().force_login(coo)
    client.post(url, {"email": "kaper@school.example", "name": "Coo", "phone": "", "is_active": "on"})
    coo.refresh_from_db()
    assert coo.email == "goed@school.example"


def test_who_works_elsewhere_too_is_not_stopped_here(school: School, beheerder: User, client: Client) -> None:
    both = factories.member(Role.COO, factories.school(), factories.member(Role.COO, school))

    url = reverse("admin:accounts_user_change", args=[both.pk])
    client.post(url, {"email": "kaper@school.example", "name": "Zelfde", "phone": ""})

    both.refresh_from_db()
    assert (both.name, both.is_active, both.email != "kaper@school.example") == ("Zelfde", True, True)


def test_a_role_elsewhere_from_next_week_on_counts_too(school: School, beheerder: User, client: Client) -> None:
    """Else the school could take the account over before the role begins."""
    person = factories.member(Role.COO, school)
    factories.member(Role.COO, factories.school(), person)
    Membership.objects.filter(user=person).exclude(school=school).update(first=TODAY + timedelta(days=7))

    url = reverse("admin:accounts_user_change", args=[person.pk])
    client.post(url, {"email": "kaper@school.example", "name": "Zelfde", "phone": ""})

    person.refresh_from_db()
    assert (person.email != "kaper@school.example", person.is_active) == (True, True)


# Roles


def test_somebody_with_an_account_elsewhere_gets_a_role_by_address(
    school: School, beheerder: User, client: Client
) -> None:
    stranger = factories.member(Role.COO, factories.school())

    answer = add(
        client,
        "accounts_membership",
        email=stranger.email.upper(),
        role="zorgcoach",
        school=school.pk,
        first="2026-01-14",
    )

    assert answer.status_code == 302
    assert Membership.objects.get(user=stranger, role="zorgcoach").school == school


def test_nobody_gives_a_role_to_oneself(school: School, beheerder: User, client: Client) -> None:
    data = {"role": "coo", "school": school.pk, "first": "2026-01-14"}

    assert add(client, "accounts_membership", email=beheerder.email, **data).status_code == 200
    assert [row.role for row in beheerder.memberships.all()] == ["beheerder"]
    own = beheerder.memberships.get()
    client.post(reverse("admin:accounts_membership_change", args=[own.pk]), {"last": "2030-01-01"})
    own.refresh_from_db()
    assert own.last is None


@pytest.mark.parametrize("email", ["niemand@school.example", "baas@school.example"])
def test_no_role_for_a_stranger_or_the_superuser(school: School, beheerder: User, client: Client, email: str) -> None:
    User.objects.create_superuser("baas@school.example", name="Baas")
    data = {"role": "coo", "school": school.pk, "first": "2026-01-14"}

    assert add(client, "accounts_membership", email=email, **data).status_code == 200
    assert Membership.objects.filter(role="coo").count() == 0


def test_a_role_is_ended_and_nothing_else_of_it_changes(school: School, beheerder: User, client: Client) -> None:
    coo = factories.member(Role.COO, school)
    row = coo.memberships.get()
    url = reverse("admin:accounts_membership_change", args=[row.pk])

    client.post(url, {"last": "2026-01-14", "role": "beheerder", "first": "2020-01-01", "school": ""})

    row.refresh_from_db()
    assert (row.role, row.school, row.first, row.last) == ("coo", school, factories.SCHOOL_YEAR, TODAY)
    assert client.post(reverse("admin:accounts_membership_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
