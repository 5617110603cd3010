"""Exemptions: what they do to the days, what they may not overlap, and what is kept of a change."""

from __future__ import annotations

from datetime import date

import pytest

from attendance.models import ArrangementChange, Exemption, Pupil
from attendance.services.arrangement_history import Author
from attendance.services.clocks import evaluate_pupil
from attendance.services.exemptions import (
    Ground,
    change_exemption,
    end_exemption,
    note_exemption,
    remove_exemption,
)
from attendance.services.periods import PeriodError, PeriodOverlap
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 9)
MONDAY = date(2026, 1, 12)
AUTHOR = Author(why="brief van leerplicht")


@pytest.fixture
def pupil() -> Pupil:
    return factories.pupil(factories.school(complete_through=date(2026, 2, 6), alliance=factories.alliance()))


def note(pupil: Pupil, first: date = MONDAY, last: date | None = None, kind: str = "5 onder a") -> Exemption:
    return note_exemption(pupil=pupil, ground=Ground(first, last, kind), author=AUTHOR, today=TODAY).row


def test_nothing_is_expected_on_its_dates(pupil: Pupil) -> None:
    factories.absence(pupil, MONDAY, None, "geoorloofd")
    evaluate_pupil(pupil.pk, today=TODAY, cause="begin")
    assert {row.rule for row in pupil.crossings.standing()} == {"thuis-2w", "thuis-4w", "structureel"}

    row = note(pupil)
    assert {row.rule for row in pupil.crossings.standing()} == set()

    remove_exemption(exemption=row, author=AUTHOR, today=TODAY)
    assert {row.rule for row in pupil.crossings.standing()} == {"thuis-2w", "thuis-4w", "structureel"}
    assert ArrangementChange.objects.filter(what="verwijderd", subject=row.code).count() == 1


@pytest.mark.parametrize(
    ("first", "last", "kind", "stands"),
    [
        (date(2026, 2, 6), None, "5 onder a", False),
        (date(2026, 2, 7), None, "5 onder a", True),
        (date(2026, 1, 1), date(2026, 1, 12), "5 onder a", False),
        (date(2026, 1, 1), date(2026, 1, 11), "5 onder a", True),
        (date(2026, 2, 6), None, "15", True),
        # The first day is the key of a row in a file: two on one day could not be told apart.
        (MONDAY, None, "15", False),
    ],
)
def test_those_of_one_kind_do_not_overlap(
    pupil: Pupil, first: date, last: date | None, kind: str, stands: bool
) -> None:
    note(pupil, last=date(2026, 2, 6))

    if stands:
        note(pupil, first, last, kind)
    else:
        with pytest.raises(PeriodOverlap, match="vrijstelling 5 onder a, ma 12 jan t/m vr 6 feb"):
            note(pupil, first, last, kind)

    assert pupil.exemptions.count() == 1 + stands


def test_the_same_again_changes_nothing(pupil: Pupil) -> None:
    assert note(pupil) == note(pupil)
    assert (pupil.exemptions.count(), ArrangementChange.objects.count()) == (1, 1)


def test_a_change_and_an_end_keep_what_it_was(pupil: Pupil) -> None:
    coo = factories.user()
    row = note(pupil, kind="5a")
    ground = Ground(MONDAY, None, "artikel 5a", "leerplicht", date(2026, 1, 8))

    for _ in range(2):
        change_exemption(exemption=row, ground=ground, author=Author(coo, "trekkend bestaan"), today=TODAY)
        end_exemption(exemption=row, last=date(2026, 7, 31), author=Author(coo), today=TODAY)
        ground = Ground(MONDAY, date(2026, 7, 31), "artikel 5a", "leerplicht", date(2026, 1, 8))

    row.refresh_from_db()
    assert (row.kind, row.last) == ("artikel 5a", date(2026, 7, 31))
    changes = ArrangementChange.objects.exclude(what="gemaakt").order_by("pk")
    assert [(change.what, change.was["soort"], change.was["tot"], change.why) for change in changes] == [
        ("gewijzigd", "5a", "", "trekkend bestaan"),
        ("beeindigd", "artikel 5a", "", ""),
    ]
    with pytest.raises(PeriodError, match="eindigt al op vr 31 jul 2026"):
        end_exemption(exemption=row, last=date(2026, 8, 1), author=AUTHOR, today=TODAY)
    with pytest.raises(PeriodError, match="vóór de eerste"):
        end_exemption(exemption=row, last=date(2026, 1, 11), author=AUTHOR, today=TODAY)
