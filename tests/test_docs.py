"""README and docs are true: a page for each role, links that lead somewhere, commands and settings that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from thuiszitters.accounts.roles import Role
from thuiszitters.demo.people import LOGINS, PASSWORD

ROOT = Path(settings.BASE_DIR)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
OF_COMPOSE = {"PORT", "POSTGRES_PASSWORD"}
"""What docker-compose.yml takes from .env and the application does not."""
LARGEST_PICTURE = 150_000


def anchors(page: Path) -> set[str]:
    """The anchors that a reader of Markdown gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_role_has_a_page() -> None:
    assert {page.stem for page in (ROOT / "docs" / "rollen").glob("*.md")} == set(Role.values)
    index = (ROOT / "docs" / "README.md").read_text()
    assert {role for role in Role if f"(rollen/{role.value}.md)" not in index} == set()


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    dead = []
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        if re.match(r"https?:|mailto:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("name", NAMES)
def test_commands_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py")}
    commands |= {path.stem for path in ROOT.glob("thuiszitters/*/management/commands/*.py")}
    django = {"createsuperuser", "migrate", "collectstatic", "check"}
    text = (ROOT / name).read_text()

    asked = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE))
    managed = set(re.findall(r"manage\.py ([a-z_]+)", text))

    assert asked - targets == set()
    assert managed - commands - django == set()


@pytest.mark.parametrize("name", NAMES)
def test_files_that_are_named_exist(name: str) -> None:
    named = re.findall(
        r"`((?:attendance|cases|tables|thuiszitters|tests|scripts|docs|static|templates)/[\w./]*)`",
        (ROOT / name).read_text(),
    )

    assert [path for path in named if not (ROOT / path).exists()] == []


def test_env_example_names_every_variable_of_the_settings() -> None:
    source = (ROOT / "thuiszitters" / "settings.py").read_text()
    read = set(re.findall(r"""(?:env\.\w+|required)\(\s*"([A-Z_]+)\"""", source))
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert len(read) > 15
    assert named == read | OF_COMPOSE


def test_log_ins_of_the_tour_exist() -> None:
    text = (ROOT / "README.md").read_text()
    named = set(re.findall(r"`([\w.]+@demo\.example)`", text))

    assert named == {row.email for row in LOGINS if row.account in {"mentor", "coo", "administratie", "leerplicht"}}
    assert f"`{PASSWORD}`" in text


def test_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs" / "schermen").iterdir()}

    assert len(sizes) == 3
    assert {name for name, size in sizes.items() if size > LARGEST_PICTURE} == set()


def test_the_log_tells_of_this_version() -> None:
    version = re.findall(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[0]

    assert f"## {version}\n" in (ROOT / "CHANGELOG.md").read_text()
