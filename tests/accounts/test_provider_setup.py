"""Setting up a connection: by the beheerder of an alliance, and asking nobody inside the house."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests import factories
from tests.accounts.oidc import connect, service
from thuiszitters.accounts.models import Alliance, LoginProvider, ProviderKind
from thuiszitters.accounts.outward import UnreachableError, connection_to, is_public
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.school_claims import believed_email
from thuiszitters.audit.models import Entry

TENANT = "1111-2222"
ENTRA = {"iss": f"https://login.microsoftonline.com/{TENANT}/v2.0", "tid": TENANT, "email": "a@linde.example"}
LIST = "admin:accounts_loginprovider_changelist"


def filled(at: Alliance, **other: Any) -> dict[str, Any]:
    """What the beheerder fills in."""
    return {
        "name": "De Linde",
        "kind": "other",
        "issuer": "https://inloggen.linde.example",
        "client_id": "x",
        "client_secret": "geheim",
        "alliance": at.pk,
        "domains": "linde.example",
        "password_allowed": "on",
    } | other


@pytest.fixture
def alliance(client: Client, db: None) -> Alliance:
    """Its beheerder is logged in."""
    found = factories.alliance()
    client.force_login(factories.member(Role.BEHEERDER, found))
    return found


def test_the_secret_is_written_and_never_shown(client: Client, alliance: Alliance) -> None:
    client.post(reverse("admin:accounts_loginprovider_add"), filled(alliance))
    row = LoginProvider.objects.get()
    page = reverse("admin:accounts_loginprovider_change", args=[row.pk])

    assert "geheim" not in client.get(page).content.decode()
    client.post(page, filled(alliance, client_secret="", name="De Linden"))
    row.refresh_from_db()
    assert (row.client_secret, row.name) == ("geheim", "De Linden")


@pytest.mark.parametrize(
    "wrong",
    [
        {"domains": "gmail.com"},
        {"domains": "geen domein!"},
        {"kind": "entra", "issuer": "https://login.microsoftonline.com/common/v2.0"},
        {"client_secret": ""},
        {"alliance": ""},
    ],
)
def test_what_opens_the_door_too_far_is_refused(client: Client, alliance: Alliance, wrong: dict[str, str]) -> None:
    client.post(reverse("admin:accounts_loginprovider_add"), filled(alliance, **wrong))

    assert not LoginProvider.objects.exists()


def test_of_the_own_alliance_only(client: Client, alliance: Alliance) -> None:
    own = connect("https://een.example", alliance)
    other = connect("https://twee.example", factories.alliance())

    assert list(client.get(reverse(LIST)).context["cl"].result_list) == [own]
    client.post(reverse("admin:accounts_loginprovider_add"), filled(factories.alliance()))
    assert set(LoginProvider.objects.all()) == {own, other}


@pytest.mark.django_db
def test_the_beheerder_of_one_school_does_not_set_it_up(client: Client) -> None:
    client.force_login(factories.member(Role.BEHEERDER, factories.school(alliance=factories.alliance())))

    assert client.get(reverse(LIST)).status_code == 403


@pytest.mark.parametrize("nearby", [True, False])
def test_a_connection_can_be_tried(client: Client, alliance: Alliance, settings: Settings, nearby: bool) -> None:
    """And not of a service on this machine, unless this is a test."""
    settings.LOGIN_PROVIDERS_NEARBY = nearby
    with service({}) as issuer:
        answer = client.post(
            reverse("admin:accounts_loginprovider_add"), filled(alliance, issuer=issuer, _probeer="Bewaar en probeer")
        )

    [said] = [str(message) for message in get_messages(answer.wsgi_request)]
    assert ("De dienst antwoordt" in said) is nearby


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.215.14/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.0.1:8443/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/",
        "https://naam:woord@93.184.215.14/",
        "ftp://93.184.215.14/",
        "https://",
    ],
)
def test_the_server_asks_nobody_inside(url: str) -> None:
    with pytest.raises(UnreachableError):
        connection_to(url)


def test_an_open_address_may_be_asked() -> None:
    assert is_public("93.184.215.14")
    assert not is_public("100.64.0.1")


@pytest.mark.parametrize(
    ("kind", "claims", "believed"),
    [
        (ProviderKind.OTHER, {"email": "a@linde.example", "email_verified": True}, True),
        (ProviderKind.OTHER, {"email": "a@linde.example", "email_verified": "true"}, False),
        (ProviderKind.OTHER, {"email": "a@linde.example"}, False),
        (ProviderKind.OTHER, {"email": "a@elders.example", "email_verified": True}, False),
        (ProviderKind.ENTRA, ENTRA, False),
        (ProviderKind.ENTRA, ENTRA | {"email_verified": True}, False),
        (ProviderKind.ENTRA, ENTRA | {"xms_edov": True}, True),
        (ProviderKind.ENTRA, ENTRA | {"xms_edov": "1", "tid": "3333"}, False),
        (ProviderKind.ENTRA, ENTRA | {"xms_edov": 1, "acct": 1}, False),
        (ProviderKind.ENTRA, ENTRA | {"xms_edov": 1, "idp": "https://elders.example"}, False),
        (ProviderKind.ENTRA, ENTRA | {"acct": 0, "preferred_username": "a@linde.example"}, True),
        (ProviderKind.ENTRA, ENTRA | {"preferred_username": "a@linde.example"}, False),
        (ProviderKind.SURFCONEXT, {"email": "a@linde.example", "schac_home_organization": "linde.example"}, True),
        (ProviderKind.SURFCONEXT, {"email": "a@linde.example", "schac_home_organization": "elders.example"}, False),
        (ProviderKind.SURFCONEXT, {"email": "a@linde.example", "email_verified": True}, False),
        (ProviderKind.ENTREE, {"email": "a@linde.example", "nlEduPersonHomeOrganizationId": "01AB"}, True),
        (ProviderKind.ENTREE, {"email": "a@linde.example", "nlEduPersonHomeOrganizationId": "02CD"}, False),
        (ProviderKind.ENTREE, {"email": "a@linde.example"}, False),
    ],
)
def test_which_address_is_believed(kind: ProviderKind, claims: dict[str, Any], believed: bool) -> None:
    found = believed_email(kind, claims, domains={"linde.example"}, brins={"01AB00"})

    assert found == ("a@linde.example" if believed else "")


def test_the_log_tells_from_what_to_what(client: Client, alliance: Alliance) -> None:
    client.post(reverse("admin:accounts_loginprovider_add"), filled(alliance))
    row = LoginProvider.objects.get()
    page = reverse("admin:accounts_loginprovider_change", args=[row.pk])
    changed = filled(alliance, issuer="https://kaper.example", client_secret="ander")

    client.post(page, changed)

    fields = (
        Entry.objects.filter(row=str(row.code), detail__daad=Entry.Action.UPDATE.label).latest("pk").detail["velden"]
    )
    assert fields["issuer"] == ["https://inloggen.linde.example", "https://kaper.example"]
    assert "ander" not in str(fields["client_secret"])
