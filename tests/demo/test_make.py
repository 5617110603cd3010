"""The whole demo, made through the import and the services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from attendance.models import (
    Absence,
    AccessNotice,
    AccessRequest,
    Crossing,
    EmergencyAccess,
    Enrolment,
    OwnTimetable,
    Pupil,
    RegisterImport,
    RegisterTaken,
)
from cases.models import Case, CaseHandOver, Meeting, ParentsInformed, Phase, Report, Signal, Step
from cases.services.reports import why_not_sendable
from tables.models import TableEntry
from thuiszitters.accounts.models import Departure, School, User
from thuiszitters.accounts.read_log import NO_GROUND
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.demo.expected import Expected
from thuiszitters.demo.generate import Demo
from thuiszitters.demo.known import stages
from thuiszitters.demo.make import make_demo
from thuiszitters.demo.people import LOGINS, PASSWORD, logins_text, pupil_of
from thuiszitters.demo.rates import absence_table, load_table, most_new_in_a_week
from thuiszitters.demo.schools import COLLEGE, HAVEN, LINDEWOUDE, PRIMARY, SCHOOLS, ZILVERDAM
from thuiszitters.demo.wipe import APPS, wipe
from thuiszitters.privacy.listings.protocol import protocol_csv
from thuiszitters.privacy.listings.retention import preview
from thuiszitters.privacy.models import DestructionRun, LegalHold, PrivacyRequest, Tombstone
from thuiszitters.privacy.odd_reading import Rule
from thuiszitters.privacy.services.reviewing import review_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def sizes() -> dict[str, int]:
    """Rows by table, of the apps of which wipe empties the tables."""
    models = [model for name in APPS for model in apps.get_app_config(name).get_models()]
    return {str(model._meta.label): model._default_manager.count() for model in models}


@pytest.fixture(scope="module")
def installed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, int]:
    """What a new installation has."""
    with django_db_blocker.unblock():
        return sizes()


@pytest.fixture(scope="module")
def demo(installed: dict[str, int], django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Demo]:
    """One small demo for all tests of this file: they look and change nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_demo(today=TODAY, share=0.05)
        transaction.set_rollback(True)


def test_everything_comes_in_through_the_import(demo: Demo) -> None:
    imports = RegisterImport.objects.all()
    assert sum(row.refused for row in imports) == 0
    assert {row.kind for row in imports} == {"schools", "calendar", "pupils", "timetables", "exemptions", "absences"}
    gone = Tombstone.objects.filter(whole=True).values("pupil_key").distinct().count()
    assert Pupil.objects.count() == len(demo.children) + len(demo.former) - gone
    assert Absence.objects.filter(source=None).count() == 0
    rows = sum(len({(a.first, a.lesson) for a in (*c.absences, *c.corrections)}) for c in demo.children)
    assert Absence.objects.standing().count() == rows + len(demo.former) - gone


def test_the_stored_crossings_are_those_of_the_stories(demo: Demo) -> None:
    for story in demo.stories:
        stored = Crossing.objects.standing().filter(pupil=pupil_of(demo, story.key)).exclude(rule="structureel")
        found = sorted(Expected(row.crossed_on, row.rule, row.start) for row in stored)
        assert (story.key, found) == (story.key, story.expected)


def test_the_correction_withdrew_a_crossing(demo: Demo) -> None:
    (expected,) = demo.story("correctie").withdrawn
    crossing = Crossing.objects.get(pupil=pupil_of(demo, "correctie"), rule="thuis-2w")
    signal = Signal.objects.get(crossing=crossing)
    assert (crossing.start, crossing.crossed_on) == (expected.start, expected.crossed_on)
    assert crossing.withdrawn_at is not None
    assert (signal.withdrawn, signal.answered_at) == (True, None)


def test_schools_are_complete_up_to_the_open_day_but_for_one(demo: Demo) -> None:
    for school in SCHOOLS:
        days = demo.days[school.brin]
        assert School.objects.get(brin=school.brin).complete_through == days.complete_through
    assert not RegisterTaken.objects.filter(group__school__brin=COLLEGE.brin).exists()
    taken = RegisterTaken.objects.filter(group__school__brin=HAVEN.brin).values_list("day", flat=True)
    assert sorted(taken) == [demo.days[HAVEN.brin].back(n) for n in (3, 2, 1)]


def test_every_role_has_a_log_in_that_works(demo: Demo) -> None:
    assert {login.role for login in LOGINS} == set(Role)
    for login in LOGINS:
        user = User.objects.get(email=login.email)
        assert user.check_password(PASSWORD)
        assert set(user.memberships.values_list("role", flat=True)) == {login.role}
        assert user.is_staff is (login.role is Role.BEHEERDER)
        assert login.email in logins_text()


def test_every_class_has_a_mentor_and_others_cannot_log_in(demo: Demo) -> None:
    without = Enrolment.objects.on(TODAY).exclude(group__mentors__isnull=False)
    assert without.count() == 0
    others = User.objects.exclude(email__in=[login.email for login in LOGINS])
    assert others.count() > 20
    assert not [user for user in others if user.has_usable_password()]


def test_the_table_has_each_phase(demo: Demo) -> None:
    phases = set(TableEntry.objects.on_the_table().values_list("case__phase", flat=True))
    assert {Phase.DREIGEND, Phase.THUISZITTER, Phase.LONG, Phase.OPBOUW} <= phases
    assert TableEntry.objects.filter(declined_at__isnull=False).exists()
    assert ParentsInformed.objects.exclude(why_not="").exists()


@pytest.mark.parametrize("status", [S for S in Report.Status if S != "vervallen"])
def test_reports_stand_at_every_desk(demo: Demo, status: str) -> None:
    assert Report.objects.filter(status=status).exists()


@pytest.mark.parametrize(("town", "withdrawn"), [(ZILVERDAM, ["melding-ingetrokken"]), (LINDEWOUDE, [])])
def test_each_inbox_of_leerplicht_holds_every_kind_of_answer(demo: Demo, town: str, withdrawn: list[str]) -> None:
    rows = Report.objects.filter(municipality__name=town)
    answers = set(rows.filter(waiting_for_school=False).values_list("status", flat=True))
    assert answers >= {"geregistreerd", "in_behandeling", "ter_kennisgeving", "afgesloten"}
    assert rows.values("pupil").distinct().count() >= 6
    assert [row.pupil for row in rows.filter(status="ingetrokken")] == [pupil_of(demo, key) for key in withdrawn]


def test_leerplicht_waits_for_an_answer_of_the_school(demo: Demo) -> None:
    waiting = Report.objects.filter(waiting_for_school=True).values_list("municipality__name", "pupil")
    assert sorted(waiting) == [
        (LINDEWOUDE, pupil_of(demo, "melding-wacht").pk),
        (ZILVERDAM, pupil_of(demo, "ongeoorloofd").pk),
    ]


def test_the_administratie_has_one_to_send_and_one_that_cannot_go(demo: Demo) -> None:
    why = {row.pupil: why_not_sendable(row) for row in Report.objects.filter(status=Report.Status.AT_OFFICE)}
    assert why[pupil_of(demo, "16-jaar")] == ""
    assert why[pupil_of(demo, "melding-gemeente")].startswith("De woongemeente is niet bekend.")
    asked = Report.objects.get(status=Report.Status.RETURNED)
    assert (asked.pupil, asked.question != "") == (pupil_of(demo, "melding-vraag"), True)


def test_one_open_case_waits_for_a_next_step_and_two_steps_are_late(demo: Demo) -> None:
    without = Case.objects.open().filter(next_step_due=None)
    assert [case.pupil for case in without] == [pupil_of(demo, "structureel")]
    late = Step.objects.filter(done_at__isnull=True, due_on__lt=TODAY, case__closed_at__isnull=True)
    assert {step.case.pupil for step in late} == {pupil_of(demo, "een-uur"), pupil_of(demo, "wissel")}
    assert late.count() == 2


def test_who_is_on_the_table_is_not_to_be_put_there(demo: Demo) -> None:
    asked = Step.objects.filter(done_at__isnull=True, title="Meld de leerling op de Thuiszitterstafel")
    assert not asked.exclude(case__phase="").exists()


def test_no_talk_is_left_of_a_closed_case_or_of_yesterday(demo: Demo) -> None:
    ahead = Meeting.objects.filter(starts_at__date__gte=TODAY).exclude(status=Meeting.Status.CANCELLED)
    assert not ahead.filter(agenda__case__pupil=pupil_of(demo, "vrijstelling")).exists()
    assert not Meeting.objects.filter(status=Meeting.Status.PROPOSED, starts_at__date__lt=TODAY).exists()


def test_a_case_waits_to_be_handed_over(demo: Demo) -> None:
    offer = CaseHandOver.objects.get()
    assert (offer.case.pupil, offer.accepted_at) == (pupil_of(demo, "wissel"), None)
    assert (offer.from_school.brin, offer.to_school.brin) == (COLLEGE.brin, HAVEN.brin)


def test_case_remembers_the_first_day_at_home_after_an_hour_at_school(demo: Demo) -> None:
    case = Case.objects.get(pupil=pupil_of(demo, "een-uur"))
    assert case.first_day_home == demo.story("een-uur").expected[0].start
    assert case.next_step_due is not None
    assert case.next_step_due < TODAY


def test_exempt_pupil_is_off_the_table_and_the_case_closed(demo: Demo) -> None:
    case = Case.objects.get(pupil=pupil_of(demo, "vrijstelling"))
    assert (case.phase, case.closed_at is None) == (Phase.GESLOTEN, False)


def test_new_signals_are_left_to_answer(demo: Demo) -> None:
    left = Signal.objects.unanswered().filter(audience=Role.COO, withdrawn=False)
    assert {"dag-10", "ongeoorloofd"} <= {
        story.key for story in demo.stories if left.filter(pupil=pupil_of(demo, story.key)).exists()
    }
    assert left.filter(school__brin=COLLEGE.brin).count() < 10


def test_history_lies_in_the_past(demo: Demo) -> None:
    assert Signal.objects.earliest("created_at").created_at.date() < date(2026, 9, 1)
    assert Case.objects.filter(opened_on__gt=TODAY).count() == 0
    assert Step.objects.filter(done_at__isnull=False).exists()
    assert set(Meeting.objects.values_list("status", flat=True)) >= {"voorgesteld", "bevestigd"}


def test_own_timetable_of_who_builds_up_was_not_known_before(demo: Demo) -> None:
    timetable = OwnTimetable.objects.get(pupil=pupil_of(demo, "opbouw"))
    assert timetable.first == demo.days[HAVEN.brin].back(21)


def test_rates_count_what_came_to_people(demo: Demo) -> None:
    first = stages(demo)[1]
    table = load_table(first=first, last=TODAY)
    cases = Case.objects.filter(opened_on__range=(first, TODAY)).count()
    assert [line.split(" | ")[0].strip("| ") for line in table[2:]] == [
        "signalen voor de COO",
        "signalen voor de mentor",
        "dossiers",
        "concepten voor een melding",
        "afspraken",
    ]
    assert table[4].split(" | ")[1] == str(cases)
    assert len(absence_table(demo)) == 2 + 13
    signals, lines, monday = most_new_in_a_week(first=first, last=TODAY)
    assert 0 < lines <= signals
    assert monday.weekday() == 0


def test_a_question_waits_for_the_coo_and_an_outsider_has_access_that_ends_soon(demo: Demo) -> None:
    waiting = AccessRequest.objects.get(status=AccessRequest.Status.WAITING)
    granted = AccessRequest.objects.get(status=AccessRequest.Status.GRANTED)
    assert (waiting.school.brin, waiting.pupil) == (COLLEGE.brin, pupil_of(demo, "vakantie"))
    assert granted.assignment is not None
    assert granted.assignment.role == Role.JEUGDARTS
    assert TODAY < granted.assignment.last <= TODAY + timedelta(days=14)


def test_one_emergency_was_judged_and_one_of_yesterday_waits(demo: Demo) -> None:
    waits, judged = EmergencyAccess.objects.order_by("-opened_at")
    assert (judged.pupil, judged.judgement) == (pupil_of(demo, "ongeoorloofd"), "terecht")
    assert (waits.pupil, waits.judgement) == (pupil_of(demo, "opbouw"), "")
    assert timezone.localtime(waits.opened_at).date() == TODAY - timedelta(days=1)


def test_an_inspection_is_half_way_and_others_were_answered(demo: Demo) -> None:
    open_one = PrivacyRequest.objects.open().get()
    review = review_of(open_one)
    assert (open_one.kind, open_one.pupil) == ("inzage", pupil_of(demo, "ongeoorloofd"))
    assert 0 < len(review.waiting) < len(review.pieces)
    black = [
        piece.text.text[slice(*span)]
        for piece in review.pieces
        if piece.judgement is not None
        for span in piece.judgement.spans
    ]
    assert "Luuk Terpstra" in black
    assert "Stijn Wolthuis" not in black
    answered = PrivacyRequest.objects.exclude(decision="").order_by("kind")
    assert [(row.kind, row.decision, row.statement != "") for row in answered] == [
        ("bezwaar", "afgewezen", False),
        ("correctie", "deels", True),
    ]


def test_one_destruction_is_done_and_one_waits_for_a_second_person(demo: Demo) -> None:
    done = DestructionRun.objects.get(school__brin=COLLEGE.brin)
    waits = DestructionRun.objects.get(school__brin=PRIMARY.brin)
    assert (done.status, waits.status) == ("klaar", "voorgesteld")
    assert done.approved_by not in {None, done.proposed_by}
    assert set(done.items.values_list("status", flat=True)) == {"vernietigd"}
    assert protocol_csv(done).count("\n") > 8
    assert not Tombstone.objects.filter(in_ledger=False).exists()


def test_who_left_long_ago_was_never_long_at_home(demo: Demo) -> None:
    assert not Crossing.objects.filter(pupil__number__in=[child.number for child in demo.former]).exists()


def test_a_hold_keeps_the_file_of_who_left(demo: Demo) -> None:
    hold = LegalHold.objects.get()
    _, going, staying = preview(School.objects.get(brin=COLLEGE.brin), TODAY)
    assert going == []
    assert {line.number for line in staying} == {hold.pupil.number}


def test_many_roles_opened_files_each_on_a_ground(demo: Demo) -> None:
    reads = Entry.objects.filter(kind=Kind.READ)
    readers = User.objects.filter(code__in=reads.values("actor"))
    assert not reads.filter(why__contains=NO_GROUND).exists()
    assert len(set(readers.values_list("memberships__role", flat=True))) >= 8
    assert len({timezone.localtime(at).date() for at in reads.values_list("at", flat=True)}) >= 12


def test_there_is_one_alert_and_it_is_of_many_files(demo: Demo) -> None:
    alert = Entry.objects.get(kind=Kind.ALERT, actor__isnull=False)
    assert alert.what == Rule.MANY
    assert alert.actor == User.objects.get(email="administratie@demo.example").code


def test_a_colleague_leaves_later(demo: Demo) -> None:
    departure = Departure.objects.get()
    assert departure.from_day > TODAY
    assert departure.done_at is None


def test_the_log_says_who_did_it_and_when_they_did(demo: Demo) -> None:
    closed = Case.objects.filter(closed_at__isnull=False).order_by("pk")[0]
    entry = Entry.objects.filter(row=closed.code, what="dossier", detail__velden__has_key="closed_at").get()
    assert closed.closed_by is not None
    assert closed.closed_at is not None
    assert (entry.actor, entry.at.date()) == (closed.closed_by.code, closed.closed_at.date())


def test_nobody_is_mailed_about_what_never_happened(demo: Demo) -> None:
    assert AccessNotice.objects.exists()
    assert not AccessNotice.objects.filter(sent_at=None).exists()


def test_wiping_leaves_nothing_of_it(demo: Demo, installed: dict[str, int]) -> None:
    assert Tombstone.objects.exists()
    with transaction.atomic():
        wipe()
        connection.check_constraints()
        left = sizes()
        transaction.set_rollback(True)
    assert left == installed
