"""Step-up: before exports, rights and emergency access somebody proves again who they are, and loses nothing by it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings
from django.urls import reverse

from attendance.models import ApiToken
from tests import factories
from tests.access_table import PAGES, TODAY, World
from tests.pages import own_pages
from tests.second_steps import app_of, code_of, codes_of, log_in
from thuiszitters.accounts.models import Membership, School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import set_up_site
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD = "een lang wachtwoord"
KEYS = reverse("attendance:api_token_list")
TEN_MINUTES = 600


@pytest.fixture
def school() -> School:
    """Of an alliance that leaves the second step to its people."""
    return factories.school(alliance=factories.free_alliance())


@pytest.fixture
def beheerder(school: School) -> User:
    person = factories.member(Role.BEHEERDER, school)
    person.set_password(PASSWORD)
    person.save()
    return person


def new_key(school: School) -> dict[str, Any]:
    """A form that makes a key, filled in."""
    return {"school": school.pk, "name": "LVS <b>", "scopes": ["verzuim", "leerlingen"], "last": "2027-01-01"}


def waiting(answer: Any) -> dict[str, list[str]]:
    """What the page holds of the form that waits."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text):
        found.setdefault(unescape(name), []).append(unescape(value))
    found.pop("csrfmiddlewaretoken")
    return found


# When it is asked


@pytest.mark.parametrize(
    ("methods", "seconds", "asked"),
    [
        (("password",), TEN_MINUTES - 1, False),
        (("password",), TEN_MINUTES, True),
        (("socialaccount",), TEN_MINUTES - 1, False),
        ((), 0, True),
    ],
)
def test_after_ten_minutes_it_is_asked_again(
    beheerder: User, client: Client, methods: tuple[str, ...], seconds: int, asked: bool
) -> None:
    with time_machine.travel(1_800_000_000, tick=False):
        log_in(client, beheerder, *methods, seconds_ago=seconds)

        answer = client.get(KEYS)

    assert answer.status_code == (302 if asked else 200)
    if asked:
        assert answer["Location"].startswith(f"{reverse('account_reauthenticate')}?next=%2F")


@pytest.mark.parametrize(
    ("methods", "seconds", "asked"),
    [
        (("password", "mfa"), TEN_MINUTES - 1, False),
        (("password", "mfa"), TEN_MINUTES, True),
        (("password",), 0, True),
    ],
)
def test_a_password_is_not_enough_of_who_has_a_second_step(
    beheerder: User, client: Client, methods: tuple[str, ...], seconds: int, asked: bool
) -> None:
    app_of(beheerder)
    with time_machine.travel(1_800_000_000, tick=False):
        log_in(client, beheerder, *methods, seconds_ago=seconds)

        answer = client.get(KEYS)

    assert answer.status_code == (302 if asked else 200)
    if asked:
        assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
        other = client.get(f"{reverse('account_reauthenticate')}?next=/")
        assert other["Location"].startswith(reverse("mfa_reauthenticate")), "the page for the password is shut"


@override_settings(STEP_UP_MINUTES=1)
def test_the_number_of_minutes_is_a_setting(beheerder: User, client: Client) -> None:
    log_in(client, beheerder, "password", seconds_ago=61)

    assert client.get(KEYS).status_code == 302


def test_a_wrong_role_is_refused_before_anything_is_asked(school: School, client: Client) -> None:
    log_in(client, factories.member(Role.COO, school), "password", seconds_ago=TEN_MINUTES)

    assert client.get(KEYS).status_code == 403


def test_who_proves_it_comes_back_where_they_were(beheerder: User, client: Client) -> None:
    log_in(client, beheerder, "password", seconds_ago=TEN_MINUTES)
    page = client.get(f"{KEYS}?a=1", follow=True)

    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": f"{KEYS}?a=1"})

    assert "Even laten zien dat jij het bent" in page.text
    assert answer["Location"] == f"{KEYS}?a=1"
    assert client.get(KEYS).status_code == 200


def test_a_part_of_a_page_asks_on_a_page_of_its_own(beheerder: User, client: Client) -> None:
    log_in(client, beheerder, "password", seconds_ago=TEN_MINUTES)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/beheer/ingelogd/"}

    answer = client.get(KEYS, headers=headers)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["HX-Redirect"] == f"{reverse('account_reauthenticate')}?next=%2Fbeheer%2Fingelogd%2F"


# A form that waits


def test_a_form_that_was_sent_waits_for_the_proof(school: School, beheerder: User, client: Client) -> None:
    log_in(client, beheerder, "password", seconds_ago=TEN_MINUTES)

    asked = client.post(KEYS, new_key(school))

    assert (asked.status_code, ApiToken.objects.count()) == (200, 0)
    held = waiting(asked)
    assert held == {
        key: [str(each) for each in (value if isinstance(value, list) else [value])]
        for key, value in new_key(school).items()
    }
    session = str(dict(client.session.items()))
    assert "LVS" not in session, "what was typed is kept in the page, not on the server"

    wrong = client.post(KEYS, held | {"bewijs-password": "iets anders"})
    assert "niet correct" in wrong.text
    assert (waiting(wrong), ApiToken.objects.count()) == (held, 0)

    done = client.post(KEYS, held | {"bewijs-password": PASSWORD})
    assert (done.status_code, ApiToken.objects.get().name) == (200, "LVS <b>")
    assert client.get(KEYS).status_code == 200, "and the proof holds for ten minutes"


def test_a_form_waits_for_a_code_too_and_not_for_a_password(school: School, beheerder: User, client: Client) -> None:
    secret = app_of(beheerder)
    code = codes_of(beheerder)[0]
    log_in(client, beheerder, "password", "mfa", seconds_ago=TEN_MINUTES)

    client.post(KEYS, new_key(school) | {"bewijs-password": PASSWORD})
    assert ApiToken.objects.count() == 0
    client.post(KEYS, new_key(school) | {"bewijs-code": code_of(secret)})
    assert ApiToken.objects.count() == 1

    log_in(client, beheerder, "password", "mfa", seconds_ago=TEN_MINUTES)
    client.post(KEYS, new_key(school) | {"bewijs-code": code})
    assert ApiToken.objects.count() == 2
    told = [entry.detail for entry in Entry.objects.filter(what="tweede stap gegeven").order_by("pk")]
    assert told == [{"met": kind, "bij": "opnieuw bewijzen"} for kind in ("app", "herstelcode")]


def test_a_form_sent_from_a_part_is_answered_by_a_whole_page(school: School, beheerder: User, client: Client) -> None:
    log_in(client, beheerder, "password", seconds_ago=TEN_MINUTES)

    answer = client.post(KEYS, new_key(school), headers={"HX-Request": "true"})

    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("body", "innerHTML")


def test_guessing_in_between_is_stopped(school: School, beheerder: User, client: Client) -> None:
    log_in(client, beheerder, "password", seconds_ago=TEN_MINUTES)
    for guess in range(10):
        client.post(KEYS, {"bewijs-password": f"poging {guess}"})

    answer = client.post(KEYS, new_key(school) | {"bewijs-password": PASSWORD})

    assert "Te veel pogingen" in answer.text
    assert ApiToken.objects.count() == 0


def test_who_has_nothing_to_prove_it_with_sets_up_a_second_step(beheerder: User, client: Client) -> None:
    """Somebody who logs in through school only."""
    beheerder.set_unusable_password()
    beheerder.save()
    log_in(client, beheerder, "socialaccount", seconds_ago=TEN_MINUTES)

    assert client.get(KEYS)["Location"] == reverse("mfa_index")


# Set-up


def test_set_up_shows_lists_and_asks_before_a_change(school: School, beheerder: User, client: Client) -> None:
    coo = factories.member(Role.COO, school)
    log_in(client, beheerder, "password", seconds_ago=TEN_MINUTES)
    row = coo.memberships.get()
    url = reverse("admin:accounts_membership_change", args=[row.pk])

    assert client.get(reverse("admin:accounts_membership_changelist")).status_code == 200
    assert client.get(url)["Location"].startswith(reverse("account_reauthenticate"))
    asked = client.post(url, {"last": "2030-01-01"})
    assert Membership.objects.get(pk=row.pk).last is None

    client.post(url, waiting(asked) | {"bewijs-password": PASSWORD})
    assert str(Membership.objects.get(pk=row.pk).last) == "2030-01-01"


def test_what_is_done_to_chosen_rows_is_a_change(school: School, beheerder: User, client: Client) -> None:
    coo = factories.member(Role.COO, school)
    log_in(client, beheerder, "password", seconds_ago=TEN_MINUTES)

    answer = client.post(
        reverse("admin:accounts_user_changelist"), {"action": "invite_again", "_selected_action": [coo.pk]}
    )

    assert "Even laten zien" in answer.text


def test_an_alliance_switches_it_off_with_proof_and_in_the_log(client: Client) -> None:
    alliance = factories.alliance()
    beheerder = factories.member(Role.BEHEERDER, alliance)
    client.force_login(beheerder)

    client.post(
        reverse("admin:accounts_alliance_change", args=[alliance.pk]),
        {"name": alliance.name, "second_factor": "niet_verplicht"},
    )

    (entry,) = Entry.objects.filter(actor=beheerder.code, detail__has_key="velden")
    assert (entry.kind, entry.what) == (Kind.RIGHTS, "samenwerkingsverband")
    assert entry.detail["velden"] == {"second_factor": ["verplicht", "niet_verplicht"]}
    assert "niet_verplicht" not in str(Entry.objects.exclude(pk=entry.pk).values_list("detail")), "told once"


# Which pages

WITHOUT = {"attendance_group", "attendance_normrow", "attendance_reason", "accounts_municipality"}
"""What nobody gets anything to see or to do from: names, norms and codes."""
ANONYMOUS = {"attendance:chart_of_group", "attendance:chart_of_school"}
"""Files with numbers only: no child and nobody else is in them."""
SOUNDS_LIKE_IT = re.compile(r"export|download|api_token|assign|emergenc|grant|reveal|second_factor")


def test_every_model_of_set_up_that_gives_rights_asks() -> None:
    """A new one asks, unless it is named here."""
    silent = {
        f"{model._meta.app_label}_{model._meta.model_name}"
        for model, admin in set_up_site._registry.items()
        if not getattr(admin, "step_up", False)
    }

    assert silent == WITHOUT


def test_pages_that_sound_like_export_or_rights_ask() -> None:
    """By the name: who makes such a page thinks of it, or names it here with why."""
    not_about_it = {
        "attendance:assigned_pupils",  # a list of who one was assigned to already
        "attendance:emergency_end",  # takes access away
        "attendance:emergency_list",  # tells what was opened, and opens nothing
        "attendance:emergency_review",  # the same
        "cases:case_assign",  # who works on it next: somebody who could see it already
    }
    silent = {
        name
        for name, view in own_pages().items()
        if SOUNDS_LIKE_IT.search(name) and not getattr(view, "step_up", False)
    }

    assert silent - not_about_it == set()


def test_whatever_leaves_as_a_file_asks(client: Client) -> None:
    """By what it answers: a page that hands out a file is an export, whatever it is called."""
    with time_machine.travel(TODAY, tick=False):
        world, files = World(), set()
        for line in PAGES:
            if line.method != "get":
                continue
            client.force_login(world.somebody(min(line.roles)))
            url = reverse(line.name, kwargs=line.row(world) if line.row else None)
            if "attachment" in client.get(url).get("Content-Disposition", ""):
                files.add(line.name)

    assert files >= ANONYMOUS | {"attendance:import_refused"}
    assert {name for name in files if not getattr(own_pages()[name], "step_up", False)} == ANONYMOUS
