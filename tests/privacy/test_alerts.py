"""What is out of the ordinary in who opened what, and the weekly look at the log itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from attendance.models import Pupil
from tests import factories
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.audit.services import expiry
from thuiszitters.audit.services.sealing import seal_waiting
from thuiszitters.privacy import odd_reading
from thuiszitters.privacy.odd_reading import PupilFacts, Read, ReaderFacts, Rule, Stay
from thuiszitters.privacy.tasks import find_alerts, verify_log

NOW = datetime(2026, 1, 14, 11, tzinfo=UTC)
DAY = date(2026, 1, 14)
HOUR = timedelta(minutes=60)
PAGE = "accounts:read_log"


# ------------------------------------------------------------------------------------------- the rules


def reads(*moments: datetime, reader: UUID | None = None, pupil: UUID | None = None) -> list[Read]:
    """At each moment a pupil of its own, unless one is given."""
    who = reader or uuid4()
    return [Read(who, pupil or uuid4(), at, at.date()) for at in moments]


def spread(number: int, over: timedelta) -> list[datetime]:
    """So many moments, the first and the last this far apart."""
    return [NOW + over * n / (number - 1) for n in range(number)]


@pytest.mark.parametrize(
    ("number", "over", "found"),
    [
        (40, HOUR, {}),
        (41, HOUR, {DAY: 41}),
        (41, HOUR + timedelta(seconds=1), {}),
        (42, HOUR + timedelta(seconds=1), {DAY: 41}),
    ],
)
def test_more_pupils_than_the_most_within_the_period(number: int, over: timedelta, found: dict[date, int]) -> None:
    """Two openings that are exactly an hour apart count together."""
    rows = odd_reading.findings(reads(*spread(number, over)), {}, {}, most=40, within=HOUR)

    assert {row.day: row.pupils for row in rows} == found
    assert {row.rule for row in rows} <= {Rule.MANY}


def test_the_same_pupil_counts_once_and_each_person_for_themselves() -> None:
    often = reads(*spread(100, HOUR), pupil=uuid4())
    together = reads(*spread(25, HOUR)) + reads(*spread(25, HOUR))

    assert odd_reading.findings([*often, *together], {}, {}, most=40, within=HOUR) == []


def test_a_pupil_who_was_opened_before_is_still_counted_as_long_as_one_opening_is_recent() -> None:
    """Opened at the start and again in the middle: gone from the period only with the second."""
    one, two = uuid4(), uuid4()
    rows = [Read(two, one, NOW + HOUR * part, DAY) for part in (0, 0.5)] + [Read(two, uuid4(), NOW + HOUR * 1.2, DAY)]

    assert odd_reading.busiest(rows, HOUR) == {DAY: 2}


@pytest.mark.parametrize(
    ("name", "surname_key", "same"),
    [
        ("Sam van den Berg", "berg", True),
        ("Ömer Yılmaz", "yilmaz", True),
        ("Ana dos Santos", "dos santos", True),
        ("Eva Bakker-Jansen", "bakker", True),
        ("Eva Bakker-Jansen", "jansen", True),
        ("Eva Bakker-Jansen", "bakker-jansen", True),
        ("Anne-Marie  de  Vries", "vries", True),
        ("Sam van den Bergh", "berg", False),
        ("Berg Jansen", "berg", False),
        ("Berg", "berg", False),
        ("", "", False),
        ("Anne-Marie Vos", "marie", False),
        ("Sam van den Berg", "van", False),
    ],
)
def test_own_surname(name: str, surname_key: str, *, same: bool) -> None:
    found = odd_reading.odd_about(ReaderFacts(name), PupilFacts(surname_key), DAY)

    assert found == ([Rule.OWN_SURNAME] if same else [])


EARLIER = date(2025, 8, 1)


@pytest.mark.parametrize(
    ("pupil", "reader", "former"),
    [
        pytest.param([(1, EARLIER, None)], [(1, EARLIER, None)], False, id="still there"),
        pytest.param([(1, EARLIER, DAY)], [(1, EARLIER, None)], False, id="last day"),
        pytest.param([(1, EARLIER, DAY - timedelta(1))], [(1, EARLIER, None)], True, id="day after the last"),
        pytest.param([(1, EARLIER, EARLIER), (1, DAY, None)], [(1, EARLIER, None)], False, id="came back today"),
        pytest.param([(1, EARLIER, EARLIER), (1, DAY + timedelta(9), None)], [(1, EARLIER, None)], False, id="will be"),
        pytest.param([(1, EARLIER, EARLIER), (2, DAY, None)], [(1, EARLIER, None)], True, id="went to another school"),
        pytest.param(
            [(1, EARLIER, EARLIER), (2, DAY, None)], [(1, EARLIER, None), (2, EARLIER, None)], False, id="works at both"
        ),
        pytest.param([(2, EARLIER, EARLIER)], [(1, EARLIER, None)], False, id="never was there"),
        pytest.param([(1, EARLIER, EARLIER)], [], False, id="reads for no school"),
        pytest.param([(1, EARLIER, EARLIER)], [(1, EARLIER, DAY)], True, id="last working day"),
        pytest.param([(1, EARLIER, EARLIER)], [(1, EARLIER, DAY - timedelta(1))], False, id="worked there before"),
        pytest.param([(1, EARLIER, EARLIER)], [(1, DAY + timedelta(1), None)], False, id="works there from tomorrow"),
    ],
)
def test_former_pupil(
    pupil: list[tuple[int, date, date | None]], reader: list[tuple[int, date, date | None]], *, former: bool
) -> None:
    about = PupilFacts("vos", tuple(Stay(*row) for row in pupil))
    by = ReaderFacts("Sam Bos", tuple(Stay(*row) for row in reader))

    assert odd_reading.odd_about(by, about, DAY) == ([Rule.FORMER_PUPIL] if former else [])


# ------------------------------------------------------------------------------------------- the log and the mail


@pytest.fixture
def a_school_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def school(db: None, a_school_day: None) -> School:
    return factories.school(alliance=factories.alliance())


def opened(by: User, pupil: Pupil, at: datetime = NOW - HOUR) -> Entry:
    return Entry.objects.create(kind=Kind.READ, actor=by.code, what="dossier", subject=pupil.code, at=at)


def alerts() -> list[tuple[str, str, UUID | None, dict[str, Any]]]:
    found = Entry.objects.filter(kind=Kind.ALERT).order_by("what", "row")
    return [(row.what, row.row, row.actor, row.detail) for row in found]


def coo_called(name: str, school: School) -> User:
    return factories.member(Role.COO, school, factories.user(name=name))


def test_each_pattern_is_written_once_per_person_and_day_with_numbers_only(school: School, settings: Any) -> None:
    settings.ODD_READING_PUPILS = 2
    coo = coo_called("Sam van den Berg", school)
    gone = factories.pupil(surname="Vos")
    factories.enrolment(gone, school, last=date(2026, 1, 9))
    for pupil in (gone, factories.pupil(school, surname="Berg", prefix="van den"), factories.pupil(school)):
        opened(coo, pupil)

    find_alerts()
    find_alerts()

    assert alerts() == [
        (rule.value, "2026-01-14", coo.code, {"dag": "14-01-2026", "leerlingen": number})
        for rule, number in sorted({Rule.MANY: 3, Rule.OWN_SURNAME: 1, Rule.FORMER_PUPIL: 1}.items())
    ]
    assert not Entry.objects.filter(kind=Kind.ALERT).exclude(subject=None).exists()


def test_another_day_is_another_alert_by_the_date_of_the_netherlands(school: School) -> None:
    """Half past eleven in the evening by UTC is the next day."""
    coo, pupil = coo_called("Sam Vos", school), factories.pupil(school, surname="Vos")
    opened(coo, pupil, datetime(2026, 1, 13, 22, 30, tzinfo=UTC))
    opened(coo, pupil, datetime(2026, 1, 13, 23, 30, tzinfo=UTC))

    find_alerts()

    assert [row for _, row, _, _ in alerts()] == ["2026-01-13", "2026-01-14"]


@pytest.mark.parametrize(("before", "found"), [(timedelta(days=2, seconds=-1), 1), (timedelta(days=2), 0)])
def test_a_run_looks_two_days_back(school: School, before: timedelta, found: int) -> None:
    opened(coo_called("Sam Vos", school), factories.pupil(school, surname="Vos"), NOW - before)

    find_alerts()

    assert len(alerts()) == found


def test_the_schools_of_an_alliance_count_for_who_works_for_the_alliance(school: School) -> None:
    """A child that moved within the alliance is no former pupil to them, and is to the school it left."""
    other = factories.school(alliance=school.alliance)
    pupil = factories.pupil(surname="Vos")
    factories.enrolment(pupil, school, last=date(2026, 1, 9))
    factories.enrolment(pupil, other, first=date(2026, 1, 10))
    assert school.alliance
    coo, of_alliance = coo_called("Sam Bos", school), factories.member(Role.SWV, school.alliance)
    opened(coo, pupil)
    opened(of_alliance, pupil)

    find_alerts()

    assert [(what, actor) for what, _, actor, _ in alerts()] == [(Rule.FORMER_PUPIL, coo.code)]


def test_what_is_known_of_nobody_any_more_is_passed_over(school: School) -> None:
    """The pupil is destroyed; or it was the application."""
    coo = coo_called("Sam Vos", school)
    Entry.objects.create(kind=Kind.READ, actor=coo.code, what="dossier", subject=uuid4(), at=NOW - HOUR)
    Entry.objects.create(kind=Kind.READ, what="koppeling", at=NOW - HOUR)

    find_alerts()

    assert alerts() == []


def test_only_the_fg_of_these_people_is_mailed_once_a_day_and_without_names(school: School) -> None:
    fg, _ = factories.member(Role.FG, school), factories.member(Role.FG, factories.school())
    opened(coo_called("Sam Vos", school), factories.pupil(school, surname="Vos"))

    find_alerts()
    opened(coo_called("Kim Bos", school), factories.pupil(school, surname="Bos"))
    find_alerts()

    assert len(alerts()) == 2
    assert [message.to for message in mail.outbox] == [[fg.email]]
    assert "Er is 1 opvallend patroon gevonden" in mail.outbox[0].body
    assert "/privacy/opvallend/" in mail.outbox[0].body
    assert "Vos" not in mail.outbox[0].body


def test_what_was_found_after_the_mail_is_in_that_of_the_next_day(school: School) -> None:
    factories.member(Role.FG, school)
    opened(coo_called("Sam Vos", school), factories.pupil(school, surname="Vos"))
    find_alerts()
    with time_machine.travel(NOW + HOUR, tick=False):
        for name in ("Bos", "Mos"):
            opened(coo_called(f"Kim {name}", school), factories.pupil(school, surname=name))
        find_alerts()

    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        find_alerts()

    assert ["Er zijn 2 opvallende patronen" in message.body for message in mail.outbox] == [False, True]


def test_a_mail_that_did_not_go_out_is_made_up_for_the_next_day(school: School, monkeypatch: Any) -> None:
    factories.member(Role.FG, school)
    opened(coo_called("Sam Vos", school), factories.pupil(school, surname="Vos"))
    with monkeypatch.context() as patch:
        patch.setattr("thuiszitters.accounts.mail.EmailMessage.send", lambda _: (_ for _ in ()).throw(OSError))
        find_alerts()
    assert mail.outbox == []

    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        find_alerts()

    assert len(mail.outbox) == 1


def test_the_fg_sees_how_many_and_the_lines_and_another_fg_none(school: School, client: Client) -> None:
    opened(coo_called("Sam Vos", school), factories.pupil(school, surname="Vos"))
    find_alerts()
    client.force_login(factories.member(Role.FG, school))

    page = client.get(reverse(PAGE), {"soort": "opvallend"}).content.decode()

    assert "1 opvallend patroon deze week" in page
    assert "leerling met dezelfde achternaam geopend" in page
    assert "leerlingen: 1" in page
    assert "?soort=opvallend&amp;van=2026-01-08" in page

    client.force_login(factories.member(Role.FG, factories.school()))
    other = client.get(reverse(PAGE), {"soort": "opvallend"}).content.decode()
    assert "deze week" not in other
    assert "dezelfde achternaam" not in other


# ------------------------------------------------------------------------------------------- the log itself


def tamper() -> None:
    """As somebody with the password of the database would: the door opened, a sealed line removed."""
    with expiry.opened(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry WHERE seal_id = 1")


def test_a_log_that_fits_tells_nobody(school: School) -> None:
    factories.member(Role.FG, school)
    opened(coo_called("Sam Vos", school), factories.pupil(school))
    seal_waiting()

    verify_log()

    assert (alerts(), mail.outbox) == ([], [])


def test_a_log_that_does_not_fit_is_told_to_every_fg_once(school: School, client: Client) -> None:
    people = [factories.member(Role.FG, school), factories.member(Role.FG, factories.school())]
    opened(coo_called("Sam Vos", school), factories.pupil(school))
    seal_waiting()
    tamper()

    verify_log()
    verify_log()
    find_alerts()

    assert [(what, row) for what, row, _, _ in alerts()] == [("controle van het logboek klopt niet", "2026-01-14")]
    assert sorted(message.to[0] for message in mail.outbox) == sorted(person.email for person in people)
    assert {message.subject for message in mail.outbox} == {"De controle van het logboek klopt niet"}
    for person in people:
        client.force_login(person)
        assert "controle van het logboek klopt niet" in client.get(reverse(PAGE)).content.decode()


def test_what_waits_too_long_for_a_seal_is_told_too(school: School) -> None:
    """Otherwise who stops the sealing has a log in which nothing can be verified."""
    factories.member(Role.FG, school)
    opened(coo_called("Sam Vos", school), factories.pupil(school), NOW - timedelta(days=1, seconds=1))

    verify_log()

    assert Entry.objects.get(kind=Kind.ALERT).why == "Er wacht iets langer dan een dag op een zegel; aantal regels: 1."
    assert len(mail.outbox) == 1
