"""A page of another site that frames ours shows nothing of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from tests import factories
from tests.browser.conftest import session_cookie
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ELSEWHERE = "http://elders.example/"
LOCKS = frozenset({"x-frame-options", "content-security-policy", "cross-origin-resource-policy"})


def framed(page: Page, address: str) -> str:
    """What stands in the frame of a page elsewhere that frames `address`."""
    page.route(
        ELSEWHERE,
        lambda route: route.fulfill(
            content_type="text/html", body=f'<!doctype html><h1>Elders</h1><iframe src="{address}"></iframe>'
        ),
    )
    page.goto(ELSEWHERE, wait_until="load")
    (frame,) = page.main_frame.child_frames
    frame.wait_for_load_state()
    return "" if frame.url.startswith("chrome-error:") else frame.locator("body").inner_text()


def without_locks(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, headers={name: value for name, value in answer.headers.items() if name not in LOCKS})


PATHS = (
    "/",
    "/account/login/",
    "/beheer/inrichting/",
    "/bestaat/niet/",
    "/api/v1/openapi.json",
    "/static/css/site.css",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_answer_shows_in_a_frame_elsewhere(page: Page, live_server: object, path: str) -> None:
    """With the headers taken off it does show: without that this would prove nothing."""
    assert framed(page, f"{live_server}{path}") == ""

    page.route(f"{live_server}/**", without_locks)
    assert framed(page, f"{live_server}{path}") != ""


def test_not_for_who_is_logged_in_either(page: Page, context: BrowserContext, live_server: object) -> None:
    person = factories.member(Role.FG, factories.school())
    context.add_cookies([session_cookie(person, str(live_server))])  # type: ignore[list-item]

    assert framed(page, f"{live_server}/beheer/inzage/") == ""
