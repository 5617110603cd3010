"""A year kept up to date week by week says the same as everything counted from nothing at its end."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from pytest_django import Settings

from attendance.models import Absence, Crossing, Pupil, PupilClock
from attendance.services import schools
from attendance.services.absences import record_absence
from attendance.services.arrangement_history import Author
from attendance.services.due import evaluate_due
from attendance.services.rebuild import rebuild
from attendance.services.registers import take_register
from attendance.services.timetables import Agreement, agree_timetable
from tests import factories

pytestmark = pytest.mark.django_db

START = date(2025, 9, 1)
WEEKS = 30
CODES = ("ziek", "ziek", "geoorloofd", "ongeoorloofd", "onbekend", "elders")
LENGTHS = (1, 1, 2, 3, 5, 8, 12, 30, 60)


@pytest.fixture(autouse=True)
def no_tasks(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks would be sent at once, on the date of the machine."""
    settings.FOLLOW_UP_TASKS = ()
    monkeypatch.setattr("attendance.services.schools.ask_evaluation", lambda: None)


def standing() -> set[tuple[int, str, date, date]]:
    rows = Crossing.objects.standing().exclude(rule="structureel")
    return set(rows.values_list("pupil_id", "rule", "start", "crossed_on"))


def runs() -> dict[int, date | None]:
    return dict(PupilClock.objects.values_list("pupil_id", "run_since"))


class Year:
    """Some pupils, week by week. One school declares its data complete, the other takes registers."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.by = factories.user()
        self.complete = factories.school(alliance=factories.alliance())
        self.group = factories.group(factories.school(region="noord"))
        self.children = [factories.pupil(self.complete) for _ in range(8)]
        self.children += [factories.pupil(in_group=self.group) for _ in range(4)]

    def live(self, week: int) -> date:
        """One week: things are recorded, some of them late; at its end the school's data is complete, mostly."""
        monday = START + timedelta(weeks=week)
        for child in self.children:
            if self.chance.random() < 0.2:
                self.fall_ill(child, monday + timedelta(days=self.chance.choice((-12, 0, 0, 1, 2, 3, 4))))
            if self.chance.random() < 0.01 and not child.timetables.exists():
                week_of_minutes = self.chance.choice(((0, 0, 0, 0, 0), (300, 300, 0, 300, 300)))
                last = monday + timedelta(days=self.chance.choice((20, 40)))
                agreement = Agreement(monday, last, week_of_minutes)
                agree_timetable(pupil=child, agreement=agreement, author=Author(), today=monday)
        friday = monday + timedelta(days=4)
        for n in range(5):
            if self.chance.random() < 0.8:
                day = monday + timedelta(days=n)
                take_register(group=self.group, day=day, marks={}, by=self.by, today=day)
        if self.chance.random() < 0.7:
            schools.declare_complete(school=self.complete, through=friday)
        evaluate_due(today=friday + timedelta(days=1), finished=friday)
        return friday

    def fall_ill(self, child: Pupil, first: date) -> None:
        length = self.chance.choice(LENGTHS)
        last = first + timedelta(days=length - 1)
        taken = Absence.objects.standing().filter(pupil=child, first__lte=last, last__gte=first)
        if first < START or taken.exists() or child.absences.filter(last=None).exists():
            return
        record_absence(
            pupil=child,
            first=first,
            last=last,
            reason=factories.reason(self.chance.choice(CODES)),
            by=self.by,
            today=max(first, START),
            minutes=self.chance.choice((60, 200)) if length == 1 and self.chance.random() < 0.5 else None,
        )


@pytest.mark.parametrize("seed", range(2))
def test_year_kept_up_to_date_equals_the_year_from_nothing(seed: int) -> None:
    year = Year(seed)
    for week in range(WEEKS):
        friday = year.live(week)
    kept, running = standing(), runs()
    assert len(kept) > 20

    again = rebuild(today=friday, finished=friday, cause="proef")
    assert (again.created, again.moved, again.restored, again.withdrawn) == (0, 0, 0, 0)

    Crossing.objects.all().delete()
    PupilClock.objects.all().delete()
    totals = rebuild(today=friday, finished=friday, cause="proef")

    assert standing() == kept
    assert runs() == running
    assert totals.evaluated == len(running)


def test_rebuild_leaves_out_who_has_nothing_to_count() -> None:
    group = factories.group(factories.school())
    absent, zeros, well = (factories.pupil(in_group=group) for _ in range(3))
    factories.absence(absent, START, START)
    factories.own_timetable(zeros, (0, 0, 0, 0, 0), START)
    later = START + timedelta(days=30)

    totals = rebuild(today=later, finished=later, cause="proef")

    assert totals.evaluated == 2
    assert set(PupilClock.objects.values_list("pupil", flat=True)) == {absent.pk, zeros.pk}
    assert not well.crossings.exists()
    assert zeros.crossings.filter(rule="thuis-2w").exists()
