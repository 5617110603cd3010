"""The register of a class per lesson: taking one, leaving one out, closing the day, giving reasons afterwards.

Each of these stores what was seen, settles it into records of absence and evaluates whom it touches, in one
transaction under the lock of the whole class; each may be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from attendance.engine.lesson_day import Mark, Seen, missed_so_far
from attendance.facts import calendar_of
from attendance.models import Group, LessonMark, LessonTaken, Pupil, Reason, RegisterTaken
from attendance.services.absences import AbsenceError, write_lessons
from attendance.services.clocks import evaluate_pupils
from attendance.services.crossings import Outcome
from attendance.services.lesson_settling import DayState, lengths_on, state_of_day
from attendance.services.locks import lock_pupils
from attendance.services.touched import in_group
from thuiszitters.accounts.models import User

UNKNOWN = "onbekend"
"""The code of the reason of who is absent while nobody knows why."""


class MarkedMeanwhile(AbsenceError):  # noqa: N818 - it says what happened, and reads so where it is caught
    """Somebody else marked the same pupils since the page was opened."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"Nog niet opgeslagen. Iemand anders wijzigde intussen {' en '.join(names)}. Open de les opnieuw."
        )


def take_lesson(
    *,
    group: Group,
    day: date,
    lesson: int,
    marks: Mapping[int, Mark | None],
    by: User,
    today: date,
    known: Mapping[int, Mark | None] | None = None,
) -> Outcome:
    """Take a lesson. `marks` has, by pupil id, what was seen; None takes a mark away. Who is not named keeps the mark
    they had (which somebody may have made a minute ago), and was there when they had none. `known`: the marks that
    whoever marks has seen.

    Raises MarkedMeanwhile when one of those in `marks` has another mark by now; nothing is saved then. Raises
    AbsenceError for a pupil of another class, a day to come, a lesson that is not there, or a mark that cannot be.
    """

    def take(pupils: Mapping[int, Pupil]) -> None:
        if strangers := marks.keys() - pupils.keys():
            raise AbsenceError(f"{len(strangers)} van de leerlingen zat die dag niet in {group}.")
        if any(
            mark and mark.seen is Seen.LATE and not 0 < mark.minutes < lengths[lesson - 1] for mark in marks.values()
        ):
            raise AbsenceError(f"Te laat is minder dan de les lang is: hoogstens {lengths[lesson - 1] - 1} minuten.")
        if known is not None:
            standing = state_of_day(group, day, pupils).pupils
            changed = [pk for pk in marks if standing[pk].seen.marks.get(lesson) not in (known.get(pk), marks[pk])]
            if changed:
                raise MarkedMeanwhile([pupils[pk].first_name for pk in changed])
        for pk, mark in marks.items():
            set_mark(pk, group=group, day=day, lesson=lesson, mark=mark, by=by)
        _set_taken(group, day, lesson, cancelled=False, by=by)

    lengths = _lengths(group, day, today)
    _check_lesson(lesson, lengths)
    return _change_day(group, day, take, by=by, today=today)


def cancel_lesson(*, group: Group, day: date, lesson: int, by: User, today: date) -> Outcome:
    """The lesson did not take place. What was marked in it is kept and counts no more, unless it is taken again."""
    _check_lesson(lesson, _lengths(group, day, today))
    return _change_day(group, day, lambda _: _set_taken(group, day, lesson, cancelled=True, by=by), by=by, today=today)


def close_day(*, group: Group, day: date, away: Collection[int], by: User, today: date) -> Outcome:
    """The rest of the day is as it should be: the lessons that nobody took count as taken.

    `away`: the ids of pupils who were not there either, of those who were in none of the lessons so far or of whom
    nothing is known; the others of them came in.
    Raises AbsenceError when nothing was taken yet: then it is not known who was there at all.
    """

    def close(pupils: Mapping[int, Pupil]) -> None:
        state = state_of_day(group, day, pupils)
        if not state.lessons.taken:
            raise AbsenceError("Vul eerst één les in: er is nog van niemand gezien of die er was.")
        asked = pupils_in_doubt(state)
        if strangers := set(away) - set(asked):
            raise AbsenceError(f"Van {len(strangers)} van de leerlingen is intussen iets anders bekend. Kijk het na.")
        unknown = Reason.objects.get(school=None, code=UNKNOWN)
        for pk in asked:
            seen = state.pupils[pk].seen.marks
            mark = Mark(Seen.PRESENT)
            if pk in away:
                absent = [mark for _, mark in sorted(seen.items()) if mark.seen is Seen.ABSENT]
                mark = absent[-1] if absent else Mark(Seen.ABSENT, unknown)
            # Of who is silent in all of them, the last lesson says it.
            for lesson in state.lessons.open_lessons or (max(state.lessons.taken),):
                set_mark(pk, group=group, day=day, lesson=lesson, mark=mark, by=by)
        for lesson in state.lessons.open_lessons:
            _set_taken(group, day, lesson, cancelled=False, by=by)

    _lengths(group, day, today)
    return _change_day(group, day, close, by=by, today=today)


def give_reason(*, group: Group, day: date, pupil_id: int, reason: Reason, by: User, today: date) -> Outcome:
    """Why a pupil was absent in the lessons of `day` for which that was not known."""

    def give(pupils: Mapping[int, Pupil]) -> None:
        if pupil_id not in pupils:
            raise AbsenceError(f"Deze leerling zat die dag niet in {group}.")
        if reason.minutes_required:
            raise AbsenceError(f"“{reason}” past niet bij een hele les. Kies een andere reden.")
        rows = LessonMark.objects.standing().filter(
            group=group, day=day, pupil=pupil_id, seen=Seen.ABSENT, reason__code=UNKNOWN
        )
        for row in list(rows):
            mark = Mark(Seen.ABSENT, reason)
            set_mark(pupil_id, group=group, day=day, lesson=row.lesson, mark=mark, by=by)

    _lengths(group, day, today)
    return _change_day(group, day, give, by=by, today=today)


def pupils_in_doubt(state: DayState) -> list[int]:
    """Pupils of whom closing the day has to be told whether they came: absent in every lesson so far, or unheard of.

    Who has a record of the whole day that others made is known already.
    """
    open_day = bool(state.lessons.open_lessons)
    unheard = set(state.unheard)
    return [
        pk
        for pk, row in state.pupils.items()
        if pk in unheard or (open_day and not row.seen.is_covered and missed_so_far(state.lessons, row.seen))
    ]


# Parts


def set_mark(pupil_id: int, *, group: Group, day: date, lesson: int, mark: Mark | None, by: User) -> None:
    """Store what was seen; what it replaces is kept. The pupil must be locked."""
    rows = LessonMark.objects.standing().filter(pupil=pupil_id, group=group, day=day, lesson=lesson)
    known = rows.select_related("reason").first()
    if known is not None:
        if mark == Mark(Seen(known.seen), known.reason, known.minutes):
            return
        rows.update(replaced_at=timezone.now(), replaced_by=by)
    if mark is not None:
        LessonMark.objects.create(
            pupil_id=pupil_id,
            group=group,
            day=day,
            lesson=lesson,
            seen=mark.seen,
            reason=mark.reason if isinstance(mark.reason, Reason) else None,
            minutes=mark.minutes,
            marked_by=by,
        )


def _set_taken(group: Group, day: date, lesson: int, *, cancelled: bool, by: User) -> None:
    LessonTaken.objects.update_or_create(
        group=group, day=day, lesson=lesson, defaults={"cancelled": cancelled, "taken_by": by}
    )


def _lengths(group: Group, day: date, today: date) -> tuple[int, ...]:
    if day > today:
        raise AbsenceError("Dit is een dag die nog moet komen.")
    if not calendar_of(group.school).is_school_day(day):
        raise AbsenceError("Dit is geen schooldag.")
    lengths = lengths_on(group.school, day)
    if not lengths:
        raise AbsenceError("Op deze dag zijn er geen lessen.")
    return lengths


def _check_lesson(lesson: int, lengths: tuple[int, ...]) -> None:
    if not 1 <= lesson <= len(lengths):
        raise AbsenceError(f"Er is die dag geen les {lesson}.")


def _change_day(
    group: Group, day: date, change: Callable[[Mapping[int, Pupil]], None], *, by: User, today: date
) -> Outcome:
    """Lock the class, change something, settle the day, and evaluate whom that touches."""
    with transaction.atomic():
        pupils = {pupil.pk: pupil for pupil in in_group(group, day)}
        lock_pupils(pupils)
        change(pupils)
        state = state_of_day(group, day, pupils)
        touched = {pk for pk in pupils if write_lessons(state, pk, by=by, today=today)}
        if state.lessons.is_complete and not state.register and not state.unheard:
            RegisterTaken.objects.get_or_create(group=group, day=day, defaults={"taken_by": by})
            touched |= set(pupils)
        return evaluate_pupils(touched, today=today, cause="lessen ingevuld")
