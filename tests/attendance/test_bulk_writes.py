"""Many new rows at once come out as they went in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from attendance.models import Crossing, PupilClock
from attendance.services.bulk_writes import MANY, insert_rows
from tests import factories

pytestmark = pytest.mark.django_db

START = date(2025, 9, 1)
TEXT = 'een "norm", met een komma; één\nregel meer en een \\ teken'


@pytest.mark.parametrize("count", [0, 1, MANY - 1, MANY, MANY + 1])
def test_rows_come_out_as_they_went_in(count: int) -> None:
    child = factories.pupil(factories.school())
    rows = [
        Crossing(
            pupil=child,
            rule="uren-16",
            start=START + timedelta(days=n),
            crossed_on=START + timedelta(days=n + 1),
            norm_text=TEXT,
            evidence=[["2025-09-01", "missed", "missed", 1, TEXT]],
            cause="proef",
        )
        for n in range(count)
    ]

    insert_rows(Crossing, rows)

    names = ("pk", "code", "start", "crossed_on", "norm_text", "evidence", "norm", "withdrawn_at", "withdrawn_cause")
    stored = Crossing.objects.order_by("start").values_list(*names)
    assert list(stored) == [
        (row.pk, row.code, row.start, row.crossed_on, TEXT, row.evidence, None, None, "") for row in rows
    ]
    assert not Crossing.objects.filter(found_at__isnull=True).exists()
    # The counter knows which numbers are gone.
    assert Crossing.objects.create(pupil=child, rule="lrv", start=START, crossed_on=START).pk not in [
        r.pk for r in rows
    ]


def test_clocks_come_out_as_they_went_in() -> None:
    school = factories.school()
    children = [factories.pupil(school) for _ in range(MANY)]
    insert_rows(PupilClock, [PupilClock(pupil=child, dirty=False, evaluated_on=START) for child in children])

    stored = PupilClock.objects.values_list("pupil", "dirty", "dirty_cause", "evaluated_on", "next_on")
    assert set(stored) == {(child.pk, False, "", START, None) for child in children}
