"""The whole demo on the dates on which it could go wrong, and the load of a winter. Takes minutes: `make bench`."""

from __future__ import annotations

from datetime import date

import pytest

from attendance.models import Crossing, EmergencyAccess
from cases.models import Phase, Report, Signal
from tables.models import TableEntry
from thuiszitters.accounts.read_log import NO_GROUND
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.demo.expected import Expected
from thuiszitters.demo.known import stages
from thuiszitters.demo.make import make_demo
from thuiszitters.demo.people import pupil_of
from thuiszitters.demo.rates import most_new_in_a_week
from thuiszitters.privacy.models import DestructionRun

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize(
    "today",
    [date(2026, 7, 15), date(2026, 8, 5), date(2026, 8, 31), date(2026, 11, 21), date(2027, 1, 5), date(2027, 3, 7)],
    ids=str,
)
def test_stories_table_and_lists_are_telling(today: date) -> None:
    demo = make_demo(today=today, share=0.05)

    for story in demo.stories:
        stored = Crossing.objects.standing().filter(pupil=pupil_of(demo, story.key)).exclude(rule="structureel")
        found = sorted(Expected(row.crossed_on, row.rule, row.start) for row in stored)
        assert (story.key, found) == (story.key, story.expected)
    phases = set(TableEntry.objects.on_the_table().values_list("case__phase", flat=True))
    assert {Phase.DREIGEND, Phase.THUISZITTER, Phase.LONG, Phase.OPBOUW} <= phases
    assert Signal.objects.unanswered().filter(audience=Role.COO).count() >= 3
    assert Report.objects.drafts().exists()
    assert Report.objects.filter(status=Report.Status.SENT).exists()
    assert Report.objects.filter(answered_at__isnull=False).exists()
    assert not Entry.objects.filter(why__contains=NO_GROUND).exists()
    assert Entry.objects.filter(kind=Kind.ALERT).count() == 1
    assert EmergencyAccess.objects.count() == 2
    assert sorted(DestructionRun.objects.values_list("status", flat=True)) == ["klaar", "voorgesteld"]


def test_winter_with_flu_does_not_flood_the_coo() -> None:
    today = date(2027, 3, 12)
    demo = make_demo(today=today)

    signals, lines, _ = most_new_in_a_week(first=stages(demo)[1], last=today)

    assert signals < 10
    assert 0 < lines < 3
