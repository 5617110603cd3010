"""Pupils who have been away for weeks, until further notice, and of whom nobody wrote down a talk."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import cast

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from attendance.listings.data_quality.findings import MOST_SHOWN, Kind, Link, Reader, Solved, of_pupil
from attendance.listings.missing_registers import last_school_days
from attendance.models import Absence
from thuiszitters.accounts.dutch_dates import short_date
from thuiszitters.accounts.roles import Role

KNOWS_CONTACTS = frozenset({Role.COO, Role.SCHOOLLEIDER, Role.MENTOR})
"""The administratie knows who is absent, and not what is done about it."""
WRITES_CONTACTS = frozenset({Role.COO, Role.MENTOR})


def last_contacts(pupil_ids: Collection[int]) -> dict[int, date]:
    """The last talk with each pupil or their parents, as the app above keeps it (settings.LAST_CONTACTS)."""
    find = cast("Callable[[Collection[int]], dict[int, date]]", import_string(settings.LAST_CONTACTS))
    return find(pupil_ids)


def without_contact(reader: Reader) -> Kind:
    """Open absence that is older than ten school days, without contact in the last ten."""
    findings = []
    since = last_school_days(reader.calendar, reader.today)[-1]
    rows = list(open_since_before(reader, since))
    contacts = last_contacts([row.pupil_id for row in rows])
    for row in rows:
        contact = contacts.get(row.pupil_id)
        if contact is not None and contact >= since:
            continue
        days = reader.calendar.school_days_between(row.first, reader.today)
        last = "het laatste contact is langer geleden" if contact else "nog geen contact genoteerd"
        text = f"{row.reason} sinds {short_date(row.first, reader.today)}, {days} schooldagen; {last}."
        findings.append(of_pupil(row.pupil, text, by_talking(reader, row)))
    return Kind(
        key="geen-contact",
        title="Lang afwezig zonder contact",
        why="Langer dan tien schooldagen afwezig tot nader bericht, en de laatste tien geen contact genoteerd.",
        good="Niemand is lang afwezig zonder contact.",
        findings=tuple(findings[:MOST_SHOWN]),
        number=len(findings),
    )


def open_since_before(reader: Reader, since: date) -> Collection[Absence]:
    """The longest first."""
    counts = Q(reason__maps_to=None, reason__counts=True) | Q(reason__maps_to__counts=True)
    here = reader.enrolments.on(reader.today).order_by().values("pupil")
    return (
        Absence.objects.visible_to(reader.user)
        .standing()
        .filter(counts, last=None, first__lt=since, pupil__in=here)
        .select_related("pupil", "reason")
        .order_by("first", "pupil__surname_key", "pk")
    )


def by_talking(reader: Reader, row: Absence) -> Solved:
    if reader.roles & WRITES_CONTACTS:
        return Solved(Link("Bel, en noteer het contact", "attendance:pupil_detail", (row.pupil.code,)))
    return Solved(note="De COO of de mentor belt, en noteert het contact.")
