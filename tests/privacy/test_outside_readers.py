"""Alerts about who reads for no school or alliance: the schools of the pupils see them, each its own part."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.models import Pupil
from tests import factories
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.privacy.listings.alerts import alerts_visible_to, open_lines, picture_of, to_judge
from thuiszitters.privacy.models import Alert, AlertJudgement
from thuiszitters.privacy.odd_reading import Rule
from thuiszitters.privacy.tasks import find_alerts

NOW = datetime(2026, 1, 14, 11, tzinfo=UTC)
DAY = date(2026, 1, 14)


@pytest.fixture(autouse=True)
def a_school_day(db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


@pytest.fixture
def doctor() -> User:
    return factories.member(Role.JEUGDARTS, factories.youth_health(), factories.user(name="Sam Vos"))


def opened(by: User, *pupils: Pupil, at: datetime = NOW - timedelta(hours=1)) -> None:
    for pupil in pupils:
        Entry.objects.create(kind=Kind.READ, actor=by.code, what="dossier", subject=pupil.code, at=at)


def alert_about(reader: User, rule: Rule = Rule.MANY, pupils: int = 41) -> Alert:
    return Alert.objects.create(rule=rule, reader=reader.code, day=DAY, pupils=pupils, found_at=NOW)


def seen_by(user: User) -> list[Alert]:
    return list(alerts_visible_to(User.objects.get(pk=user.pk)))


@pytest.mark.parametrize("role", [Role.JEUGDARTS, Role.LEERPLICHT])
def test_the_fg_of_the_pupil_sees_it_and_only_the_own_part(school: School, role: Role) -> None:
    reader = factories.member(role, factories.organisation_for(role))
    other = factories.school()
    opened(reader, *(factories.pupil(school) for _ in range(2)), *(factories.pupil(other) for _ in range(3)))
    alert = alert_about(reader)
    assert school.alliance
    fgs = [factories.member(Role.FG, at) for at in (school, school.alliance, other)]
    nobody = [
        factories.member(Role.FG, factories.school(alliance=school.alliance)),
        factories.member(Role.SCHOOLLEIDER, school),
        factories.member(Role.COO, school),
    ]

    for fg, pupils in zip(fgs, (2, 2, 3), strict=True):
        assert list(to_judge(fg)) == [alert]
        picture = picture_of(alert, fg)
        assert (picture.pupils, picture.total, picture.is_part, picture.sees_log) == (pupils, pupils, True, False)
        assert [line.pupils for line in open_lines(fg)] == [pupils]
    assert [seen_by(person) for person in nobody] == [[], [], []]


@pytest.mark.parametrize(
    ("first", "last", "seen"),
    [
        (date(2025, 8, 1), DAY, True),
        (date(2025, 8, 1), DAY - timedelta(1), False),
        (DAY, None, True),
        (DAY + timedelta(1), None, False),
    ],
)
def test_the_school_of_that_day_counts(
    school: School, doctor: User, first: date, last: date | None, *, seen: bool
) -> None:
    pupil = factories.pupil()
    factories.enrolment(pupil, school, first=first, last=last)
    opened(doctor, pupil)
    alert = alert_about(doctor)

    assert seen_by(factories.member(Role.FG, school)) == ([alert] if seen else [])


@pytest.mark.parametrize("days", [-1, 1])
def test_what_was_opened_on_another_day_shows_nothing(school: School, doctor: User, days: int) -> None:
    opened(doctor, factories.pupil(school), at=NOW + timedelta(days=days))
    alert_about(doctor)

    assert seen_by(factories.member(Role.FG, school)) == []


@pytest.mark.parametrize(("last", "seen"), [(DAY - timedelta(1), True), (DAY, False)])
def test_who_worked_at_a_school_that_day_is_for_that_school(
    school: School, doctor: User, last: date, *, seen: bool
) -> None:
    factories.member(Role.COO, factories.school(), doctor, last=last)
    opened(doctor, factories.pupil(school))
    alert = alert_about(doctor)

    assert seen_by(factories.member(Role.FG, school)) == ([alert] if seen else [])


def test_a_namesake_elsewhere_is_nothing_to_this_school(school: School, doctor: User) -> None:
    other = factories.school()
    opened(doctor, factories.pupil(school, surname="Bos"), factories.pupil(other, surname="Vos"))
    opened(doctor, factories.pupil(other, surname="Bos"))
    alert = alert_about(doctor, Rule.OWN_SURNAME, 1)
    here, there = factories.member(Role.FG, school), factories.member(Role.FG, other)

    assert (seen_by(here), seen_by(there)) == ([], [alert])
    picture = picture_of(alert, there)
    assert (picture.pupils, picture.total) == (1, 1)
    assert [line.pupils for line in open_lines(there)] == [1]


@pytest.mark.parametrize("fg", ["school", "alliance", "may not log in", "gone", "none"])
def test_where_a_school_has_no_fg_its_schoolleider_stands_in(school: School, doctor: User, fg: str) -> None:
    opened(doctor, factories.pupil(school))
    alert = alert_about(doctor)
    head = factories.member(Role.SCHOOLLEIDER, school)
    assert school.alliance
    if fg != "none":
        at = school.alliance if fg == "alliance" else school
        person = factories.member(Role.FG, at, last=DAY - timedelta(1) if fg == "gone" else None)
        User.objects.filter(pk=person.pk).update(is_active=fg != "may not log in")

    assert seen_by(head) == ([] if fg in {"school", "alliance"} else [alert])
    assert seen_by(factories.member(Role.SCHOOLLEIDER, factories.school())) == []


def test_the_page_tells_no_more_than_the_own_part(school: School, doctor: User, client: Client) -> None:
    mine, theirs = factories.pupil(school), factories.pupil(factories.school())
    opened(doctor, mine, theirs)
    total = 7_654_321
    alert = alert_about(doctor, pupils=total)
    client.force_login(factories.member(Role.FG, school))
    address = reverse("privacy:alert_judge", args=[alert.code])
    said = {"outcome": "in_orde", "reason": "Nagevraagd."}

    page = client.get(reverse("privacy:alert_detail", args=[alert.code])).content.decode()
    refused = client.post(address, {**said, "seen": "2"}, follow=True).content.decode()
    kept = AlertJudgement.objects.count()
    client.post(address, {**said, "seen": "1"})

    assert "Van jouw school waren dat er die dag 1." in page
    assert (mine.code.hex[:8] in page, theirs.code.hex[:8] in page, str(total) in page) == (True, False, False)
    assert 'name="seen" value="1"' in page
    assert ("intussen meer" in refused, kept) == (True, 0)
    assert AlertJudgement.objects.get().pupils == total
    assert str(total) not in client.get(reverse("privacy:alert_detail", args=[alert.code])).content.decode()
    assert not to_judge(factories.member(Role.FG, school)).exists()


def test_the_fg_of_the_pupil_is_mailed(school: School, doctor: User) -> None:
    fg, _ = factories.member(Role.FG, school), factories.member(Role.FG, factories.school())
    opened(doctor, factories.pupil(school, surname="Vos"))

    find_alerts()

    assert [message.to for message in mail.outbox] == [[fg.email]]


def test_the_list_asks_the_database_as_much_for_many(school: School, client: Client) -> None:
    client.force_login(factories.member(Role.FG, school))
    counts = []
    for number in (1, 3):
        for _ in range(number):
            reader = factories.member(Role.JEUGDARTS, factories.youth_health(), factories.user(name="Kim Vos"))
            opened(reader, factories.pupil(school, surname="Vos"))
            alert_about(reader)
            alert_about(reader, Rule.OWN_SURNAME, 1)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(reverse("privacy:alert_list"))
        counts.append(len(asked))

    assert len(answer.context["open"]) == 8
    assert counts[0] == counts[1]
