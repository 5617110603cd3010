"""What every kind of answer tells the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.access_table import PAGES, TODAY, World
from tests.security.forms import pages_of
from tests.security.worlds import filled, logged_in
from thuiszitters.accounts.roles import Role
from thuiszitters.headers import NO_PAGE

pytestmark = pytest.mark.django_db
Answer = Callable[[Client, World], Any]
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
TELLS_OF_US = ("Server", "X-Powered-By", "Access-Control-Allow-Origin")
LOCKED = (NO_PAGE, "nosniff")
ADDRESS_OF_REFUSED = {"form": "csv"}


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def download(client: Client, world: World) -> Any:
    return client.get(reverse("attendance:import_refused", kwargs={"code": world.upload.code} | ADDRESS_OF_REFUSED))


def fails(client: Client, world: World) -> Any:
    client.raise_request_exception = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("thuiszitters.nav.grants_of", None, raising=False)
        patch.setattr("thuiszitters.accounts.access.grants_of", None)
        return client.get(reverse("cases:case_list"))


def sending(address: str, method: str = "GET", headers: dict[str, str] | None = None) -> Answer:
    def sent(client: Client, _world: World) -> Any:
        return client.generic(method, address, headers=headers or {})

    return sent


LIST, INBOX = "/dossiers/", "/dossiers/leerplicht/"
KINDS: dict[str, tuple[int, Answer]] = {
    "page": (200, sending(LIST)),
    "part": (200, sending(LIST, headers={"HX-Request": "true"})),
    "download": (200, download),
    "static": (200, sending("/static/css/site.css")),
    "api": (200, sending("/api/v1/openapi.json")),
    "api-refused": (401, sending("/api/v1/verzuim/1")),
    "health": (200, sending("/gezond/")),
    "redirect": (302, sending("/account/login/")),
    "log-in": (200, lambda _client, _world: Client().get("/account/login/")),
    "set-up": (403, sending("/beheer/inrichting/")),
    "bad-host": (400, sending("/", headers={"Host": "elders.example"})),
    "forbidden": (403, sending(INBOX)),
    "not-there": (404, sending("/bestaat/niet/")),
    "no-static": (404, sending("/static/bestaat/niet.css")),
    "method": (405, sending("/", "DELETE")),
    "error": (500, fails),
}
NO_PAGES = {"download", "static"}


@pytest.mark.filterwarnings("ignore:.*StreamingHttpResponse")
@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_is_locked_up(kind: str) -> None:
    world = World()
    status, ask = KINDS[kind]

    answer = ask(logged_in(world.somebody(Role.COO)), world)
    answer.close()

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert {name for name in TELLS_OF_US if name in answer.headers and kind != "static"} == set()
    policy = answer["Content-Security-Policy"]
    assert [word for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*") if word in policy] == []
    assert ("default-src 'none'" in policy, "frame-ancestors 'none'" in policy) == (True, True)
    assert (policy == NO_PAGE) == (kind in NO_PAGES)
    if kind not in NO_PAGES:
        assert ("object-src 'none'" in policy, "worker-src 'none'" in policy) == (True, True)
        assert "publickey-credentials-get=(self)" in answer["Permissions-Policy"]
        assert "camera=()" in answer["Permissions-Policy"]
    if kind != "static":
        kept = answer["Cache-Control"]
        assert ("no-store" in kept, "private" in kept) == (True, True)


def test_a_server_error_shows_a_number_and_nothing_else() -> None:
    world = World()

    answer = fails(logged_in(world.somebody(Role.COO)), world)

    text = answer.content.decode()
    assert answer["X-Request-ID"] in text
    assert [word for word in ("Traceback", "NoneType", "grants_of", "site-packages") if word in text] == []


def test_nothing_but_pages_opens_in_the_browser() -> None:
    """What is neither a page nor data is a file to keep, with a name that says nothing of a child."""
    wrong = []
    for role in Role:
        world = filled(World())
        client = logged_in(world.somebody(role))
        for name, address in pages_of(role, world, "get").items():
            answer = client.get(address)
            shown = answer["Content-Type"].partition(";")[0] in {"text/html", "application/json"}
            disposition = answer.headers.get("Content-Disposition", "")
            if answer.status_code == HTTPStatus.OK and not shown and not disposition.startswith("attachment"):
                wrong.append((name, answer["Content-Type"]))
            if disposition and (answer["Content-Security-Policy"], answer["X-Content-Type-Options"]) != LOCKED:
                wrong.append((name, answer["Content-Security-Policy"]))
            if any(part in disposition for part in (world.pupil.first_name, world.pupil.surname, world.pupil.number)):
                wrong.append((name, disposition))
    assert wrong == []
    assert len(PAGES) > 100


def test_cookies_are_for_the_server_alone() -> None:
    client = Client()
    page = client.get("/account/login/")

    assert {name: (row["httponly"], row["samesite"], row["path"]) for name, row in page.cookies.items()} == {
        settings.CSRF_COOKIE_NAME: (True, "Lax", "/")
    }
