"""What holds for every template, and for the pages that nobody asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from tests import factories
from thuiszitters.accounts.glossary import GLOSSARY
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.templatetags.icons import icon

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
FORBIDDEN = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "an event attribute": r"<[^>]*\son[a-z]+\s*=",
    "a script inside the page": r"<script\b(?![^>]*\bsrc=)",
    "an address of somebody else": r"""(?:src|href)=["'](?:https?:)?//""",
    "javascript evaluated by htmx": r"""hx-(?:vals|headers)=["']js:|hx-on""",
}


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_needs_a_softer_security_policy(name: str, what: str) -> None:
    source = re.sub(r"{% comment %}.*?{% endcomment %}", "", (FOLDER / name).read_text(), flags=re.DOTALL)

    assert re.findall(FORBIDDEN[what], source, flags=re.IGNORECASE) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/verzuim/klassen/", 403, "Deze pagina is niet voor jouw rol"),
        ("/bestaat-niet/", 404, "Deze pagina is er niet"),
    ],
)
def test_a_refusal_is_a_page_of_ours(path: str, status: int, title: str, client: Client) -> None:
    client.force_login(factories.member(Role.FG, factories.alliance()))

    answer = client.get(path)

    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_an_error_page_needs_no_database_and_no_request(name: str) -> None:
    assert '<html lang="nl">' in render_to_string(name)


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_by_a_page_of_ours() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x@y.example"})

    assert answer.status_code == 403
    assert "<h1>De pagina was te lang open</h1>" in answer.content.decode()


@pytest.mark.django_db
@override_settings(DEVELOPMENT=True)
def test_the_page_of_parts_exists_in_development(client: Client) -> None:
    client.force_login(factories.member(Role.COO, factories.school()))

    answer = client.get(reverse("component_list"))

    assert answer.status_code == 200
    assert answer.content.decode().count('class="clock') >= 3


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_signup"])
def test_pages_of_logging_in_stand_in_our_frame(name: str, client: Client) -> None:
    page = client.get(reverse(name)).content.decode()

    assert '<main class="page page-narrow"' in page
    assert "Sign" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(("is_demo", "number"), [(True, 1), (False, 0)])
def test_the_banner_says_that_everybody_is_invented(is_demo: bool, number: int, client: Client) -> None:
    with override_settings(DEMO=is_demo):
        page = client.get(reverse("account_login")).content.decode()

    assert page.count("Demo: iedereen is verzonnen.") == number


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context, RequestFactory().get("/"))


def test_an_icon_stands_in_the_page_in_the_colour_of_the_text() -> None:
    svg = rendered('{% load icons %}{% icon "sun" %}')

    assert svg.startswith('<svg class="icon" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true"')
    assert svg.endswith("</svg>")


@pytest.mark.parametrize(("name", "error"), [("../secret", TemplateSyntaxError), ("no-such-icon", FileNotFoundError)])
def test_an_icon_that_does_not_exist_is_an_error(name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        icon(name)


def test_a_term_carries_its_meaning() -> None:
    assert f"({GLOSSARY['OPP']})" in rendered('{% load glossary %}{% term "OPP" %}')
    with pytest.raises(KeyError):
        rendered('{% load glossary %}{% term "XYZ" %}')
