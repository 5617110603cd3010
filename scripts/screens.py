"""Photographs every page per role, at 1280 and 390 pixels, into screens/, so that the whole product can be looked at.

Uses the demo data of this installation (made first when there is none) and the same web server as `make run`. From the
page "Vandaag" it follows links, one of each kind of page, the way a person would. What the pages load is waited for.

    make screens                     everything
    python scripts/screens.py coo    only log-ins whose address begins with "coo"
    python scripts/screens.py --readme    only the three pictures of the README, into docs/schermen/
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thuiszitters.settings")
os.environ.setdefault("DEMO", "1")
os.environ.setdefault("DEVELOPMENT", "1")
# Playwright runs an event loop in this thread; nothing here is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

WIDTHS = (1280, 390)
HEIGHT = 900
FOLDER = ROOT / "screens"
README_FOLDER = ROOT / "docs" / "schermen"
CODE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
START_SECONDS = 60
LOAD_MS = 60_000
ERROR = 400


@dataclass(frozen=True)
class Picture:
    """A picture of the README: who looks at which page, and how much of it."""

    name: str
    account: str
    page: str
    width: int
    height: int


PICTURES = (
    Picture("vandaag", "coo", "today", 1280, 900),
    Picture("tafel", "coo", "tables:board", 1280, 900),
    Picture("klas-invullen", "mentor", "attendance:register_take", 390, 844),
)


def main() -> int:
    """Start the server, visit, photograph, stop. The exit status is 1 when a page failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="?", default="", help="alleen accounts waarvan het adres zo begint")
    parser.add_argument("--readme", action="store_true", help="alleen de plaatjes van de README")
    options = parser.parse_args()
    from tests import needs  # noqa: PLC0415 - only now can it be found

    chromium = needs.chromium()
    if chromium is None:
        print(f"Geen browser gevonden. Dit {needs.missing()['browser']}", file=sys.stderr)
        return 1
    subprocess.run([sys.executable, str(ROOT / "scripts" / "run.py"), "--prepare"], check=True)
    import django  # noqa: PLC0415 - only now are there settings to read

    django.setup()
    with server() as site, launched(chromium) as browser:
        if options.readme:
            take_pictures(browser, site)
            return 0
        failed = visit_all(browser, site, options.only)
    print(f"Klaar: {FOLDER}. Mislukt: {failed}.")
    return min(failed, 1)


@contextmanager
def server() -> Iterator[str]:
    """The web server of `make run` on a port of its own, for as long as the block lasts; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    gunicorn = Path(sys.executable).parent / "gunicorn"
    options = f"thuiszitters.wsgi --bind 127.0.0.1:{port} --threads 4 --log-level warning --no-control-socket"
    process = subprocess.Popen([gunicorn, *options.split()], cwd=ROOT)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the application says that it is well."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/gezond/")
            if connection.getresponse().status < ERROR:
                return
        except (OSError, HTTPException):
            time.sleep(0.2)
        finally:
            connection.close()
    sys.exit("De webserver kwam niet op.")


@contextmanager
def launched(chromium: str) -> Iterator[Browser]:
    """The browser of this machine."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a developer's tool

    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        yield browser
        browser.close()


def window(browser: Browser, site: str, email: str, width: int, height: int = HEIGHT) -> BrowserContext:
    """A browser window in which somebody is logged in (or nobody: "")."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=site, locale="nl-NL", timezone_id="Europe/Amsterdam"
    )
    context.set_default_timeout(LOAD_MS)
    if email:
        name, value = session_cookie(email)
        context.add_cookies([{"name": name, "value": value, "url": site}])
    return context


def session_cookie(email: str) -> tuple[str, str]:
    """A session of this person, without going past the rate limit of the log-in page."""
    from django.conf import settings  # noqa: PLC0415 - only after setup
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    from thuiszitters.accounts.models import User  # noqa: PLC0415

    user = User.objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return settings.SESSION_COOKIE_NAME, str(session.session_key)


def emails(beginning: str = "") -> list[str]:
    """The log-ins of the demo."""
    from thuiszitters.demo.logins import demo_logins  # noqa: PLC0415 - only after setup

    return [row.email for row in demo_logins() if row.email.startswith(beginning)]


# The whole product


def visit_all(browser: Browser, site: str, only: str) -> int:
    """Visit as each demo log-in; how many pages did not answer as they should."""
    failed = 0
    for email in [*([""] if not only else []), *emails(only)]:
        who = email.split("@")[0] or "uitgelogd"
        for width in WIDTHS:
            shutil.rmtree(FOLDER / str(width) / who, ignore_errors=True)
            (FOLDER / str(width) / who).mkdir(parents=True)
        context = window(browser, site, email, WIDTHS[0])
        pages, wrong = visit(context, who)
        context.close()
        failed += wrong
        print(f"{who}: {pages} pagina's", flush=True)
    return failed


def visit(context: BrowserContext, who: str) -> tuple[int, int]:
    """Photograph one of each kind of page that links lead to, starting at "Vandaag"; how many, and how many failed."""
    screen = context.new_page()
    problems: list[str] = []
    screen.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    screen.on("pageerror", lambda error: problems.append(str(error)))
    waiting, seen, failed = ["/"], set[str](), 0
    while waiting:
        path = waiting.pop(0)
        name = name_of(path)
        if not name or name in seen:
            continue
        seen.add(name)
        problems.clear()
        problems += photograph(screen, path, f"{who}/{len(seen):02d}-{name.replace(':', '-')}.png")
        if problems:
            failed += 1
            print(f"  {CODE.sub('…', path)} ({name}): {'; '.join(problems)}", flush=True)
        waiting += [link for link in links_of(screen) if not link.startswith("/static/")]
    return len(seen), failed


def name_of(path: str) -> str:
    """Which page an address is of; nothing for what is no page, or looks like another one of the set-up."""
    from django.urls import Resolver404, resolve  # noqa: PLC0415 - only after setup

    try:
        name = resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""
    return "" if name.startswith("admin:") and name.endswith(("_change", "_history", "_delete")) else name


def photograph(screen: Page, path: str, file: str) -> list[str]:
    """Open a page and keep what it looks like at each width; what is wrong with it."""
    screen.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    answer = screen.goto(path, wait_until="networkidle")
    wrong = [] if answer is not None and answer.status < ERROR else [f"antwoord {answer and answer.status}"]
    for width in WIDTHS:
        screen.set_viewport_size({"width": width, "height": HEIGHT})
        screen.screenshot(path=FOLDER / str(width) / file, full_page=True)
        if screen.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"past niet in {width} pixels")
    return wrong


def links_of(screen: Page) -> list[str]:
    """Where the links of a page lead, within the application."""
    found = screen.eval_on_selector_all("a[href^='/']", "links => links.map(link => link.getAttribute('href'))")
    return [str(link) for link in found]


# The README


def take_pictures(browser: Browser, site: str) -> None:
    """The pictures of the README, as small files."""
    from django.urls import reverse  # noqa: PLC0415 - only after setup

    README_FOLDER.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        email = next(row for row in emails(f"{picture.account}@"))
        context = window(browser, site, email, picture.width, picture.height)
        screen = context.new_page()
        if picture.page == "attendance:register_take":
            screen.goto(reverse("attendance:registers_to_take"), wait_until="networkidle")
            path = next(link for link in links_of(screen) if name_of(link) == picture.page)
        else:
            path = reverse(picture.page)
        screen.goto(path, wait_until="networkidle")
        file = README_FOLDER / f"{picture.name}.jpg"
        screen.screenshot(path=file, type="jpeg", quality=75)
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} kB")
        context.close()


if __name__ == "__main__":
    sys.exit(main())
