"""Making the demo: files through the import, day after day, with people who act in between."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.db import transaction

from attendance.importing.run import run_import
from attendance.models import PupilClock
from attendance.services.clocks import evaluate_pupils
from attendance.services.due import evaluate_due
from thuiszitters.accounts.models import Alliance, Municipality, School
from thuiszitters.demo import files
from thuiszitters.demo.access_stories import access_stories
from thuiszitters.demo.acts import Acts, pass_over_mail
from thuiszitters.demo.generate import SEED, Demo, generate
from thuiszitters.demo.happenings import Scene, play
from thuiszitters.demo.known import Files, child_as_known, complete_through, stages
from thuiszitters.demo.moment import played_on
from thuiszitters.demo.people import make_last, make_people, take_registers
from thuiszitters.demo.privacy_stories import old_cases, privacy_stories
from thuiszitters.demo.records import Child
from thuiszitters.demo.schools import LINDEWOUDE, PO_ALLIANCE, SCHOOLS, VO_ALLIANCE, ZILVERDAM
from thuiszitters.demo.wipe import wipe

Say = Callable[[str], None]


class RefusedDemoError(Exception):
    """The import refused a row of the demo: one of the two is wrong."""


def make_demo(*, today: date, seed: int = SEED, share: float = 1, say: Say | None = None) -> Demo:
    """Replace whatever demo is here by a new one around `today`; what was made.

    Raises NotADemoError, and changes nothing, when this is not an embedded installation with only demo data in it.
    """
    started = time.monotonic()
    wipe()
    demo = generate(today=today, seed=seed, share=share)
    if say:
        say(f"Demogegevens: {len(demo.children)} verzonnen leerlingen op {len(SCHOOLS)} scholen. Dit duurt even.")
    with tempfile.TemporaryDirectory() as folder:
        History(demo, Path(folder)).play()
    with played_on(today, hour=18), transaction.atomic():
        make_last(demo)
        scene = Scene(demo)
        play([*old_cases(scene), *access_stories(scene), *privacy_stories(scene)])
        pass_over_mail()
    if say:
        say(f"Klaar in {time.monotonic() - started:.0f} seconden.")
    return demo


class History:
    """The last months of the demo, played day by day. `folder` is where its files are written."""

    def __init__(self, demo: Demo, folder: Path) -> None:
        self.demo, self.folder = demo, folder
        self.files = Files(demo)
        self.known: dict[str, Child] = {}
        self.acts = Acts(demo)

    def play(self) -> None:
        """From the empty database to today."""
        days = stages(self.demo)
        with played_on(days[0], hour=6):
            self.set_up(days[0])
        for day in days:
            with played_on(day, hour=7):
                self.files_come_in(day)
                if day == days[0]:
                    self._take_in_former(day)
                self.time_passes(day)
            with played_on(day, hour=10):
                self.acts.act(day)
        with played_on(self.demo.today, hour=17):
            take_registers(self.demo)
            everybody = PupilClock.objects.order_by("pupil").values_list("pupil_id", flat=True)
            evaluate_pupils(list(everybody), today=self.demo.today, cause="een nieuwe dag")
            self.acts.follow_up(self.demo.today)

    def set_up(self, day: date) -> None:
        """What a beheerder does first: organisations, schools with their calendars and pupils, and people."""
        for name in (VO_ALLIANCE, PO_ALLIANCE):
            Alliance.objects.create(name=name, is_demo=True)
        for name in (ZILVERDAM, LINDEWOUDE):
            Municipality.objects.create(name=name, is_demo=True)
        self._take_in("schools", files.write_schools(self.folder), day)
        self._take_in("calendar", files.write_calendar(self.folder, self.demo.days), day)
        self._take_in_children(day)
        make_people(self.demo)

    def files_come_in(self, day: date) -> None:
        """The files of one day, with what is new in them."""
        self._take_in_children(day)
        for school in SCHOOLS:
            path = files.write_absences(self.folder / f"absences-{school.brin}.csv", self.files.news(school, day))
            self._take_in(
                "absences",
                path,
                day,
                through=complete_through(self.demo.days[school.brin], day),
                school=School.objects.get(brin=school.brin),
            )

    def time_passes(self, day: date) -> None:
        """What the nights since the last played day brought."""
        evaluate_due(today=day, finished=self.demo.days[SCHOOLS[0].brin].before(day))
        self.acts.follow_up(day)

    def _take_in_children(self, day: date) -> None:
        known = [child_as_known(child, day) for child in self.demo.children]
        before = self.known
        self.known = {child.number: child for child in known}
        changed = [child for child in known if before.get(child.number) != child]
        self._take_in("pupils", files.write_pupils(self.folder, changed), day)
        self._take_in("timetables", files.write_timetables(self.folder, changed), day)
        self._take_in("exemptions", files.write_exemptions(self.folder, changed), day)

    def _take_in_former(self, day: date) -> None:
        """After a file that is complete to a day: else nobody would know that they came back from an illness."""
        former = self.demo.former
        self._take_in("pupils", files.write_pupils(self.folder, former), day)
        for school in SCHOOLS:
            rows = [(child, row) for child in former if child.home is school for row in child.absences]
            path = files.write_absences(self.folder / f"former-{school.brin}.csv", rows)
            if rows:
                self._take_in("absences", path, day, school=School.objects.get(brin=school.brin))

    def _take_in(
        self, kind: str, path: Path, day: date, *, through: date | None = None, school: School | None = None
    ) -> None:
        with path.open("rb") as file:
            result = run_import(kind=kind, file=file, today=day, through=through, school=school)
        if result.refusals:
            raise RefusedDemoError(f"{kind}: {result.refusals[0]}")
