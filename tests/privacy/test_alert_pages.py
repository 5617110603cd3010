"""What becomes of an alert: who sees it, who judges it, and that the judgement stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
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
from thuiszitters.audit.models.entries import AppendOnlyError
from thuiszitters.audit.services.sealing import seal_waiting
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.listings.alerts import alerts_visible_to, to_judge
from thuiszitters.privacy.models import Alert, AlertJudgement, RetentionTerm
from thuiszitters.privacy.odd_reading import Rule
from thuiszitters.privacy.services.alerts import AlertRefusedError, judge_alert
from thuiszitters.privacy.services.log_term import expire_log
from thuiszitters.privacy.tasks import find_alerts

NOW = datetime(2026, 1, 14, 11, tzinfo=UTC)
DAY = date(2026, 1, 14)
HOUR = timedelta(hours=1)


@pytest.fixture
def a_school_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def school(db: None, a_school_day: None) -> School:
    return factories.school(alliance=factories.alliance())


@pytest.fixture
def fg(school: School) -> User:
    return factories.member(Role.FG, school, factories.user(name="Bas Riet"))


def opened(by: User, pupil: Pupil, at: datetime = NOW - HOUR) -> Entry:
    return Entry.objects.create(kind=Kind.READ, actor=by.code, what="dossier", subject=pupil.code, at=at)


def coo_called(name: str, school: School) -> User:
    return factories.member(Role.COO, school, factories.user(name=name))


def alert_about(reader: User, rule: Rule = Rule.MANY, *, day: date = DAY, pupils: int = 41) -> Alert:
    return Alert.objects.create(rule=rule, reader=reader.code, day=day, pupils=pupils, found_at=NOW)


def judged(alert: Alert, by: User, *, seen: int = 41) -> AlertJudgement:
    return judge_alert(alert=alert, outcome="in_orde", reason="Klassenbespreking.", seen=seen, by=by, now=NOW)


def surname_alert(school: School, *, pupils: int = 1) -> Alert:
    """As the hourly job makes it."""
    coo = coo_called("Sam Vos", school)
    for _ in range(pupils):
        opened(coo, factories.pupil(school, surname="Vos"))
    opened(coo, factories.pupil(school, surname="Bos"))
    find_alerts()
    return Alert.objects.get()


# ------------------------------------------------------------------------------------------- the job


def test_the_job_makes_an_alert_once_and_lets_its_number_follow_the_day(school: School, fg: User) -> None:
    alert = surname_alert(school)
    find_alerts()
    assert list(Alert.objects.values_list("rule", "day", "pupils")) == [(Rule.OWN_SURNAME, DAY, 1)]
    judged(alert, fg, seen=1)
    assert not to_judge(fg).exists()

    reader = User.objects.get(code=alert.reader)
    opened(reader, factories.pupil(school, surname="Vos"), NOW - HOUR / 2)
    find_alerts()

    assert list(to_judge(fg).values_list("pk", "pupils")) == [(alert.pk, 2)]
    assert Entry.objects.filter(kind=Kind.ALERT).count() == 1


def test_its_number_never_shrinks(school: School) -> None:
    """The job of two days later sees the last part of the day alone."""
    alert = surname_alert(school)
    Alert.objects.filter(pk=alert.pk).update(pupils=9)

    find_alerts()

    assert Alert.objects.get().pupils == 9


# ------------------------------------------------------------------------------------------- who sees it


def test_the_fg_of_that_day_sees_it_and_no_other(school: School, fg: User) -> None:
    """Also when the reader left since; not when the reader came later."""
    assert school.alliance
    of_alliance = factories.member(Role.FG, school.alliance)
    elsewhere = factories.member(Role.FG, factories.school(alliance=school.alliance))
    left = factories.member(Role.COO, school, last=DAY)
    came = factories.member(Role.COO, school, first=DAY + timedelta(1))
    alert = alert_about(left)
    alert_about(came)

    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        for person, seen in ((fg, [alert]), (of_alliance, [alert]), (elsewhere, []), (left, [])):
            assert list(alerts_visible_to(User.objects.get(pk=person.pk))) == seen


def test_of_an_fg_another_fg_judges_and_the_schoolleider_sees_nothing(school: School, fg: User) -> None:
    other, head = factories.member(Role.FG, school), factories.member(Role.SCHOOLLEIDER, school)
    alert = alert_about(factories.member(Role.COO, school, fg))

    assert list(to_judge(other)) == [alert]
    assert list(alerts_visible_to(fg)) == [alert]
    assert list(to_judge(fg)) == []
    assert list(alerts_visible_to(head)) == []


@pytest.mark.parametrize("other", ["gone", "may not log in", "elsewhere", "none"])
def test_of_the_only_fg_the_schoolleider_judges(school: School, fg: User, other: str) -> None:
    if other != "none":
        second = factories.member(
            Role.FG,
            factories.school() if other == "elsewhere" else school,
            last=DAY - timedelta(1) if other == "gone" else None,
        )
        User.objects.filter(pk=second.pk).update(is_active=other != "may not log in")
    head, head_elsewhere = (
        factories.member(Role.SCHOOLLEIDER, at) for at in (school, factories.school(alliance=school.alliance))
    )
    alert = alert_about(factories.member(Role.COO, school, fg))
    about_somebody_else = alert_about(coo_called("Kim Bos", school))

    assert list(to_judge(head)) == [alert]
    assert list(alerts_visible_to(head_elsewhere)) == []
    assert list(to_judge(fg)) == [about_somebody_else]


def test_the_fg_of_the_alliance_watches_the_one_of_a_school(school: School, fg: User) -> None:
    assert school.alliance
    of_alliance, head = factories.member(Role.FG, school.alliance), factories.member(Role.SCHOOLLEIDER, school)
    alert = alert_about(factories.member(Role.COO, school, fg))

    assert list(to_judge(of_alliance)) == [alert]
    assert list(alerts_visible_to(head)) == []


def test_a_schoolleider_who_is_the_only_fg_judges_nothing_of_themselves(school: School, fg: User) -> None:
    alert = alert_about(factories.member(Role.SCHOOLLEIDER, school, fg))

    assert list(alerts_visible_to(fg)) == [alert]
    assert list(to_judge(fg)) == []


@pytest.mark.parametrize(
    ("then_fg", "now_fg"), [(True, False), (False, True), (False, False)], ids=["was FG", "is FG by now", "never FG"]
)
def test_without_another_fg_the_schoolleider_judges(school: School, *, then_fg: bool, now_fg: bool) -> None:
    """What the reader was counts on the day of the alert, who is FG on the day of looking."""
    reader, head = factories.member(Role.COO, school), factories.member(Role.SCHOOLLEIDER, school)
    if then_fg:
        factories.member(Role.FG, school, reader, last=DAY)
    alert, own = alert_about(reader), alert_about(head)

    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        if now_fg:
            factories.member(Role.FG, school, reader, first=DAY + timedelta(1))
        assert list(to_judge(User.objects.get(pk=head.pk))) == [alert]
        later = factories.member(Role.FG, school, first=DAY + timedelta(2))
        assert set(to_judge(later)) == {alert, own}
        assert list(to_judge(User.objects.get(pk=head.pk))) == []


# ------------------------------------------------------------------------------------------- the judgement


def test_a_judgement_is_said_once_and_never_changes(school: School, fg: User) -> None:
    alert = alert_about(coo_called("Kim Bos", school))
    first = judged(alert, fg)

    with pytest.raises(AlertRefusedError, match="al beoordeeld"):
        judged(alert, fg)
    for change in (AlertJudgement.objects.all().delete, lambda: AlertJudgement.objects.update(outcome="opgevolgd")):
        with pytest.raises(AppendOnlyError):
            change()
    assert list(AlertJudgement.objects.all()) == [first]


@pytest.mark.parametrize("seen", [40, 42])
def test_nobody_judges_more_than_they_saw(school: School, fg: User, seen: int) -> None:
    alert = alert_about(coo_called("Kim Bos", school))

    with pytest.raises(AlertRefusedError, match="intussen meer"):
        judged(alert, fg, seen=seen)


def test_nobody_judges_themselves(school: School, fg: User) -> None:
    with pytest.raises(AlertRefusedError, match="over jou"):
        judged(alert_about(factories.member(Role.COO, school, fg)), fg)


def test_the_log_tells_who_judged_and_how_and_not_why(school: School, fg: User, client: Client) -> None:
    alert = alert_about(coo_called("Kim Bos", school))
    client.force_login(fg)
    asked = {"outcome": "opgevolgd", "reason": "Gesproken met Kim.", "seen": "41"}

    answer = client.post(reverse("privacy:alert_judge", args=[alert.code]), asked)

    assert answer.status_code == 302
    judgement = AlertJudgement.objects.get()
    assert (judgement.outcome, judgement.reason, judgement.by, judgement.at) == (
        "opgevolgd",
        "Gesproken met Kim.",
        fg,
        NOW,
    )
    entry = Entry.objects.get(what="oordeel over een opvallend patroon")
    assert (entry.actor, entry.detail["velden"]["outcome"]) == (fg.code, [None, "opgevolgd"])
    assert "Gesproken" not in str(entry.detail)


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"reason": "Klopt."}, "Kies een oordeel."),
        ({"outcome": "in_orde", "reason": "  "}, "Dit veld is verplicht."),
        ({"outcome": "misschien", "reason": "Klopt."}, "misschien is geen beschikbare keuze"),
        ({"outcome": "in_orde", "reason": "x" * 501}, "501"),
    ],
)
def test_without_a_judgement_and_a_reason_nothing_is_kept(
    school: School, fg: User, client: Client, given: dict[str, str], refused: str
) -> None:
    alert = alert_about(coo_called("Kim Bos", school))
    client.force_login(fg)

    answer = client.post(reverse("privacy:alert_judge", args=[alert.code]), {"seen": "41", **given})

    assert answer.status_code == 400
    assert refused in answer.content.decode()
    assert not AlertJudgement.objects.exists()


# ------------------------------------------------------------------------------------------- the pages


def test_the_page_tells_what_who_and_which_lines(school: School, fg: User, client: Client) -> None:
    alert = surname_alert(school, pupils=2)
    client.force_login(fg)

    page = client.get(reverse("privacy:alert_detail", args=[alert.code])).content.decode()

    assert "Sam Vos" in page
    assert "2 leerlingen met dezelfde achternaam" in " ".join(page.split())
    assert f"COO bij {school}" in page
    read = Entry.objects.filter(kind=Kind.READ).values_list("subject", flat=True)
    codes = {code: code.hex[:8] in page for code in read if code}
    of_vos = set(Pupil.objects.filter(surname="Vos").values_list("code", flat=True))
    assert {code for code, stands in codes.items() if stands} == of_vos
    address = (
        f"{reverse('accounts:read_log')}?wie={alert.reader}&amp;soort=inzage&amp;van=2026-01-14&amp;tot=2026-01-14"
    )
    assert address in page
    log = client.get(address.replace("&amp;", "&")).content.decode()
    assert "3 regels" in log


def test_many_shows_all_of_that_day_and_no_other(school: School, fg: User, client: Client) -> None:
    coo = coo_called("Kim Bos", school)
    shown = opened(coo, factories.pupil(school))
    others = [opened(coo, factories.pupil(school), NOW - timedelta(days=1)), opened(fg, factories.pupil(school))]
    client.force_login(fg)

    page = client.get(reverse("privacy:alert_detail", args=[alert_about(coo).code])).content.decode()

    assert "41 verschillende leerlingen binnen 60 minuten" in page
    assert shown.subject
    assert shown.subject.hex[:8] in page
    assert [entry.subject.hex[:8] in page for entry in others if entry.subject] == [False, False]


def test_pupils_who_are_known_no_more_leave_a_way_to_the_log(school: School, fg: User, client: Client) -> None:
    coo = coo_called("Kim Bos", school)
    Entry.objects.create(kind=Kind.READ, actor=coo.code, what="dossier", subject=uuid4(), at=NOW - HOUR)
    client.force_login(fg)

    alert = alert_about(coo, Rule.FORMER_PUPIL)
    page = client.get(reverse("privacy:alert_detail", args=[alert.code])).content.decode()

    assert "niet meer te zien" in page
    assert "Alles van die dag in het logboek" in page


def test_own_alert_says_so_and_gives_no_form(school: School, fg: User, client: Client) -> None:
    alert = alert_about(factories.member(Role.COO, school, fg))
    client.force_login(fg)

    page = client.get(reverse("privacy:alert_detail", args=[alert.code])).content.decode()
    refused = client.post(
        reverse("privacy:alert_judge", args=[alert.code]),
        {"outcome": "in_orde", "reason": "Ik weet het zelf.", "seen": "41"},
        follow=True,
    )

    assert "Dit gaat over jou" in page
    assert "Sla het oordeel op" not in page
    assert "Dit gaat over jou. Iemand anders" in refused.content.decode()
    assert not AlertJudgement.objects.exists()


def test_the_schoolleider_sees_the_lines_and_no_way_to_the_log(school: School, fg: User, client: Client) -> None:
    mentor_and_fg = factories.mentor(factories.group(school), fg)
    entry = opened(mentor_and_fg, factories.pupil(school))
    client.force_login(factories.member(Role.SCHOOLLEIDER, school))

    page = client.get(reverse("privacy:alert_detail", args=[alert_about(fg).code])).content.decode()

    assert entry.subject
    assert entry.subject.hex[:8] in page
    assert reverse("accounts:read_log") not in page
    assert "Sla het oordeel op" in page


def test_the_list_has_what_waits_on_top_and_keeps_what_was_judged(school: School, fg: User, client: Client) -> None:
    client.force_login(fg)
    assert "Opvallend in het logboek" not in client.get(reverse("today")).content.decode()
    waits, done = alert_about(coo_called("Kim Bos", school)), alert_about(coo_called("Ali Mos", school))
    judged(done, fg)

    answer = client.get(reverse("privacy:alert_list"))
    part = client.get(reverse("privacy:alert_list"), headers={"hx-request": "true"}).content.decode()

    assert [line.alert for line in answer.context["open"]] == [waits]
    assert [line.alert for line in answer.context["judged"]] == [done]
    assert "1 patroon wacht op je oordeel." in part
    assert ("Kim Bos" in part, "Ali Mos" in part) == (True, False)
    assert "Opvallend in het logboek" in client.get(reverse("today")).content.decode()


def test_the_list_asks_the_database_as_much_for_many(school: School, fg: User, client: Client) -> None:
    client.force_login(fg)
    counts = []
    for number in (1, 3):
        for _ in range(number):
            alert_about(coo_called("Kim Bos", school))
            judged(alert_about(coo_called("Ali Mos", school)), fg)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("privacy:alert_list"))
        counts.append(len(asked))

    assert counts[0] == counts[1]


# ------------------------------------------------------------------------------------------- how long


def test_alerts_go_with_the_log(school: School, fg: User) -> None:
    """The last day of the term is kept, as are its entries."""
    RetentionTerm.objects.filter(data_class=DataClass.LOG).delete()
    RetentionTerm.objects.create(
        data_class=DataClass.LOG, years=1, months=0, valid_from=date(2025, 1, 1), source="beleid"
    )
    coo = coo_called("Kim Bos", school)
    gone, stays = alert_about(coo, day=date(2025, 1, 13)), alert_about(coo, day=date(2025, 1, 14))
    judged(gone, fg)
    judged(stays, fg)
    seal_waiting()

    expire_log(today=DAY)

    assert list(Alert.objects.all()) == [stays]
    assert [row.alert for row in AlertJudgement.objects.all()] == [stays]
