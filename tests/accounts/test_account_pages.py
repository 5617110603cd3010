"""Pages of one's own account: every role has them, with or without a second step, and nobody else's stands there."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import get_resolver, reverse
from pytest_django import Settings

from tests import factories
from tests.accounts.oidc import connect
from tests.pages import account_pages, walk
from tests.second_steps import log_in
from thuiszitters.accounts.factor_forms import PasskeyAlone, _Passkey
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
KNOWN = {
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_remove_webauthn",
}


def test_these_are_they() -> None:
    """A page about a pupil does not belong here: it would be open to who gave no second step."""
    assert set(account_pages()) == KNOWN


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn"])
def test_every_role_sets_it_up(name: str, role: Role, client: Client) -> None:
    log_in(client, factories.member(role, factories.organisation_for(role)), "password")

    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", sorted(KNOWN - {"mfa_remove_webauthn"}))
def test_a_stranger_is_asked_to_log_in(name: str, client: Client) -> None:
    assert client.get(reverse(name))["Location"].startswith(reverse("account_login"))


LIBRARY = {
    "account_change_password",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "account_signup",
    "mfa_authenticate",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes",
}


def test_of_the_library_there_is_what_was_chosen() -> None:
    """A page that a next version of the library brings, or one for changing your address, has to be chosen first."""
    found = {name for name, view in walk(get_resolver()) if getattr(view, "__module__", "").startswith("allauth.")}

    assert found - KNOWN == LIBRARY


def test_nobody_gives_themselves_another_address(client: Client) -> None:
    person = factories.member(Role.COO, factories.school())
    client.force_login(person)
    before = person.email

    answers = [client.post("/account/email/", {"action_add": "", "email": "kaper@school.example"}).status_code]
    answers.append(client.post("/account/email/", {"action_primary": "", "email": "kaper@school.example"}).status_code)

    person.refresh_from_db()
    assert (answers, person.email) == ([404, 404], before)


def test_coming_back_from_school_is_not_tried_without_end(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    row = connect("https://inloggen.linde.example", None)
    url = reverse("school_callback", kwargs={"code": row.code})

    assert 429 not in [client.get(url).status_code for _ in range(2)]
    assert client.get(url).status_code == 429
    assert Entry.objects.filter(kind=Kind.LOGIN_FAILED).count() == 2


def test_a_passkey_is_no_way_round_the_school(monkeypatch: pytest.MonkeyPatch) -> None:
    alliance = factories.alliance()
    people = [
        factories.member(Role.SWV, alliance, factories.user(f"ellen@{domain}", "Ellen"))
        for domain in ("linde.example", "elders.example")
    ]
    connect("https://inloggen.linde.example", alliance, password_allowed=False)
    factors = [Authenticator(user=person, type="webauthn", data={}) for person in people]

    def known(form: PasskeyAlone) -> Authenticator:
        return factors[0] if form.prefix == "school" else factors[1]

    monkeypatch.setattr(_Passkey, "clean_credential", known)
    form = object.__new__(PasskeyAlone)
    form.prefix = "school"
    with pytest.raises(ValidationError, match="via je school"):
        form.clean_credential()
    form.prefix = "elders"
    assert form.clean_credential() == factors[1]
