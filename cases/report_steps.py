"""Which status of a report may follow which, and whose step that is. Pure.

Statuses after sending are those of the verzuimregister since August 2020; "overgedragen aan derden" is gone there.
"""

from __future__ import annotations

from cases.models.reports import Report
from thuiszitters.accounts.roles import Role

S = Report.Status

STEPS: dict[tuple[Report.Status, Report.Status], frozenset[Role]] = {
    (S.DRAFT, S.AT_OFFICE): frozenset({Role.COO}),
    (S.RETURNED, S.AT_OFFICE): frozenset({Role.COO}),
    (S.DRAFT, S.DROPPED): frozenset({Role.COO}),
    (S.RETURNED, S.DROPPED): frozenset({Role.COO}),
    (S.AT_OFFICE, S.RETURNED): frozenset({Role.ADMINISTRATIE}),
    (S.AT_OFFICE, S.SENT): frozenset({Role.ADMINISTRATIE}),
    (S.SENT, S.IN_HAND): frozenset({Role.LEERPLICHT}),
    (S.SENT, S.NOTED): frozenset({Role.LEERPLICHT}),
    (S.SENT, S.CLOSED): frozenset({Role.LEERPLICHT}),
    (S.IN_HAND, S.NOTED): frozenset({Role.LEERPLICHT}),
    (S.IN_HAND, S.CLOSED): frozenset({Role.LEERPLICHT}),
    (S.NOTED, S.IN_HAND): frozenset({Role.LEERPLICHT}),
    (S.NOTED, S.CLOSED): frozenset({Role.LEERPLICHT}),
    (S.SENT, S.WITHDRAWN): frozenset({Role.COO, Role.ADMINISTRATIE}),
    (S.IN_HAND, S.WITHDRAWN): frozenset({Role.COO, Role.ADMINISTRATIE}),
    (S.NOTED, S.WITHDRAWN): frozenset({Role.COO, Role.ADMINISTRATIE}),
}


def may_follow(old: Report.Status, new: Report.Status) -> bool:
    """Whether a report may go from `old` to `new`."""
    return (old, new) in STEPS


def before(new: Report.Status) -> tuple[Report.Status, ...]:
    """The statuses from which `new` may be reached."""
    return tuple(old for old, follows in STEPS if follows == new)


def next_steps(old: Report.Status, roles: frozenset[Role]) -> frozenset[Report.Status]:
    """The statuses that somebody with `roles` may choose from `old`."""
    return frozenset(new for (start, new), who in STEPS.items() if start == old and who & roles)
