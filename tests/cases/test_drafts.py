"""Which report is drafted, and with what in it."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from attendance.engine.facts import Rule
from attendance.models import Exemption, Pupil
from cases.models import Report, ReportEvent, Signal
from cases.report_kinds import Duty, choose_kind, outweighs
from cases.services.cases import open_case
from cases.services.log import record_contact, write_note
from cases.services.signals import follow_up
from cases.services.steps import complete_step
from tests.cases.rows import a_crossing, a_municipality, a_pupil, a_run, a_school, a_user, away
from thuiszitters.accounts.roles import Role

Kind = Report.Kind
START = date(2026, 11, 3)
HOURS_DAY = date(2026, 11, 6)
LONG_DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("rule", "luxury", "expected"),
    [
        (Rule.HOURS_16, [False, False], Kind.HOURS_16),
        (Rule.HOURS_16, [False, True], Kind.LUXURY),
        (Rule.HOME_4W, [False], Kind.OTHER),
        (Rule.HOME_4W, [True, False], Kind.LUXURY),
        (Rule.LRV, [False, False], Kind.LRV),
        (Rule.LRV, [True, False], Kind.LRV),
        (Rule.LRV, [True, True], Kind.LUXURY),
        (Rule.HOME_2W, [True], None),
        (Rule.HOME_3M, [False], None),
        (Rule.SICK_4X, [False], None),
        (Rule.SICK_7D, [False], None),
        (Rule.STRUCTURAL, [False], None),
    ],
)
def test_the_kind_follows_the_rule_and_holiday_without_permission(
    rule: Rule, luxury: list[bool], expected: Report.Kind | None
) -> None:
    assert choose_kind(rule, Duty(12), luxury, exempt=False).kind == expected


@pytest.mark.parametrize("rule", [Rule.HOURS_16, Rule.HOME_4W, Rule.LRV])
@pytest.mark.parametrize(
    ("duty", "exempt", "expected"),
    [
        (Duty(17), False, "own"),
        (Duty(18), False, Kind.RMC),
        (Duty(18), True, None),
        (Duty(12), True, None),
        (Duty(4, "de leerling is nog niet leerplichtig"), False, None),
        (Duty(17, "de leerling heeft een startkwalificatie"), False, None),
        (Duty(18, "de leerling heeft een startkwalificatie"), False, None),
    ],
)
def test_age_and_exemption_decide_whether_there_is_one(
    rule: Rule, duty: Duty, exempt: bool, expected: Report.Kind | str | None
) -> None:
    choice = choose_kind(rule, duty, [False], exempt=exempt)

    own = {Rule.HOURS_16: Kind.HOURS_16, Rule.HOME_4W: Kind.OTHER, Rule.LRV: Kind.LRV}[rule]
    assert choice.kind == (own if expected == "own" else expected)
    assert bool(choice.why_not) is (expected is None)


def test_the_heaviest_kind_wins() -> None:
    order = [Kind.OTHER, Kind.HOURS_16, Kind.LUXURY, Kind.LRV, Kind.RMC]

    assert [[outweighs(new, old) for old in order] for new in order] == [
        [old < new for old in range(5)] for new in range(5)
    ]


def a_truant(reason: str = "ongeoorloofd", **fields: object) -> Pupil:
    pupil = a_pupil(a_school(), municipality=a_municipality(), **fields)  # type: ignore[arg-type]
    a_run(pupil, START)
    away(pupil, START, None, reason)
    return pupil


def cross(pupil: Pupil, rule: Rule, day: date, start: date = START) -> None:
    a_crossing(pupil, rule, start, day)
    follow_up(today=day)


@pytest.mark.django_db
def test_a_draft_is_filled_as_far_as_known() -> None:
    pupil = a_truant()
    enrolment = pupil.enrolments.get()
    coo = a_user(Role.COO, enrolment.place, name="Noor Bakker")

    cross(pupil, Rule.HOURS_16, HOURS_DAY)

    report = Report.objects.get()
    assert (report.kind, report.status, report.due_on) == (Kind.HOURS_16, "concept", date(2026, 11, 13))
    assert (report.first_day, report.last_day, report.all_lessons_missed) == (START, HOURS_DAY, True)
    assert (report.school, report.place, report.municipality) == (enrolment.school, enrolment.place, a_municipality())
    assert (report.reporter_name, report.reporter_role, report.reporter_email) == ("Noor Bakker", "COO", coo.email)
    assert report.specification == [[f"2026-11-0{day}", 300, None, "Ongeoorloofd afwezig"] for day in (3, 4, 5, 6)]
    assert report.case is None
    assert Signal.objects.get().answer == ""


@pytest.mark.django_db
def test_lessons_are_counted_where_a_lesson_has_a_length() -> None:
    school = a_school(sector="vo", lesson_minutes=50)
    pupil = a_pupil(school)
    a_run(pupil, None)
    away(pupil, date(2026, 11, 3), date(2026, 11, 3))
    for lesson in (2, 3):
        away(pupil, date(2026, 11, 4), date(2026, 11, 4), minutes=50, lesson=lesson)
    away(pupil, date(2026, 11, 4), date(2026, 11, 4), "ziek", minutes=50, lesson=4)

    cross(pupil, Rule.HOURS_16, date(2026, 11, 4), start=date(2026, 11, 3))

    report = Report.objects.get()
    assert report.specification == [
        ["2026-11-03", 300, 6, "Ongeoorloofd afwezig"],
        ["2026-11-04", 100, 2, "Ongeoorloofd afwezig"],
    ]
    assert report.all_lessons_missed is False


@pytest.mark.django_db
def test_what_the_school_did_comes_from_steps_and_contacts_and_never_from_notes() -> None:
    pupil = a_truant()
    coo = a_user(Role.COO, pupil.enrolments.get().place)
    cross(pupil, Rule.HOME_2W, date(2026, 11, 16))
    case, _ = open_case(pupil=pupil, today=date(2026, 11, 16))
    record_contact(case=case, text="Moeder vertelt over de diagnose.", day=date(2026, 11, 10), by=coo)
    write_note(case=case, text="Slaapt slecht.", by=coo)
    step = case.steps.get(kind="bellen")
    complete_step(step=step, outcome="Medische zaken besproken.", by=coo)
    step.refresh_from_db()
    assert step.done_at is not None

    cross(pupil, Rule.LRV, LONG_DAY)

    assert Report.objects.get().school_actions.splitlines() == [
        "10-11-2026: Contact met ouders of leerling",
        f"{timezone.localtime(step.done_at):%d-%m-%Y}: Bel de ouders en overleg met de mentor",
    ]


@pytest.mark.django_db
def test_a_heavier_kind_takes_over_the_open_draft_and_keeps_what_was_typed() -> None:
    pupil = a_truant()
    cross(pupil, Rule.HOURS_16, HOURS_DAY)
    Report.objects.update(supposed_reason="Wil niet meer.", school_actions="Huisbezoek.", contact_phone="0101234567")

    cross(pupil, Rule.LRV, LONG_DAY)

    report = Report.objects.get()
    assert (report.kind, report.crossing.rule if report.crossing else "") == (Kind.LRV, "lrv")
    assert (report.first_day, report.last_day, report.due_on) == (START, LONG_DAY, date(2026, 11, 13))
    assert (report.supposed_reason, report.school_actions, report.contact_phone) == (
        "Wil niet meer.",
        "Huisbezoek.",
        "0101234567",
    )
    assert len(report.specification) == 20
    assert ReportEvent.objects.count() == 2


@pytest.mark.django_db
def test_new_hours_are_added_to_the_open_draft_and_ask_nobody_again() -> None:
    pupil = a_truant()
    cross(pupil, Rule.HOURS_16, HOURS_DAY)

    cross(pupil, Rule.HOURS_16, date(2026, 11, 13), start=date(2026, 11, 9))

    report = Report.objects.get()
    assert (report.first_day, report.last_day, len(report.specification)) == (START, date(2026, 11, 13), 9)
    assert list(Signal.objects.order_by("pk").values_list("answer", flat=True)) == ["", "melding"]


@pytest.mark.django_db
def test_four_weeks_at_home_for_another_reason_proposes_overig() -> None:
    pupil = a_truant("geoorloofd")
    cross(pupil, Rule.HOME_4W, LONG_DAY)

    assert Report.objects.get().kind == Kind.OTHER


@pytest.mark.django_db
def test_four_weeks_at_home_and_unauthorised_is_one_draft() -> None:
    pupil = a_truant()
    for rule in (Rule.HOME_4W, Rule.LRV):
        a_crossing(pupil, rule, START, LONG_DAY)
    follow_up(today=LONG_DAY)

    assert list(Report.objects.values_list("kind", flat=True)) == [Kind.LRV]


@pytest.mark.django_db
def test_holiday_without_permission_is_its_own_kind() -> None:
    cross(a_truant("luxe"), Rule.HOURS_16, HOURS_DAY)

    assert Report.objects.get().kind == Kind.LUXURY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("born", "kind"),
    [
        (date(2008, 11, 7), Kind.HOURS_16),  # 17 on the day of the crossing, 18 the day after
        (date(2008, 11, 6), Kind.RMC),
        (date(2021, 10, 31), Kind.HOURS_16),
        (date(2021, 11, 1), None),  # compulsory from the first school day of December
    ],
)
def test_the_age_on_the_day_of_the_crossing_decides(born: date, kind: str | None) -> None:
    cross(a_truant(born=born), Rule.HOURS_16, HOURS_DAY)

    assert list(Report.objects.values_list("kind", flat=True)) == ([kind] if kind else [])


@pytest.mark.django_db
@pytest.mark.parametrize(("last", "count"), [(date(2026, 11, 5), 1), (date(2026, 11, 6), 0)])
def test_no_draft_under_exemption_and_the_signal_says_why(last: date, count: int) -> None:
    pupil = a_truant()
    Exemption.objects.create(pupil=pupil, first=date(2026, 10, 1), last=last, kind="5 onder a")

    cross(pupil, Rule.HOURS_16, HOURS_DAY)

    assert Report.objects.count() == count
    signal = Signal.objects.get()
    assert (signal.answer, "vrijstelling" in signal.answer_text) == ("", count == 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("on", "count"), [(date(2026, 11, 6), 0), (date(2026, 11, 7), 1)])
def test_no_draft_from_the_startkwalificatie_on(on: date, count: int) -> None:
    cross(a_truant(born=date(2009, 1, 1), startkwalificatie_on=on), Rule.HOURS_16, HOURS_DAY)

    assert Report.objects.count() == count
