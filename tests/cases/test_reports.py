"""The way of a report: who may take which step, what is kept, and what is refused."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from django.core import mail

from cases.models import Case, ParentsInformed, Report
from cases.report_forms import PrepareForm
from cases.report_steps import STEPS, before, may_follow, next_steps
from cases.services.informed import record_informed
from cases.services.refusals import CaseRefusedError
from cases.services.report_mail import mail_new_reports
from cases.services.reports import (
    answer_report,
    ask_school,
    drop_report,
    prepare_report,
    reply_to_leerplicht,
    return_report,
    save_draft,
    send_report,
    why_not_sendable,
    withdraw_report,
)
from tests import factories
from tests.cases.rows import a_pupil, a_school, a_user
from thuiszitters.accounts.models import Municipality, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 20)
S = Report.Status


@pytest.fixture
def municipality() -> Municipality:
    return factories.municipality("Waterdam")


@pytest.fixture
def officer(municipality: Municipality) -> User:
    return factories.member(Role.LEERPLICHT, municipality)


@pytest.fixture
def report(municipality: Municipality) -> Report:
    school = a_school()
    pupil = a_pupil(school, municipality=municipality)
    case = Case.objects.create(pupil=pupil, school=school, school_of_enrolment=school, opened_on=TODAY)
    return Report.objects.create(
        pupil=pupil,
        case=case,
        school=school,
        place=school,
        kind=Report.Kind.LRV,
        due_on=date(2025, 11, 27),
        first_day=date(2025, 10, 20),
        last_day=date(2025, 11, 20),
        specification=[["2025-10-20", 300, None, "ongeoorloofd"]],
    )


@pytest.fixture
def coo(report: Report) -> User:
    return a_user(Role.COO, report.place)


@pytest.fixture
def office(report: Report) -> User:
    return a_user(Role.ADMINISTRATIE, report.school)


def informed(report: Report, by: User) -> ParentsInformed:
    return record_informed(
        pupil=report.pupil,
        about=ParentsInformed.About.REPORT,
        by=by,
        today=TODAY,
        informed_on=TODAY,
        informed_by="Noor Bakker",
        how="gebeld",
    )


def sent(report: Report, coo: User, office: User) -> Report:
    prepare_report(report=report, values={"supposed_reason": "onbekend"}, informed=informed(report, coo), by=coo)
    send_report(report=report, duo_number="123", by=office)
    return report


def test_steps_are_those_of_the_register_and_no_others() -> None:
    allowed = {
        ("concept", "bij_administratie"),
        ("concept", "vervallen"),
        ("teruggestuurd", "bij_administratie"),
        ("teruggestuurd", "vervallen"),
        ("bij_administratie", "teruggestuurd"),
        ("bij_administratie", "geregistreerd"),
        ("geregistreerd", "in_behandeling"),
        ("geregistreerd", "ter_kennisgeving"),
        ("geregistreerd", "afgesloten"),
        ("geregistreerd", "ingetrokken"),
        ("in_behandeling", "ter_kennisgeving"),
        ("in_behandeling", "afgesloten"),
        ("in_behandeling", "ingetrokken"),
        ("ter_kennisgeving", "in_behandeling"),
        ("ter_kennisgeving", "afgesloten"),
        ("ter_kennisgeving", "ingetrokken"),
    }
    assert {(old.value, new.value) for old, new in product(S, S) if may_follow(old, new)} == allowed
    assert {(old, new) for new in S for old in before(new)} == set(STEPS)


@pytest.mark.parametrize(
    ("status", "role", "expected"),
    [
        (S.DRAFT, Role.COO, {S.AT_OFFICE, S.DROPPED}),
        (S.DRAFT, Role.ADMINISTRATIE, set()),
        (S.AT_OFFICE, Role.ADMINISTRATIE, {S.SENT, S.RETURNED}),
        (S.AT_OFFICE, Role.COO, set()),
        (S.SENT, Role.LEERPLICHT, {S.IN_HAND, S.NOTED, S.CLOSED}),
        (S.SENT, Role.COO, {S.WITHDRAWN}),
        (S.CLOSED, Role.LEERPLICHT, set()),
        (S.WITHDRAWN, Role.COO, set()),
    ],
)
def test_next_steps_follow_the_role(status: Report.Status, role: Role, expected: set[Report.Status]) -> None:
    assert next_steps(status, frozenset({role})) == expected


def test_report_goes_to_leerplicht_and_back(report: Report, coo: User, office: User, officer: User) -> None:
    sent(report, coo, office)
    answer_report(report=report, status=S.IN_HAND, text="Ik bel vandaag.", by=officer)
    answer_report(report=report, status=S.CLOSED, text="", closed_reason=Report.ClosedReason.BACK, by=officer)
    assert report.status == S.CLOSED
    assert report.contact_name == officer.name
    assert list(report.events.values_list("status", "by")) == [
        ("bij_administratie", coo.pk),
        ("geregistreerd", office.pk),
        ("in_behandeling", officer.pk),
        ("afgesloten", officer.pk),
    ]
    assert report.case is not None
    assert report.case.log.filter(kind="melding").count() == 4


def test_prepare_without_saying_whether_parents_know_is_refused(report: Report, coo: User) -> None:
    with pytest.raises(CaseRefusedError, match="ouders"):
        prepare_report(report=report, values={}, informed=None, by=coo)
    report.refresh_from_db()
    assert report.status == S.DRAFT


def test_prepare_twice_tells_the_second_that_it_moved_on(report: Report, coo: User) -> None:
    answer = informed(report, coo)
    other = Report.objects.get(pk=report.pk)
    prepare_report(report=report, values={}, informed=answer, by=coo)
    with pytest.raises(CaseRefusedError, match="niet meer bij jou"):
        prepare_report(report=other, values={}, informed=answer, by=coo)
    assert report.events.count() == 1


def test_draft_keeps_what_was_typed_and_nothing_else(report: Report) -> None:
    save_draft(report=report, values={"school_actions": "Gebeld.", "status": "geregistreerd", "sent_by": 1})
    assert (report.school_actions, report.status) == ("Gebeld.", S.DRAFT)


def test_office_returns_with_a_question_and_the_coo_sends_again(report: Report, coo: User, office: User) -> None:
    answer = informed(report, coo)
    prepare_report(report=report, values={}, informed=answer, by=coo)
    return_report(report=report, question="Klopt de einddatum?", by=office)
    assert (report.status, report.question) == (S.RETURNED, "Klopt de einddatum?")
    prepare_report(report=report, values={"last_day": date(2025, 11, 19)}, informed=answer, by=coo)
    assert (report.status, report.last_day) == (S.AT_OFFICE, date(2025, 11, 19))


def test_what_was_sent_stays_as_it_was(report: Report, coo: User, office: User, officer: User) -> None:
    sent(report, coo, office)
    assert report.sent_facts is not None
    kept = dict(report.sent_facts)
    report.pupil.first_name = "Anders"
    report.pupil.save(update_fields=["first_name"])
    report.refresh_from_db()
    assert report.sent_facts == kept
    assert kept["pupil"] == f"Sam van den {report.pupil.surname}"
    assert kept["informed_by"] == "Noor Bakker"


@pytest.mark.parametrize("known", ["none", "unconfirmed", "nobody"])
def test_send_without_a_receiver_is_refused_and_says_why(
    report: Report, coo: User, office: User, municipality: Municipality, known: str
) -> None:
    prepare_report(report=report, values={}, informed=informed(report, coo), by=coo)
    if known == "none":
        report.pupil.municipality = None
        report.pupil.save(update_fields=["municipality"])
    elif known == "unconfirmed":
        factories.member(Role.LEERPLICHT, municipality)
        municipality.confirmed = False
        municipality.save(update_fields=["confirmed"])
        report.pupil.municipality = municipality
    reason = why_not_sendable(report)
    assert {"none": "niet bekend", "unconfirmed": "nog niet bevestigd", "nobody": "Mijn DUO"}[known] in reason
    with pytest.raises(CaseRefusedError):
        send_report(report=report, by=office)
    report.refresh_from_db()
    assert (report.status, report.sent_at) == (S.AT_OFFICE, None)


def test_former_officer_is_no_receiver(report: Report, municipality: Municipality) -> None:
    factories.member(Role.LEERPLICHT, municipality, last=date(2025, 8, 2))
    assert "Mijn DUO" in why_not_sendable(report)


def test_close_needs_a_legal_reason(report: Report, coo: User, office: User, officer: User) -> None:
    sent(report, coo, office)
    with pytest.raises(CaseRefusedError, match="reden"):
        answer_report(report=report, status=S.CLOSED, text="klaar", by=officer)
    report.refresh_from_db()
    assert report.status == S.SENT


def test_withdrawn_report_takes_no_answer(report: Report, coo: User, office: User, officer: User) -> None:
    sent(report, coo, office)
    withdraw_report(report=report, why="Toch ziek.", by=coo)
    with pytest.raises(CaseRefusedError):
        answer_report(report=report, status=S.IN_HAND, text="", by=officer)
    with pytest.raises(CaseRefusedError):
        ask_school(report=report, text="Hoe gaat het?", by=officer)


def test_question_waits_for_the_school_until_it_replies(report: Report, coo: User, office: User, officer: User) -> None:
    sent(report, coo, office)
    ask_school(report=report, text="Wat zegt de mentor?", by=officer)
    assert report.waiting_for_school is True
    reply_to_leerplicht(report=report, text="Sam komt maandag.", by=coo)
    assert (report.waiting_for_school, report.status) == (False, S.SENT)


def test_dropped_draft_makes_room_for_another(report: Report, coo: User) -> None:
    drop_report(report=report, why="Al afgesproken.", by=coo)
    Report.objects.create(
        pupil=report.pupil,
        school=report.school,
        place=report.place,
        kind=Report.Kind.OTHER,
        due_on=TODAY,
        first_day=TODAY,
    )
    assert Report.objects.drafts().filter(pupil=report.pupil).count() == 1


def test_mail_about_a_report_goes_out_once_and_names_nobody(
    report: Report, coo: User, office: User, officer: User
) -> None:
    factories.member(Role.LEERPLICHT, factories.municipality("Elders"))
    sent(report, coo, office)
    assert mail_new_reports(TODAY) == 1
    assert mail_new_reports(TODAY) == 0
    assert [message.to for message in mail.outbox] == [[officer.email]]
    text = f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    for secret in ("Sam", report.pupil.surname, report.school.name, report.pupil.number, "LRV"):
        assert secret not in text


def test_visible_to_each_as_far_as_it_concerns_them(
    report: Report, coo: User, office: User, officer: User, municipality: Municipality
) -> None:
    other = a_school("Elders")
    strangers = [a_user(Role.COO, other), a_user(Role.ADMINISTRATIE, other), a_user(Role.MENTOR, report.place)]
    strangers.append(factories.member(Role.LEERPLICHT, factories.municipality()))

    def sees(user: User) -> bool:
        return Report.objects.visible_to(User.objects.get(pk=user.pk)).filter(pk=report.pk).exists()

    assert [sees(user) for user in (coo, office, officer)] == [True, False, False]
    prepare_report(report=report, values={}, informed=informed(report, coo), by=coo)
    assert [sees(user) for user in (coo, office, officer)] == [True, True, False]
    send_report(report=report, by=office)
    assert [sees(user) for user in (coo, office, officer)] == [True, True, True]
    assert [sees(user) for user in strangers] == [False] * 4


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, []),
        ({"last_day": ""}, ["last_day"]),
        ({"kind": "overig", "last_day": ""}, []),
        ({"last_day": "2025-10-19"}, ["last_day"]),
        ({"action_wanted": ""}, ["no_action_reason"]),
        ({"supposed_reason": "x" * 201}, ["supposed_reason"]),
        ({"school_actions": ""}, ["school_actions"]),
    ],
)
def test_form_asks_what_the_legal_list_asks(report: Report, change: dict[str, str], wrong: list[str]) -> None:
    values = {
        "kind": "lrv",
        "first_day": "2025-10-20",
        "last_day": "2025-11-20",
        "supposed_reason": "onbekend",
        "school_actions": "Gebeld op 3 november.",
        "action_wanted": "on",
        "reporter_name": "Noor Bakker",
        "reporter_phone": "0612345678",
    }
    form = PrepareForm(values | change, instance=report)
    assert sorted(form.errors) == wrong


def test_what_is_written_with_a_report_is_not_copied_into_the_log_of_the_case(
    report: Report, coo: User, office: User, officer: User
) -> None:
    """Mentor and gedragsdeskundige read the log, and not the report with its answer."""
    words = {"woorden van de administratie", "woorden van leerplicht", "woorden van school", "woorden bij het besluit"}
    back, asked, replied, decided = sorted(words)
    prepare_report(report=report, values={"supposed_reason": "onbekend"}, informed=informed(report, coo), by=coo)
    return_report(report=report, question=back, by=office)
    sent(report, coo, office)
    ask_school(report=report, text=asked, by=officer)
    reply_to_leerplicht(report=report, text=replied, by=office)
    answer_report(report=report, status=S.NOTED, text=decided, by=officer)
    assert report.case is not None
    log = " ".join(report.case.log.filter(kind="melding").values_list("text", flat=True))
    assert {word for word in words if word in log} == set()
    assert "ter kennisgeving aangenomen. Wat erbij geschreven is, staat bij de melding." in log
    assert words <= {event.text for event in report.events.all()}
