"""A school as it is today, for pages that know only the real date: dates are counted back in school days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse

from attendance.engine.lesson_day import Mark, Seen
from attendance.facts import schools_of
from attendance.models import Absence, Group, Pupil
from attendance.services.clocks import evaluate_pupil
from attendance.services.follow_up import send_follow_ups
from attendance.services.lessons import take_lesson
from tests import factories
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.models import Municipality, School, User
from thuiszitters.accounts.roles import Role

AT_SCHOOL = (Role.COO, Role.ZORGCOACH, Role.ADMINISTRATIE, Role.SCHOOLLEIDER)


@dataclass
class Place:
    """A primary school with class 2A, everybody who works for it, and a municipality whose leerplicht takes part.

    Its people log in with a password alone; the second step has tests of its own. Its data is complete to the
    school day before `day`, the last school day up to and including today.
    """

    school: School = field(init=False)
    group: Group = field(init=False)
    municipality: Municipality = field(init=False)
    people: dict[Role, User] = field(init=False)

    def __post_init__(self) -> None:
        alliance = factories.free_alliance("Samen Sterk")
        self.school = factories.school(alliance=alliance, name="De Linde")
        self.school.complete_through = self.back(1)
        self.school.save(update_fields=["complete_through"])
        self.group = factories.group(self.school, "2A")
        self.municipality = factories.municipality("Waterveen", confirmed=True)
        self.people = {role: factories.member(role, self.school) for role in AT_SCHOOL}
        self.people[Role.MENTOR] = factories.mentor(self.group)
        self.people[Role.LEERPLICHT] = factories.member(Role.LEERPLICHT, self.municipality)
        for role in (Role.SWV, Role.FG, Role.BEHEERDER, Role.GEDRAGSDESKUNDIGE):
            self.people[role] = factories.member(role, alliance)
        self.people[Role.JEUGDARTS] = factories.member(Role.JEUGDARTS, factories.youth_health())

    @property
    def day(self) -> date:
        """The last school day up to and including today."""
        return self.back(0)

    def back(self, days: int) -> date:
        """The school day that many school days before the last one."""
        calendar = schools_of({self.school.pk})[self.school.pk].calendar
        day = calendar.school_day_on_or_before(today())
        for _ in range(days):
            day = calendar.school_day_on_or_before(day - timedelta(days=1))
        return day

    def pupil(self, first_name: str, surname: str) -> Pupil:
        """A pupil of the class, of an age at which school is compulsory, living in the municipality."""
        born = today() - timedelta(days=12 * 365)
        return factories.pupil(
            in_group=self.group, first_name=first_name, surname=surname, birth_date=born, municipality=self.municipality
        )

    def absent(self, pupil: Pupil, first: date, last: date | None = None, code: str = "ziek") -> Absence:
        """A record that counts at once, with all that follows from it."""
        record = factories.absence(pupil, first, last, code)
        evaluate_pupil(pupil.pk, today=today(), cause="test")
        send_follow_ups()
        return record


@dataclass
class LessonPlace:
    """Class 3B of a school in VO with four lessons a day. Of the first one Ada was missing, and Noor is ill."""

    day: date
    mentor: User
    group: Group = field(init=False)
    teacher: User = field(init=False)
    ada: Pupil = field(init=False)
    noor: Pupil = field(init=False)

    def __post_init__(self) -> None:
        school = factories.school((200,) * 5, sector="vo", lesson_minutes=50, name="Het Anker")
        self.group = factories.group(school, "3B")
        self.teacher = factories.teacher(self.group)
        factories.mentor(self.group, self.mentor)
        self.ada, self.noor = (
            factories.pupil(in_group=self.group, first_name=first, surname=last)
            for first, last in (("Ada", "Bakker"), ("Noor", "Visser"))
        )
        factories.absence(self.noor, self.day - timedelta(days=2))
        missing = Mark(Seen.ABSENT, factories.reason("onbekend"))
        take_lesson(
            group=self.group, day=self.day, lesson=1, marks={self.ada.pk: missing}, by=self.teacher, today=today()
        )

    def url(self, name: str, **more: object) -> str:
        """A page of this class on this day."""
        return reverse(f"attendance:{name}", kwargs={"code": self.group.code, "day": self.day} | more)
