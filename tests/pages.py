"""The pages of the project: what test_architecture and test_access both walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

OWN_PACKAGES = ("thuiszitters", "attendance", "cases", "tables")

OPEN_PAGES = frozenset({"health", "school_login", "school_callback"})
"""Pages of our own that everybody may open, logged in or not."""


def is_own(module: str) -> bool:
    """Whether a module is part of this project (and not of a package that it uses)."""
    return module.split(".", maxsplit=1)[0] in OWN_PACKAGES


def own_pages() -> dict[str, Callable[..., Any]]:
    """Full name of the page ("cases:case_detail") → its view, for every page that this project wrote itself and that is
    not of one's own account."""
    return {name: view for name, view in _written_here() if not getattr(view, "own_account", False)}


def account_pages() -> dict[str, Callable[..., Any]]:
    """The same, of the pages about who is logged in, which every role has (tests/accounts/test_account_pages.py)."""
    return {name: view for name, view in _written_here() if getattr(view, "own_account", False)}


def _written_here() -> list[tuple[str, Callable[..., Any]]]:
    return [(name, view) for name, view in walk(get_resolver()) if is_own(getattr(view, "view_class", view).__module__)]


def walk(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """All pages with the namespaces in their names. A page without a name is called by its path."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from walk(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or entry.pattern}", entry.callback
