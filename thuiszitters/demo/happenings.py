"""What happened around access and privacy in the last weeks: who did what at which moment, played in that order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest

from attendance.models import Pupil
from thuiszitters.accounts.access import StaffRequest
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.grants import act_as
from thuiszitters.accounts.models import User
from thuiszitters.accounts.read_log import log_read
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.origin import Origin, acting
from thuiszitters.demo.generate import Demo
from thuiszitters.demo.moment import played_on
from thuiszitters.demo.people import pupil_of
from thuiszitters.demo.staff import Staff


@dataclass(frozen=True)
class Happening:
    """`what` is called with its day, once the clock stands at that time."""

    day: date
    hour: int
    what: Callable[[date], object]
    minute: int = 0


def play(happenings: Iterable[Happening]) -> None:
    """Let all of it happen, the oldest first."""
    for row in sorted(happenings, key=lambda row: (row.day, row.hour, row.minute)):
        with played_on(row.day, row.hour, row.minute):
            row.what(row.day)


class Scene:
    """The people and pupils of the demo, for who tells what they did."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.staff = Staff(demo.seed)
        self._pupils: dict[str, Pupil] = {}
        self._readers: dict[str, User] = {}

    def ago(self, days: int) -> date:
        """So many days before today, school day or not."""
        return self.demo.today - timedelta(days=days)

    def pupil(self, key: str) -> Pupil:
        """The pupil of a story."""
        if key not in self._pupils:
            self._pupils[key] = pupil_of(self.demo, key)
        return self._pupils[key]

    @contextmanager
    def by(self, account: str) -> Iterator[User]:
        """Within, the log takes this person for who is logged in."""
        user = self.staff.users[account]
        with acting(Origin(user=user)):
            yield user

    def read(self, account: str, pupil: Pupil, page: str, of: DataClass) -> None:
        """Somebody opens a page about a pupil, as the log calls it."""
        if account not in self._readers:
            # A copy: on the pages where somebody acts, what was given for reading alone does not count.
            self._readers[account] = copy(self.staff.users[account])
            act_as(self._readers[account], frozenset(Role), reading=True)
        request = StaffRequest.__new__(StaffRequest)
        HttpRequest.__init__(request)
        request.user = self._readers[account]
        log_read(request, page, pupil.code, of=of)
