"""Lets what was given to `transaction.on_commit` run in tests, once the code under test has committed as it sees it.

Each test runs in a transaction that is rolled back, so nothing ever commits and hooks would never run: a follow-up
that is forgotten, or fails, would go unseen. A block with only the test's own blocks round it counts as committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from unittest import mock

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import Atomic, get_connection


def only_the_tests_own_blocks(connection: BaseDatabaseWrapper) -> bool:
    """Whether the code under test is, as far as it can know, outside any transaction (and a test's is round it)."""
    blocks = connection.atomic_blocks
    return bool(blocks) and all(getattr(block, "_from_testcase", False) for block in blocks)


@contextmanager
def commit_hooks_run() -> Iterator[None]:
    """Within this block hooks run at the end of the outermost block of the code under test, or at once without one."""
    leave_block = Atomic.__exit__
    keep_hook = BaseDatabaseWrapper.on_commit

    def leave_and_run(
        self: Atomic,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        leave_block(self, exc_type, exc_value, traceback)
        connection = get_connection(self.using)
        if exc_type is None and only_the_tests_own_blocks(connection):
            hooks, connection.run_on_commit = connection.run_on_commit, []
            for _savepoints, hook, _robust in hooks:
                hook()

    def keep_or_run(self: BaseDatabaseWrapper, func: Callable[[], object], robust: bool = False) -> None:
        if only_the_tests_own_blocks(self):
            func()
        else:
            keep_hook(self, func, robust)

    with (
        mock.patch.object(Atomic, "__exit__", leave_and_run),
        mock.patch.object(BaseDatabaseWrapper, "on_commit", keep_or_run),
    ):
        yield
