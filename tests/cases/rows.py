"""Rows that the tests of cases start from: a school with its people, a pupil, and what the engine leaves of them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from attendance.engine.facts import Rule
from attendance.models import Absence, Crossing, Enrolment, Group, GroupMentor, Pupil, PupilClock, Reason
from thuiszitters.accounts.models import Alliance, Membership, Municipality, School, User
from thuiszitters.accounts.roles import Role

LONG_AGO = date(2020, 8, 1)
_number = count(1)


def a_school(name: str = "De Ronde Lucht", **fields: Any) -> School:
    alliance, _ = Alliance.objects.get_or_create(name="Samen Verder")
    minutes = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), 300)
    defaults = {"sector": "po", "region": "zuid", "alliance": alliance, **minutes, **fields}
    number = next(_number)
    brin = f"{number % 100:02}ZY{number // 100 % 100:02}"
    return School.objects.create(brin=brin, name=name, **defaults)


def a_user(role: Role, school: School, name: str = "") -> User:
    """Somebody with this role at this school, since long ago."""
    nr = next(_number)
    user = User.objects.create_user(f"{role}{nr}@example.nl", name=name or f"{role.label} {nr}", phone="0612345678")
    Membership.objects.create(user=user, role=role, school=school, first=LONG_AGO)
    return user


def a_pupil(school: School, *, place: School | None = None, born: date = date(2014, 5, 1), **fields: Any) -> Pupil:
    """A pupil enrolled at `school` since long ago, in a class at the place of teaching."""
    nr = next(_number)
    pupil = Pupil.objects.create(
        number=f"LN-{nr}",  # letters: nothing else on a page or in a calendar file contains it by chance
        first_name="Sam",
        prefix="van den",
        surname=f"Berg {nr}",
        surname_key=f"berg {nr}",
        birth_date=born,
        **fields,
    )
    group, _ = Group.objects.get_or_create(school=place or school, name="2A")
    Enrolment.objects.create(pupil=pupil, school=school, place=place or school, group=group, first=LONG_AGO)
    return pupil


def a_mentor(pupil: Pupil) -> User:
    """The mentor of the pupil's class."""
    enrolment = pupil.enrolments.get(last=None)
    assert enrolment.group is not None
    user = a_user(Role.MENTOR, enrolment.place)
    GroupMentor.objects.create(group=enrolment.group, user=user, first=LONG_AGO)
    return user


def moves_to(pupil: Pupil, school: School, day: date, *, place: School | None = None) -> None:
    """From `day` the pupil is enrolled at `school`."""
    pupil.enrolments.filter(last=None).update(last=day - timedelta(days=1))
    Enrolment.objects.create(pupil=pupil, school=school, place=place or school, first=day)


def a_crossing(pupil: Pupil, rule: Rule, start: date, crossed_on: date, **fields: Any) -> Crossing:
    return Crossing.objects.create(
        pupil=pupil, rule=rule.value, start=start, crossed_on=crossed_on, norm_text="norm", cause="test", **fields
    )


def a_run(pupil: Pupil, since: date | None) -> None:
    """The pupil is at home since this date, up to today; None: at school again."""
    PupilClock.objects.update_or_create(pupil=pupil, defaults={"dirty": False, "run_since": since})


def away(pupil: Pupil, first: date, last: date | None, reason: str = "ongeoorloofd", **fields: Any) -> Absence:
    return Absence.objects.create(
        pupil=pupil, first=first, last=last, reason=Reason.objects.get(school=None, code=reason), **fields
    )


def a_municipality() -> Municipality:
    return Municipality.objects.get_or_create(name="Rondstad")[0]
