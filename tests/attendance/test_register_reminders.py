"""Classes that were not filled in: the list per day, and one mail a person in the morning."""

from __future__ import annotations

from datetime import date
from threading import Thread

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from attendance.listings.missing_registers import groups_to_take, missing_days
from attendance.listings.registers_due import registers_due
from attendance.models import Enrolment, Group, GroupMentor, PastGroup, RegisterReminder, RegisterTaken
from attendance.services import register_reminders
from tests import factories
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
"""A Wednesday."""
MONDAY, TUESDAY = date(2026, 1, 12), date(2026, 1, 13)


@pytest.fixture
def group() -> Group:
    """A class of one pupil since Monday: Monday, Tuesday and today are open."""
    group = factories.group(factories.school(), "groep 5")
    factories.pupil(in_group=group).enrolments.update(first=MONDAY)
    return group


def take(group: Group, *days: date) -> None:
    by = factories.user()
    for day in days:
        RegisterTaken.objects.create(group=group, day=day, taken_by=by)


def remind_of_registers(*, today: date) -> int:
    """What the job of the morning does."""
    return register_reminders.remind_of_registers(registers_due(today), today=today)


def sent_to() -> list[str]:
    return [message.to[0] for message in mail.outbox]


# The list


def test_a_class_has_no_register_on_days_without_pupils(group: Group) -> None:
    assert groups_to_take(Group.objects.all(), TODAY)[0].missing == (TODAY, TUESDAY, MONDAY)


def test_a_day_before_the_pupils_moved_is_missing_in_the_class_they_were_in_then(group: Group) -> None:
    other = factories.group(group.school, "groep 6")
    factories.pupil(in_group=other).enrolments.update(first=TODAY)
    PastGroup.objects.create(enrolment=Enrolment.objects.get(group=group), group=other, last=MONDAY)

    found = {row.group: row.missing for row in groups_to_take(Group.objects.all(), TODAY)}

    assert found == {group: (TODAY, TUESDAY), other: (TODAY, MONDAY)}


def test_the_list_has_the_newest_day_first_with_the_mentors(group: Group) -> None:
    factories.mentor(group, factories.user(name="Noor Bakker"))
    take(group, TUESDAY)

    days = missing_days(Group.objects.all(), TODAY)

    found = [(row.day, [(line.group, mentors) for line, mentors in row.classes]) for row in days]
    assert found == [(TODAY, [(group, ("Noor Bakker",))]), (MONDAY, [(group, ("Noor Bakker",))])]


@pytest.mark.parametrize(("taken", "listed"), [(False, False), (True, True)])
def test_a_school_that_only_imports_is_not_asked_for_registers(taken: bool, listed: bool, group: Group) -> None:
    School.objects.filter(pk=group.school_id).update(complete_through=MONDAY)
    factories.mentor(group)
    if taken:
        take(group, date(2026, 1, 9))

    assert bool(missing_days(Group.objects.all(), TODAY)) is listed
    assert remind_of_registers(today=TODAY) == listed


@pytest.mark.parametrize(
    ("role", "linked"), [(Role.COO, True), (Role.ADMINISTRATIE, True), (Role.SCHOOLLEIDER, False), (Role.MENTOR, True)]
)
def test_each_sees_the_own_classes_with_a_link_for_who_may_fill_in(
    role: Role, linked: bool, group: Group, client: Client
) -> None:
    other = factories.group(group.school, "groep 8")
    factories.pupil(in_group=other)
    stranger = factories.group(factories.school(), "groep 1")
    factories.pupil(in_group=stranger)
    client.force_login(factories.mentor(group) if role is Role.MENTOR else factories.member(role, group.school))

    with time_machine.travel(TODAY, tick=False):
        page = client.get("/verzuim/klassen/open/")

    seen = {line.group for row in page.context["days"] for line, _ in row.classes}
    assert seen == ({group} if role is Role.MENTOR else {group, other})
    assert (f"/verzuim/klas/{group.code}/2026-01-12/" in page.content.decode()) is linked


def test_the_list_takes_the_same_queries_for_1_and_3_classes(group: Group) -> None:
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            missing_days(Group.objects.all(), TODAY)
        counts.append(len(queries))
        for _ in range(2):
            factories.pupil(in_group=factories.group(group.school))

    assert counts[0] == counts[1]


# The mail


def test_a_mentor_gets_one_mail_whatever_the_number_of_classes_and_of_runs(group: Group) -> None:
    mentor = factories.mentor(group)
    other = factories.group(group.school)
    factories.pupil(in_group=other).enrolments.update(first=TUESDAY)
    GroupMentor.objects.create(group=other, user=mentor, first=MONDAY)

    assert [remind_of_registers(today=TODAY) for _ in range(2)] == [1, 0]

    assert sent_to() == [mentor.email]
    assert "Er zijn 3 keer een klas en een schooldag" in mail.outbox[0].body
    assert RegisterReminder.objects.get().sent_at is not None


def test_the_mail_has_no_name_of_a_child_or_class(group: Group) -> None:
    factories.mentor(group)
    remind_of_registers(today=TODAY)

    text = f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    assert [part for part in ("Sam", "Jansen", "groep 5", group.school.name, str(group.code)) if part in text] == []


def test_today_is_no_day_to_be_reminded_of(group: Group) -> None:
    factories.mentor(group)
    take(group, MONDAY, TUESDAY)

    assert remind_of_registers(today=TODAY) == 0


def test_what_stays_open_comes_again_on_the_next_school_day_only(group: Group) -> None:
    factories.mentor(group)
    factories.closed(group.school, date(2026, 1, 15))
    friday, saturday, monday = date(2026, 1, 16), date(2026, 1, 17), date(2026, 1, 19)

    days = (TODAY, date(2026, 1, 15), friday, saturday, monday)
    assert [remind_of_registers(today=day) for day in days] == [1, 0, 1, 0, 1]


def test_without_a_mentor_the_administratie_is_mailed(group: Group) -> None:
    office = factories.member(Role.ADMINISTRATIE, group.school)
    factories.member(Role.COO, group.school)
    factories.mentor(group, last=TUESDAY)  # no longer

    remind_of_registers(today=TODAY)

    assert sent_to() == [office.email]


def test_who_switched_it_off_is_not_mailed_and_can_switch_it_on(group: Group, client: Client) -> None:
    mentor = factories.mentor(group)
    client.force_login(mentor)

    client.post("/verzuim/herinneringen/", {"on": ""})
    assert remind_of_registers(today=TODAY) == 0
    client.post("/verzuim/herinneringen/", {"on": "yes"})
    assert remind_of_registers(today=TODAY) == 1


def test_a_mail_server_that_refuses_is_not_asked_twice_a_day(group: Group, settings: Settings) -> None:
    factories.mentor(group)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    assert [remind_of_registers(today=TODAY) for _ in range(2)] == [0, 0]

    assert RegisterReminder.objects.get().sent_at is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_send_one_mail(group: Group) -> None:
    people: list[User] = [factories.mentor(group) for _ in range(6)]

    def run() -> None:
        remind_of_registers(today=TODAY)
        connections.close_all()

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(sent_to()) == sorted(person.email for person in people)
