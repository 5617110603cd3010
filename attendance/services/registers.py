"""The register of a class for a day: everybody is there unless marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from attendance.models import Absence, Group, Pupil, Reason, RegisterTaken
from attendance.services.absences import AbsenceError, Content, add_record, content_of, rewrite, take_back
from attendance.services.clocks import evaluate_pupils
from attendance.services.crossings import Outcome
from attendance.services.lesson_catch_up import catch_up_lessons
from attendance.services.locks import lock_pupils
from attendance.services.touched import in_group, touched_by_register
from thuiszitters.accounts.models import User
from thuiszitters.audit.services.bulk_changes import gathering

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Mark:
    """Absent on the day of the register: all of it, or some minutes."""

    reason: Reason
    minutes: int | None = None


class RegisterChangedError(Exception):
    """Others changed the records of `pupils` (ids) since the page was opened. Nothing was saved."""

    def __init__(self, pupils: Collection[int]) -> None:
        self.pupils = frozenset(pupils)
        super().__init__(f"{len(self.pupils)} pupils were changed meanwhile")


@dataclass(frozen=True)
class Line:
    """A pupil in the register of a day as it stands: `mark` None is present.

    `absence` is the record that says otherwise (it may run on over other days); `lessons`: how many single lessons were
    recorded beside it.
    """

    pupil: Pupil
    mark: Mark | None
    absence: Absence | None
    lessons: int

    @property
    def state(self) -> str:
        """What the records say of this day, to see later whether somebody changed them: the state of the mark,
        with "2+" before it when two lessons were recorded."""
        return (f"{self.lessons}+" if self.lessons else "") + state_of(self.mark)


def state_of(mark: Mark | None) -> str:
    """A mark in one word: "present", "absent:ziek", "part:15:telaat"."""
    if mark is None:
        return "present"
    return f"absent:{mark.reason.code}" if mark.minutes is None else f"part:{mark.minutes}:{mark.reason.code}"


def mark_in(state: str) -> str:
    """The state of the mark alone, without the lessons beside it."""
    lessons, plus, mark = state.partition("+")
    return mark if plus and lessons.isdecimal() else state


def register_of(group: Group, day: date) -> list[Line]:
    """The class on `day` in order of name, with what is recorded for each."""
    pupils = list(in_group(group, day).in_name_order())
    records = records_on([pupil.pk for pupil in pupils], day)
    return [line_of(pupil, records.get(pupil.pk, [])) for pupil in pupils]


def line_of(pupil: Pupil, records: Sequence[Absence]) -> Line:
    """The line of a pupil with these records of the day."""
    main = next((row for row in records if not row.lesson), None)
    mark = None if main is None else Mark(main.reason, main.minutes)
    return Line(pupil, mark, main, sum(1 for row in records if row.lesson))


def take_register(
    *,
    group: Group,
    day: date,
    marks: Mapping[int, Mark | None],
    by: User,
    today: date,
    seen: Mapping[int, str] | None = None,
) -> Outcome:
    """Take the register of `group` for `day` and evaluate whom it touches, in one transaction. May be repeated.

    `marks` has, by pupil id, who is absent, and None for who is there although a record says otherwise. Who is not
    named was there, unless a record (which somebody may have made a minute ago) says otherwise: that one is left alone.
    A mark changes its own day only: a record of more days goes on round it. When the pupil came in, one until further
    notice ends the day before, unless a later register or the school's data already knows the days after it.
    Raises AbsenceError: for a pupil of another class, a day to come, or a mark that cannot be.
    """
    if day > today:
        raise AbsenceError("Dit is een dag die nog moet komen.")
    with transaction.atomic(), gathering():
        pupils = {pupil.pk: pupil for pupil in in_group(group, day)}
        if strangers := marks.keys() - pupils.keys():
            raise AbsenceError(f"{len(strangers)} van de leerlingen zat die dag niet in {group}.")
        lock_pupils(pupils)
        records = records_on(list(marks), day)
        lines = {pk: line_of(pupils[pk], records.get(pk, [])) for pk in (seen or {}).keys() & marks.keys()}
        if changed_since := [pk for pk, line in lines.items() if is_changed(line, (seen or {})[pk], marks[pk])]:
            raise RegisterChangedError(changed_since)
        later_known = is_later_known(group, day)
        changed = {
            pk
            for pk, mark in marks.items()
            if _Day(pupils[pk], day, records.get(pk, []), by, today, later_known=later_known).set(mark)
        }
        RegisterTaken.objects.update_or_create(group=group, day=day, defaults={"taken_by": by})
        catch_up_lessons(changed, by=by, today=today)
        touched = changed | set(touched_by_register(group, day))
        return evaluate_pupils(touched, today=today, cause="klassenregister ingevuld")


def is_changed(line: Line, seen: str, mark: Mark | None) -> bool:
    """Whether the records say something else than whoever chose `mark` looked at, and than what they chose."""
    return line.state != seen and line.state != state_of(mark)


def records_on(pupil_ids: list[int], day: date) -> dict[int, list[Absence]]:
    """The standing records that cover `day`, by pupil."""
    rows = Absence.objects.standing().filter(pupil__in=pupil_ids, first__lte=day).exclude(last__lt=day)
    found: dict[int, list[Absence]] = defaultdict(list)
    for row in rows.select_related("reason", "pupil").order_by("pupil", "first", "lesson"):
        found[row.pupil_id].append(row)
    return found


def is_later_known(group: Group, day: date) -> bool:
    """Whether it is known of days after `day` who was there."""
    through = group.school.complete_through
    if through is not None and through > day:
        return True
    return RegisterTaken.objects.filter(group=group, day__gt=day).exists()


class _Day:
    """One pupil on the day of a register."""

    def __init__(
        self, pupil: Pupil, day: date, records: list[Absence], by: User, today: date, *, later_known: bool
    ) -> None:
        self._pupil = pupil
        self._day = day
        self._long = next((row for row in records if row.last != row.first), None)
        self._own = next((row for row in records if row.last == row.first and not row.lesson), None)
        self._lessons = [row for row in records if row.last == row.first and row.lesson]
        self._by = by
        self._today = today
        self._later_known = later_known

    def set(self, mark: Mark | None) -> bool:
        """Have the records say `mark` for this day; whether anything changed."""
        if mark is None:
            return self._present()
        content = Content(self._day, self._day, mark.reason, mark.minutes)
        if self._long is not None:
            if mark.minutes is None and self._long.reason_id == mark.reason.pk:
                return False
            self._cut_out(self._long, is_back=mark.minutes is not None)
        if mark.minutes is None:
            for row in self._lessons:
                take_back(row, by=self._by)
        if self._own is None:
            add_record(self._pupil, content, by=self._by, today=self._today)
        elif content_of(self._own) == content:
            return False
        else:
            rewrite(self._own, content, by=self._by, today=self._today)
        return True

    def _present(self) -> bool:
        if self._long is not None:
            self._cut_out(self._long, is_back=True)
        elif self._own is not None:
            take_back(self._own, by=self._by)
        return self._long is not None or self._own is not None

    def _cut_out(self, row: Absence, *, is_back: bool) -> None:
        """Take this day out of a record of more days. `is_back`: the pupil came in, so one without an end is over,
        unless later days are known."""
        old = content_of(row)
        ends = old.last == self._day or (old.last is None and is_back and not self._later_known)
        rest = None if ends else Content(self._day + ONE_DAY, old.last, old.reason)
        if old.first < self._day:
            rewrite(row, Content(old.first, self._day - ONE_DAY, old.reason), by=self._by, today=self._today)
            if rest is not None:
                add_record(self._pupil, rest, by=self._by, today=self._today)
        elif rest is not None:
            rewrite(row, rest, by=self._by, today=self._today)
        else:
            take_back(row, by=self._by)
