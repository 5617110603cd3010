"""Pages know GET and POST; a POST without a token of ours is refused everywhere, not only on pages of our own."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from tests import factories
from tests.access_table import PAGES, World
from tests.pages import is_own, walk
from tests.security.forms import address_of
from tests.security.rows import difference, stored
from tests.security.worlds import logged_in
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
NEVER = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
OPEN_TO_KEYS = "api:"
"""Operations of the API ask for a key in a header, which no foreign page can send."""
ADMIN_PAGES = ("admin:index", "admin:accounts_user_add", "admin:accounts_membership_add", "admin:accounts_school_add")
ACCOUNT_PAGES = ("account_login", "account_logout", "account_change_password", "account_reset_password")


def test_no_page_takes_another_method() -> None:
    world = World()
    clients = {role: logged_in(world.somebody(role)) for role in Role}
    addresses = {line.name: (clients[min(line.roles)], address_of(line, world)) for line in PAGES}
    before = stored()

    found = {
        (name, method): status
        for name, (client, address) in addresses.items()
        for method in NEVER
        if (status := client.generic(method, address).status_code) != 405
    }

    assert found == {}
    assert difference(before, stored()) == {}


@pytest.mark.parametrize("name", [*ADMIN_PAGES, *ACCOUNT_PAGES])
def test_a_page_of_a_library_wants_a_token_too(name: str) -> None:
    person = factories.member(Role.BEHEERDER, factories.school())
    client = Client(enforce_csrf_checks=True)
    if name != "account_login":
        client.force_login(person)

    answer = client.post(reverse(name), {"name": "x"})

    assert answer.status_code == 403
    assert "admin/" not in [template.name for template in answer.templates]
    assert any(template.name == "403_csrf.html" for template in answer.templates)


def test_only_the_api_does_without_a_token() -> None:
    exempt = {name for name, view in walk(get_resolver()) if getattr(view, "csrf_exempt", False)}
    ours = {name for name, view in walk(get_resolver()) if is_own(getattr(view, "__module__", ""))}

    assert len(ours) > 100
    assert {name for name in exempt if not name.startswith(OPEN_TO_KEYS)} == set()
