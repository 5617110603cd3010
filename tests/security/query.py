"""What can stand behind the question mark: the names that a page reads, and values that no page expects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.http import QueryDict

NASTY = (
    "",
    "a\x00b",
    "x" * 10_000,
    "-1",
    "0",
    "1e9",
    str(10**30),
    "9" * 5000,
    "٣",
    "1.5",
    "0000-00-00",
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "00000000-0000-0000-0000-000000000000",
    "' OR 1=1 --",
    "%",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}",
    "Zoë 🦊 \u202eمرحبا",
    "\udcff",
    "None",
    "[]",
)


@contextmanager
def names_read() -> Iterator[set[str]]:
    """The names that are asked for in any query or form while this lasts."""
    found: set[str] = set()

    def noting(method: str) -> Callable[..., Any]:
        original = getattr(QueryDict, method)

        def noted(self: QueryDict, key: str, *rest: Any, **more: Any) -> Any:
            found.add(key)
            return original(self, key, *rest, **more)

        return noted

    with pytest.MonkeyPatch.context() as patch:
        for method in ("get", "getlist", "__getitem__", "__contains__"):
            patch.setattr(QueryDict, method, noting(method))
        yield found
