"""The forms that a page shows, as somebody's browser would send them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests.access_table import PAGES, Page, World
from tests.security.rows import Stored, stored_after, tables_written
from tests.test_safety import WHOLE

Values = dict[str, list[str]]
OF_ITSELF = frozenset({"csrfmiddlewaretoken"})
BY_TYPE = {"date": "2026-01-14", "number": "1", "time": "09:00", "email": "noor@school.example", "tel": "0612345678"}


@dataclass
class Form:
    """`values`: what is sent when somebody fills in what is empty and presses the (first) button."""

    action: str
    method: str
    names: set[str] = field(default_factory=set)
    values: Values = field(default_factory=dict)

    @property
    def page(self) -> str:
        """The name of the page that takes it in."""
        try:
            return resolve(urlsplit(self.action).path).view_name
        except Resolver404:
            return ""

    def take(self, name: str, value: str, *, instead: bool = False) -> None:
        self.names.add(name)
        if instead or name not in self.values:
            self.values[name] = [value]


class Reader(HTMLParser):
    """Collects the forms of a page. A field outside (form="…") and a button with an address of its own count too."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.inside: Form | None = None
        self.select: tuple[Form, str] | None = None
        self.text: tuple[Form, str] | None = None
        self.loose: list[tuple[str, str, str]] = []
        self.links: list[str] = []
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get", "src", "data-url"):
            if name in found:
                self.links.append(found[name])
        for method in ("post", "get", "put", "delete"):
            if f"hx-{method}" in found and tag != "form":
                self.forms.append(Form(found[f"hx-{method}"] or self.address, method))
        self._in_title = tag == "title" or self._in_title
        if tag == "form":
            action = found.get("hx-post") or found.get("action") or self.address
            self.inside = Form(action.split("#", maxsplit=1)[0] or self.address, found.get("method", "get").lower())
            self.forms.append(self.inside)
            self.by_id[found.get("id", "")] = self.inside
        elif tag in {"input", "button", "textarea", "select", "option"}:
            self.handle_field(tag, found)

    def handle_field(self, tag: str, found: dict[str, str]) -> None:
        name = found.get("name", "")
        form = self.by_id.get(found["form"]) if "form" in found else self.inside
        if tag == "option" and self.select:
            if found.get("value"):
                self.select[0].take(self.select[1], found["value"], instead="selected" in found)
            return
        if "form" in found and form is None:
            self.loose.append((found["form"], name, found.get("value", "")))
            return
        if form is None or not name or "disabled" in found:
            return
        form.names.add(name)
        kind = found.get("type", "text")
        if tag == "select":
            self.select = (form, name)
        elif tag == "textarea":
            self.text = (form, name)
            form.take(name, WHOLE.get(name, "Een zin."))
        elif kind in {"radio", "checkbox"}:
            form.take(name, found.get("value", "on"), instead="checked" in found)
        elif tag == "button" or kind in {"submit", "hidden"}:
            form.take(name, found.get("value", ""))
        elif kind != "file":
            form.take(name, found.get("value") or WHOLE.get(name, BY_TYPE.get(kind, "tekst")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "select":
            self.select = None
        elif tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def finish(self) -> Reader:
        for place, name, value in self.loose:
            if place in self.by_id and name:
                self.by_id[place].take(name, value)
        return self


def read(answer: Any, address: str) -> Reader:
    """What stands on a page; nothing when it is no page."""
    reader = Reader(address)
    if "html" in answer.headers.get("Content-Type", ""):
        reader.feed(getattr(answer, "content", b"").decode())
    return reader.finish()


def address_of(line: Page, world: World) -> str:
    return reverse(line.name, kwargs=line.row(world) if line.row else None)


def forms_shown(client: Client, addresses: Iterable[str]) -> Iterator[Form]:
    """The forms on these pages that write something, each once: by where it goes and what it is called."""
    seen = set()
    for address in addresses:
        for form in read(client.get(address), address).forms:
            key = (form.action, frozenset(form.names))
            if form.method == "post" and key not in seen and form.page != "account_logout":
                seen.add(key)
                yield form


def sent(client: Client, form: Form, more: dict[str, str], before: Stored) -> tuple[Any, Stored]:
    """The answer, and everything that is stored after it; which is then undone."""
    with transaction.atomic():
        with tables_written() as written:
            answer = client.post(form.action, form.values | more)
        found = stored_after(before, written)
        transaction.set_rollback(True)
    return answer, found


def pages_of(role: str, world: World, method: str = "") -> dict[str, str]:
    """Name of page → address of one's own row, for whom the table lets in."""
    return {line.name: address_of(line, world) for line in PAGES if role in line.roles and method in {"", line.method}}
