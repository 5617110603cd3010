"""Every change is counted for the pupils it touches, and for no others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from pytest_django import Settings

from attendance.models import Absence, CalendarException, Group, Pupil, PupilClock, Reason
from attendance.models.calendar import ExceptionKind
from attendance.services import enrolments, exemptions, own_days, schools, timetables
from attendance.services.absences import record_absence
from attendance.services.arrangement_history import Author
from attendance.services.clocks import evaluate_pupils
from attendance.services.due import evaluate_due
from attendance.services.periods import PeriodError
from attendance.services.touched import touched_by_register
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 9)
MONDAY = date(2026, 1, 12)
NOBODY = Author()


@pytest.fixture(autouse=True)
def no_follow_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks stay to be seen: the task that takes them away is not sent."""
    settings.FOLLOW_UP_TASKS = ()
    for name in ("schools", "own_days"):
        monkeypatch.setattr(f"attendance.services.{name}.ask_evaluation", lambda: None)


class Village:
    """Two schools: at one somebody at home, somebody who is never absent and somebody who was ill in autumn."""

    def __init__(self) -> None:
        self.school = factories.school(complete_through=date(2026, 1, 30), alliance=factories.alliance())
        self.other = factories.school(complete_through=date(2026, 1, 30), alliance=factories.alliance())
        self.group = factories.group(self.school)
        self.home, self.well, self.autumn = (factories.pupil(in_group=self.group) for _ in range(3))
        self.elsewhere = factories.pupil(self.other)
        factories.absence(self.home, MONDAY, None, "geoorloofd")
        factories.absence(self.elsewhere, MONDAY, None, "ongeoorloofd")
        factories.absence(self.autumn, date(2025, 9, 8), date(2025, 9, 8))
        evaluate_pupils([child.pk for child in Pupil.objects.all()], today=TODAY, cause="begin")

    def marked(self) -> set[Pupil]:
        return {clock.pupil for clock in PupilClock.objects.filter(dirty=True).select_related("pupil")}


@pytest.fixture
def village() -> Village:
    return Village()


def test_own_days_touch_who_was_absent_round_them(village: Village) -> None:
    row = own_days.add_own_days(
        school=village.school, first=date(2026, 2, 2), last=date(2026, 2, 3), kind=ExceptionKind.CLOSED
    )
    assert village.marked() == {village.home}
    assert set(PupilClock.objects.filter(dirty=True).values_list("dirty_cause", flat=True)) == {
        "kalender van de school gewijzigd"
    }

    evaluate_due(today=TODAY, finished=TODAY)
    assert not village.home.crossings.standing().filter(rule="thuis-4w").exists()

    own_days.remove_own_days(own_days=row)
    assert village.marked() == {village.home}
    evaluate_due(today=TODAY, finished=TODAY)
    assert village.home.crossings.standing().get(rule="thuis-4w").cause == "begin"
    assert not CalendarException.objects.exists()


def test_own_days_in_autumn_touch_who_was_ill_then(village: Village) -> None:
    own_days.add_own_days(
        school=village.school, first=date(2025, 9, 9), last=date(2025, 9, 9), kind=ExceptionKind.CLOSED
    )

    assert village.marked() == {village.autumn}


def test_own_days_touch_who_was_ill_elsewhere_and_came_afterwards(village: Village) -> None:
    """Four reports in twelve lesson weeks: those of the new school decide, also before the pupil came there."""
    came = factories.pupil()
    factories.enrolment(came, village.other, last=date(2025, 11, 30))
    factories.enrolment(came, village.school, first=date(2025, 12, 1))
    for first in (date(2025, 9, 15), date(2025, 11, 24), date(2025, 12, 8), date(2025, 12, 15)):
        factories.absence(came, first, first)
    evaluate_pupils([came.pk], today=TODAY, cause="begin")
    assert not came.crossings.exclude(rule="structureel").exists()

    own_days.add_own_days(
        school=village.school, first=date(2025, 11, 3), last=date(2025, 11, 7), kind=ExceptionKind.CLOSED
    )
    assert came in village.marked()
    evaluate_due(today=TODAY, finished=TODAY)
    assert came.crossings.standing().get(rule="ziek-4x").start == date(2025, 9, 15)


def test_own_days_that_overlap_are_refused(village: Village) -> None:
    factories.closed(village.school, date(2026, 2, 2))

    with pytest.raises(PeriodError, match="Dit overlapt met “vrij”"):
        own_days.add_own_days(
            school=village.school, first=date(2026, 1, 30), last=date(2026, 2, 2), kind=ExceptionKind.CLOSED
        )

    assert village.marked() == set()


def test_standard_timetable_touches_whoever_was_ever_absent_there(village: Village) -> None:
    counted = replace(schools.Counted.of(village.school), week=(300, 300, 180, 300, 300))
    schools.change_counted(school=village.school, counted=counted)
    assert village.marked() == {village.home, village.autumn}

    evaluate_due(today=TODAY, finished=TODAY)
    schools.change_counted(school=village.school, counted=counted)
    assert village.marked() == set()


def test_complete_through_touches_who_has_something_open(village: Village) -> None:
    ended = factories.pupil(village.school)
    factories.absence(ended, date(2026, 2, 2), date(2026, 2, 3))
    evaluate_pupils([ended.pk], today=TODAY, cause="begin")

    assert schools.declare_complete(school=village.school, through=date(2026, 2, 6))
    assert village.marked() == {village.home, ended}
    evaluate_due(today=TODAY, finished=TODAY)
    assert ended.clock.run_since is None

    assert not schools.declare_complete(school=village.school, through=date(2026, 2, 6))
    assert not schools.declare_complete(school=village.school, through=date(2026, 2, 5))
    assert village.marked() == set()
    village.school.refresh_from_db()
    assert village.school.complete_through == date(2026, 2, 6)


def test_register_touches_who_has_something_open_in_that_class(village: Village) -> None:
    assert list(touched_by_register(village.group, date(2026, 2, 2))) == [village.home.pk]
    assert list(touched_by_register(village.group, date(2025, 9, 1))) == []
    assert list(touched_by_register(factories.group(village.school), date(2026, 2, 2))) == []


def test_reason_touches_who_has_a_record_with_it_or_with_a_code_for_it(village: Village) -> None:
    own_code = Reason.objects.create(
        school=village.other, code="V9", label="weg", maps_to=factories.reason("geoorloofd")
    )
    Absence.objects.filter(pupil=village.elsewhere).update(reason=own_code)

    schools.recount_reason(reason=factories.reason("geoorloofd"))

    assert village.marked() == {village.home, village.elsewhere}


@pytest.mark.parametrize("of_everybody", [False, True])
def test_norm_touches_the_pupils_of_its_alliance(village: Village, of_everybody: bool) -> None:
    alliance = None if of_everybody else village.school.alliance

    schools.recount_norms(alliance=alliance)

    here = {village.home, village.autumn}
    assert village.marked() == (here | {village.elsewhere} if of_everybody else here)


# A pupil's own facts are counted on save


def add_timetable(child: Pupil, _village: Village) -> None:
    agreement = timetables.Agreement(MONDAY, None, (0, 0, 0, 0, 0))
    timetables.agree_timetable(pupil=child, agreement=agreement, author=NOBODY, today=TODAY)


def add_exemption(child: Pupil, _village: Village) -> None:
    ground = exemptions.Ground(MONDAY, None, "5 onder a")
    exemptions.note_exemption(pupil=child, ground=ground, author=NOBODY, today=TODAY)


def end_enrolment(child: Pupil, _village: Village) -> None:
    row = child.enrolments.get()
    enrolments.leave_school(enrolment=row, last=MONDAY, leaving_reason="buitenland", author=NOBODY, today=TODAY)


def change_group(child: Pupil, village: Village) -> None:
    group = Group.objects.create(school=village.school, name="anders")
    enrolments.move_to_group(enrolment=child.enrolments.get(), group=group, since=MONDAY, author=NOBODY, today=TODAY)


def add_absence(child: Pupil, _village: Village) -> None:
    record_absence(
        pupil=child,
        first=date(2025, 11, 3),
        last=date(2025, 11, 3),
        reason=factories.reason("ziek"),
        by=factories.user(),
        today=TODAY,
    )


@pytest.mark.parametrize("change", [add_timetable, add_exemption, end_enrolment, change_group, add_absence])
def test_own_fact_is_counted_for_that_pupil_only(village: Village, change: Callable[[Pupil, Village], None]) -> None:
    PupilClock.objects.update(evaluated_on=None)

    change(village.home, village)

    assert set(PupilClock.objects.exclude(evaluated_on=None).values_list("pupil", flat=True)) == {village.home.pk}
    assert village.marked() == set()


def test_own_timetable_of_zeros_flags_who_was_never_absent(village: Village) -> None:
    add_timetable(village.well, village)

    assert village.well.crossings.get(rule="thuis-2w").crossed_on == date(2026, 1, 23)


def test_exemption_and_leaving_end_the_run(village: Village) -> None:
    add_exemption(village.home, village)
    end_enrolment(village.elsewhere, village)

    assert not village.home.crossings.standing().exclude(rule="structureel").exists()
    assert village.elsewhere.clock.run_since is None


def test_class_of_another_school_is_refused(village: Village) -> None:
    with pytest.raises(PeriodError, match="geen klas van"):
        enrolments.move_to_group(
            enrolment=village.home.enrolments.get(),
            group=factories.group(village.other),
            since=MONDAY,
            author=NOBODY,
            today=TODAY,
        )
