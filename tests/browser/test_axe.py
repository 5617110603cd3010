"""No page has a fault that axe finds, runs off the screen, or complains: on a desk and a telephone, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from attendance.models import Absence
from cases.models import Case, ParentsInformed, Phase, Report, Signal
from cases.services.reports import prepare_report, send_report
from tables.models import TableEntry
from tables.services.entries import entry_for, place
from tests import factories
from tests.browser.conftest import Open
from tests.browser.place import LessonPlace, Place
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SCREENS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (390, "light"), (390, "dark"))


class Full(Place):
    """With something on every page: a pupil on the table, a draft, and a report at leerplicht."""

    def __init__(self) -> None:
        super().__init__()
        self.sam, self.giovanni, self.yara = (
            self.pupil(first, last) for first, last in (("Sam", "Berg"), ("Giovanni", "Martina"), ("Yara", "Amrani"))
        )
        self.absent(self.sam, self.back(12))
        self.noor = self.pupil("Noor", "Boer")
        self.absent(self.noor, self.day, self.day, "onbekend")
        factories.own_timetable(self.noor, (300, 0, 300, 0, 300), self.day)
        factories.exemption(self.noor, self.back(12), self.back(10))
        self.absent(self.giovanni, self.back(20), None, "ongeoorloofd")
        self.absent(self.yara, self.back(20), None, "ongeoorloofd")
        for role in (Role.GEDRAGSDESKUNDIGE, Role.JEUGDARTS):
            factories.assignment(self.sam, self.people[role], role, first=self.day, last=today())
        coo = self.people[Role.COO]
        known = {"informed_on": self.day, "informed_by": "de mentor", "how": "gebeld", "recorded_by": coo}
        told = ParentsInformed.objects.create(pupil=self.sam, about="tafel", **known)
        self.entry = place(
            entry=entry_for(case=self.case, phase=Phase.DREIGEND, today=today()),
            phase=Phase.DREIGEND, informed=told, by=coo, today=today(),
        )  # fmt: skip
        told = ParentsInformed.objects.create(pupil=self.yara, about="melding", **known)
        prepare_report(report=self.sent, values={"supposed_reason": "Nog niet bekend."}, informed=told, by=coo)
        send_report(report=self.sent, by=self.people[Role.ADMINISTRATIE])
        self.lessons = LessonPlace(self.day, mentor=self.people[Role.MENTOR])
        self.people[Role.DOCENT] = self.lessons.teacher

    @cached_property
    def case(self) -> Case:
        return Case.objects.get(pupil=self.sam)

    @cached_property
    def absence(self) -> Absence:
        return Absence.objects.get(pupil=self.sam)

    @cached_property
    def draft(self) -> Report:
        return Report.objects.get(pupil=self.giovanni)

    @cached_property
    def sent(self) -> Report:
        return Report.objects.get(pupil=self.yara)


def at(name: str, row: Callable[[Full], Any] | None = None) -> Callable[[Full], str]:
    """The address of a page, of a row where it is about one."""
    return lambda full: reverse(name, kwargs={"code": row(full).code} if row else None)


TODAY = at("today")
CLASSES = at("attendance:registers_to_take")
PUPIL = at("attendance:pupil_detail", lambda full: full.sam)
CASE = at("cases:case_detail", lambda full: full.case)
BOARD = at("tables:board")
ENTRY = at("tables:entry_detail", lambda full: full.entry)
DRAFT = at("cases:report_detail", lambda full: full.draft)
SEARCH = at("attendance:pupil_search")


def lesson(full: Full) -> str:
    return full.lessons.url("lesson_take", lesson=2)


def lesson_week(full: Full) -> str:
    return full.lessons.url("lesson_week")


def lesson_day(full: Full) -> str:
    return full.lessons.url("day_close")


def register(full: Full) -> str:
    return reverse("attendance:register_take", kwargs={"code": full.group.code, "day": full.day})


PAGES: dict[Role | None, tuple[Callable[[Full], str], ...]] = {
    None: (at("account_login"), at("account_reset_password")),
    Role.DOCENT: (TODAY, at("attendance:own_lessons"), lesson),
    Role.MENTOR: (TODAY, CLASSES, register, lesson, lesson_week, lesson_day, PUPIL, at("attendance:own_signals")),
    Role.COO: (
        TODAY,
        PUPIL,
        CASE,
        BOARD,
        ENTRY,
        DRAFT,
        at("tables:place_pupil", lambda full: full.giovanni),
        at("cases:case_log", lambda full: full.case),
        at("attendance:absence_add", lambda full: full.sam),
        at("cases:meeting_list"),
    ),
    Role.ZORGCOACH: (TODAY, at("cases:case_list"), CASE),
    Role.ADMINISTRATIE: (
        TODAY,
        at("cases:report_list"),
        at("cases:report_detail", lambda full: full.sent),
        at("attendance:registers_missing"),
        at("attendance:unknown_reason_list"),
        at("attendance:group_absence_add"),
        at("attendance:absence_close", lambda full: full.absence),
        at("attendance:absence_withdraw", lambda full: full.absence),
        at("attendance:absence_history", lambda full: full.sam),
        at("attendance:arrangements", lambda full: full.noor),
        at("attendance:timetable_change", lambda full: full.noor.timetables.get()),
        at("attendance:exemption_add", lambda full: full.noor),
        at("attendance:enrolment_leave", lambda full: full.noor.enrolments.get()),
        at("attendance:pupil_add"),
        at("attendance:lapsing_timetables"),
    ),
    Role.SCHOOLLEIDER: (TODAY, at("attendance:upcoming"), SEARCH),
    Role.GEDRAGSDESKUNDIGE: (TODAY, at("attendance:assigned_pupils"), PUPIL),
    Role.JEUGDARTS: (TODAY, PUPIL),
    Role.LEERPLICHT: (TODAY, at("cases:inbox"), at("cases:report_received", lambda full: full.sent), BOARD),
    Role.SWV: (TODAY, BOARD, ENTRY),
    Role.FG: (TODAY, at("accounts:read_log")),
    Role.BEHEERDER: (TODAY,),
}


def faults(screen: Page) -> list[str]:
    """What axe finds, with the element."""
    found = Axe().run(screen, options=RULES).response["violations"]
    return [f"{fault['id']}: {node['html'][:120]} {node['target']}" for fault in found for node in fault["nodes"]]


def test_every_role_has_pages_here() -> None:
    assert set(PAGES) == {None, *Role}


@pytest.mark.parametrize("role", PAGES, ids=str)
def test_pages_are_without_faults(open_as: Open, role: Role | None) -> None:
    full = Full()
    assert TableEntry.objects.on_the_table().count() == 1
    assert Signal.objects.unanswered().exists()
    wrong: list[str] = []

    for address in PAGES[role]:
        path = address(full)
        screen = open_as(path, full.people[role] if role else None)
        for width, scheme in SCREENS:
            screen.set_viewport_size({"width": width, "height": 900})
            screen.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half-way
            wrong += [f"{path} {width} {scheme}: {fault}" for fault in faults(screen)]
            if screen.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{path} {width}: runs off the screen")
        screen.emulate_media(color_scheme="light")

    assert wrong == [], "\n".join(wrong)
