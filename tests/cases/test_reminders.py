"""One mail a person and day about steps that are due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail

from cases.models import Case, Step
from cases.services.cases import open_case
from cases.services.reminders import remind_of_steps
from cases.services.steps import plan_step
from cases.tasks import follow_up_crossings, recount
from tests.cases.rows import a_mentor, a_pupil, a_school, a_user
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def a_case_with_steps(*days: int, role: Role = Role.COO) -> tuple[Case, User]:
    """A case with a step for each number of days from today."""
    school = a_school()
    coo = a_user(Role.COO, school, name="Noor Bakker")
    case, _ = open_case(pupil=a_pupil(school), today=TODAY, by=coo)
    for day in days:
        plan_step(case=case, title="Bel Sam", role=role, due_on=TODAY + timedelta(days=day), by=coo)
    return case, coo


@pytest.mark.parametrize(("day", "mails"), [(1, 0), (0, 1), (-1, 1)])
def test_a_step_is_mailed_from_the_day_it_is_due(day: int, mails: int) -> None:
    a_case_with_steps(day)

    assert remind_of_steps(today=TODAY) == mails
    assert len(mail.outbox) == mails


def test_one_mail_whatever_the_number_of_steps_and_of_runs() -> None:
    _, coo = a_case_with_steps(-3, -1, 0, 4)

    assert (remind_of_steps(today=TODAY), remind_of_steps(today=TODAY)) == (1, 0)

    assert (mail.outbox[0].to, "3 stappen" in mail.outbox[0].body) == ([coo.email], True)


def test_a_step_that_stays_open_comes_again_on_the_next_working_day() -> None:
    a_case_with_steps(0)
    friday, saturday, monday = date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 30)

    assert [remind_of_steps(today=day) for day in (friday, saturday, monday)] == [1, 0, 1]


def test_the_mail_names_no_child() -> None:
    case, _ = a_case_with_steps(0)
    remind_of_steps(today=TODAY)

    text = f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    assert [part for part in (case.pupil.surname, case.pupil.first_name, "2A", case.pupil.number) if part in text] == []


def test_a_step_of_the_mentor_goes_to_the_mentor() -> None:
    case, _ = a_case_with_steps(0, role=Role.MENTOR)
    mentor = a_mentor(case.pupil)

    remind_of_steps(today=TODAY)

    assert [message.to for message in mail.outbox] == [[mentor.email]]


def test_the_owner_goes_before_others_with_the_role() -> None:
    case, coo = a_case_with_steps(0)
    a_user(Role.COO, case.school)

    remind_of_steps(today=TODAY)

    assert [message.to for message in mail.outbox] == [[coo.email]]


def test_nobody_is_mailed_about_a_closed_case_or_a_done_step() -> None:
    case, _ = a_case_with_steps(0)
    Case.objects.filter(pk=case.pk).update(closed_at="2026-11-24T08:00Z", closed_by=case.owner, closed_reason="klaar")

    assert remind_of_steps(today=TODAY) == 0


def test_the_recount_mends_what_a_case_keeps_for_lists() -> None:
    case, _ = a_case_with_steps(5)
    Case.objects.update(next_step="iets anders", next_step_due=None, last_contact_on=TODAY)

    recount()
    recount()

    case.refresh_from_db()
    assert (case.next_step, case.next_step_due, case.last_contact_on) == ("Bel Sam", TODAY + timedelta(days=5), None)


def test_the_follow_up_runs_without_work() -> None:
    follow_up_crossings()
    follow_up_crossings()

    assert Step.objects.count() == 0
