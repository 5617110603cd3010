"""The second step: who must, what is asked of who has none and of who has one, and what is kept of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.second_steps import app_of, code_of, codes_of, kinds_of, log_in
from thuiszitters.accounts.models import Alliance, User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.second_factor import must_have_second_factor
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD = "een lang wachtwoord"
SET_UP = reverse("mfa_index")


@pytest.fixture
def coo() -> User:
    """Of a school that leaves no choice, with a password."""
    person = factories.member(Role.COO, factories.school(alliance=factories.alliance()))
    person.set_password(PASSWORD)
    person.save()
    return person


def give_password(client: Client, person: User, **data: str) -> str:
    """Log in by the form; where that leads."""
    sent = {"login": person.email, "password": PASSWORD} | data
    return client.post(reverse("account_login"), sent)["Location"]


def logged(kind: Kind) -> list[tuple[str, object]]:
    """What stands in the log of this kind: what, and with which means."""
    rows = Entry.objects.filter(kind=kind, what__startswith="tweede stap").order_by("pk")
    return [(row.what, row.detail.get("met")) for row in rows]


# Who must


@pytest.mark.parametrize("role", list(Role))
def test_every_role_must(role: Role) -> None:
    assert must_have_second_factor(factories.member(role, factories.organisation_for(role)))


def test_an_alliance_may_leave_it_to_its_people_and_schools() -> None:
    free = factories.free_alliance()

    assert not must_have_second_factor(factories.member(Role.SWV, free))
    assert not must_have_second_factor(factories.member(Role.COO, factories.school(alliance=free)))
    both = factories.member(Role.COO, factories.school(), factories.member(Role.COO, factories.school(alliance=free)))
    assert must_have_second_factor(both)


def test_a_role_that_ended_asks_nothing_any_more() -> None:
    person = factories.member(Role.COO, factories.school(), last=timezone.localdate() - timedelta(days=1))

    assert not must_have_second_factor(person)


def test_the_superuser_must_everywhere() -> None:
    with override_settings(DEMO=True):
        assert must_have_second_factor(User.objects.create_superuser("baas@school.example", name="Baas"))


@pytest.mark.parametrize(("demo", "marked", "must"), [(0, 0, 1), (1, 0, 1), (0, 1, 1), (1, 1, 0)])
def test_only_the_demo_goes_without(demo: int, marked: int, must: int) -> None:
    """It takes both the setting and the mark that make_demo puts: neither alone opens anything."""
    alliance = Alliance.objects.create(name="Verzonnen", is_demo=bool(marked))
    people = [
        factories.member(Role.SWV, alliance),
        factories.member(Role.COO, factories.school(alliance=alliance)),
        factories.member(Role.LEERPLICHT, factories.municipality(is_demo=bool(marked))),
    ]

    with override_settings(DEMO=bool(demo)):
        assert [must_have_second_factor(person) for person in people] == [bool(must)] * 3


# Who has none


def test_who_must_and_has_none_gets_no_further_than_setting_it_up(coo: User, client: Client) -> None:
    assert give_password(client, coo) == "/"

    answers = [client.get(url) for url in ("/", reverse("cases:case_list"), reverse("admin:index"))]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, SET_UP)] * 3
    assert "Stel eerst een tweede stap in" in client.get(SET_UP).text


def test_a_form_that_was_sent_is_answered_with_what_became_of_it(coo: User, client: Client) -> None:
    log_in(client, coo, "password")

    answer = client.post(reverse("attendance:pupil_search"), {"q": "Sam"})

    assert answer.status_code == 403
    assert "niet</strong> opgeslagen" in answer.text


def test_a_part_of_a_page_leads_the_whole_page_there(coo: User, client: Client) -> None:
    log_in(client, coo, "password")

    assert client.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == SET_UP


def test_who_need_not_goes_on(client: Client) -> None:
    person = factories.member(Role.COO, factories.school(alliance=factories.free_alliance()))
    log_in(client, person, "password")

    assert client.get("/").status_code == 200


def test_logging_out_and_changing_the_password_are_open(coo: User, client: Client) -> None:
    log_in(client, coo, "password")

    assert client.get(reverse("account_change_password")).status_code == 200
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")


# An app


def test_an_app_is_set_up_and_asked_for_from_then_on(coo: User, client: Client) -> None:
    give_password(client, coo)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert page.context["totp_svg_data_uri"].startswith("data:image/svg+xml;base64,")
    assert f"{secret}</code>" in page.text

    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})

    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(answer["Location"])
    assert codes.status_code == 200, "no second proof for what was proved a moment ago"
    assert len(codes.context["unused_codes"]) == 10
    assert client.get("/").status_code == 200
    assert kinds_of(coo) == ["recovery_codes", "totp"]

    later = Client()
    assert give_password(later, coo) == reverse("mfa_authenticate")
    assert later.get("/").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        done = later.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert done["Location"] == "/"
        assert later.get("/").status_code == 200
    assert logged(Kind.RIGHTS) == [("tweede stap toegevoegd", "app")]
    assert logged(Kind.LOGIN) == [("tweede stap gegeven", "app")]
    changed = [message.to for message in mail.outbox if message.subject == "Inloggen bij Thuiszitters is gewijzigd"]
    assert changed == [[coo.email]]


def test_a_wrong_code_sets_nothing_up(coo: User, client: Client) -> None:
    give_password(client, coo)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    wrong = f"{(int(code_of(secret)) + 1) % 1_000_000:06}"

    answer = client.post(reverse("mfa_activate_totp"), {"code": wrong})

    assert "Deze code klopt niet" in answer.text
    assert answer.context["form"].secret == secret, "the code that was scanned stays good"
    assert kinds_of(coo) == []


def test_a_code_works_once_and_half_a_minute(coo: User) -> None:
    secret = app_of(coo)
    moment = 1_800_000_000  # the first second of a code
    code = code_of(secret, moment)
    found = []
    for second in (-1, 29, 29, 30):
        visitor = Client()
        with time_machine.travel(moment + second, tick=False):
            give_password(visitor, coo)
            found.append(visitor.post(reverse("mfa_authenticate"), {"code": code}).status_code)

    assert found == [200, 302, 200, 200]
    assert logged(Kind.LOGIN_FAILED) == [("tweede stap klopte niet", "code")] * 3
    assert {entry.actor for entry in Entry.objects.filter(kind=Kind.LOGIN_FAILED)} == {coo.code}


def test_guessing_is_stopped(coo: User, client: Client) -> None:
    secret = app_of(coo)
    give_password(client, coo)
    for guess in range(5):
        client.post(reverse("mfa_authenticate"), {"code": f"{guess:06}"})

    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert (answer.status_code, client.get("/").status_code) == (200, 302)
    assert "te vaak geprobeerd" in answer.text


def test_keys_and_seeds_stand_encrypted_in_the_database(coo: User) -> None:
    secret, codes = app_of(coo), codes_of(coo)
    assert len(codes) == 10
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator ORDER BY type")
        stored = [str(row[0]) for row in cursor.fetchall()]

    assert secret not in "".join(stored)
    assert [bool(re.search(r'"(?:seed|secret)": ?"gAAAA', row)) for row in stored] == [True, True]


def test_the_only_one_stays_with_who_must(coo: User, client: Client) -> None:
    app_of(coo)
    client.force_login(coo)
    url = reverse("mfa_deactivate_totp")

    assert "je enige tweede stap" in client.get(url).text
    client.post(url)
    assert kinds_of(coo) == ["totp"]

    coo.memberships.update(school=factories.school(alliance=factories.free_alliance()))
    codes_of(coo)
    assert client.post(url)["Location"] == SET_UP
    assert kinds_of(coo) == [], "recovery codes go with the last app or passkey"
    assert logged(Kind.RIGHTS) == [("tweede stap weggehaald", "app")]


def test_the_last_passkey_stays_too_and_that_of_another_is_not_there(coo: User, client: Client) -> None:
    own, strange = [
        Authenticator.objects.create(user=person, type="webauthn", data={"name": "laptop", "credential": {}})
        for person in (coo, factories.user())
    ]
    client.force_login(coo)

    client.post(reverse("mfa_remove_webauthn", args=[own.pk]))
    assert kinds_of(coo) == ["webauthn"]
    assert client.post(reverse("mfa_remove_webauthn", args=[strange.pk])).status_code == 404
    assert client.post(reverse("mfa_edit_webauthn", args=[strange.pk]), {"name": "x"}).status_code == 404

    app_of(coo)
    client.post(reverse("mfa_remove_webauthn", args=[own.pk]))
    assert kinds_of(coo) == ["totp"]


# Recovery codes


def test_a_recovery_code_opens_once(coo: User) -> None:
    app_of(coo)
    code = codes_of(coo)[0]
    found = []
    for _ in range(2):
        visitor = Client()
        give_password(visitor, coo)
        found.append(visitor.post(reverse("mfa_authenticate"), {"code": code}).status_code)

    assert found == [302, 200]
    assert logged(Kind.LOGIN) == [("tweede stap gegeven", "herstelcode")]


def test_codes_are_shown_once(coo: User, client: Client) -> None:
    app_of(coo)
    codes = codes_of(coo)
    client.force_login(coo)
    url = reverse("mfa_view_recovery_codes")

    first, second = client.get(url).text, client.get(url).text

    assert [code in first for code in codes] == [True] * 10
    assert [code in second for code in codes] == [False] * 10
    assert "nog 10 van de 10" in second


def test_new_codes_replace_the_old(coo: User, client: Client) -> None:
    app_of(coo)
    old = codes_of(coo)
    client.force_login(coo)

    assert client.post(reverse("mfa_generate_recovery_codes"))["Location"] == reverse("mfa_view_recovery_codes")

    new = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert (len(new), set(new) & set(old)) == (10, set())
    assert logged(Kind.RIGHTS) == [("tweede stap opnieuw gemaakt", "herstelcode")]


@pytest.mark.parametrize(("used", "warned"), [(6, False), (7, True), (9, True)])
def test_who_has_three_left_is_told(coo: User, client: Client, used: int, warned: bool) -> None:
    app_of(coo)
    codes = codes_of(coo)
    wrapped = Authenticator.objects.get(user=coo, type="recovery_codes").wrap()
    assert [wrapped.validate_code(code) for code in codes[: used - 1]] == [True] * (used - 1)
    give_password(client, coo)

    page = client.post(reverse("mfa_authenticate"), {"code": codes[-1]}, follow=True)

    assert (f"Je hebt nog {10 - used} herstelcode" in page.text) is warned
    assert (f"Nog {10 - used} over. Maak nieuwe" in client.get(SET_UP).text) is warned


# Where it stands


def test_the_demo_says_that_the_second_step_is_off(client: Client) -> None:
    for demo, number in ((True, 1), (False, 0)):
        with override_settings(DEMO=demo):
            page = client.get(reverse("account_login")).text
        assert page.count("De tweede stap bij het inloggen staat hier uit.") == number


def test_a_session_that_began_before_the_second_step_has_to_give_it(coo: User, client: Client) -> None:
    log_in(client, coo, "password")
    app_of(coo)

    answer = client.get(reverse("cases:case_list"))

    assert answer["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fdossiers%2F"


def test_who_gave_it_costs_no_query_for_it(coo: User, client: Client) -> None:
    client.force_login(coo)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")

    assert [row["sql"] for row in queries.captured_queries if "mfa_authenticator" in row["sql"]] == []
