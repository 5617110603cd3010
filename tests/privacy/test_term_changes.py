"""An alliance chooses its own retention terms: within the law, with a reason, and for the next list only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from threading import Thread

import pytest
import time_machine
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from cases.models import LogEntry
from tests import factories
from tests.privacy.lives import FILE_GOES, pupil_who_left, with_everything
from tests.second_steps import log_in
from thuiszitters.accounts.models import Alliance, School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.models import Entry
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.models import DestructionRun, RetentionTerm
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services.destroying import destroy_run
from thuiszitters.privacy.services.due import past_their_term
from thuiszitters.privacy.services.runs import RunRefusedError, approve, propose
from thuiszitters.privacy.services.term_changes import TermRefusedError, change_term
from thuiszitters.privacy.services.term_rows import term_rows
from thuiszitters.privacy.term_bounds import why_not

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]
NOW = datetime(FILE_GOES.year, FILE_GOES.month, FILE_GOES.day, 9, tzinfo=UTC)


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


def chosen(at: School, years: int, months: int = 0, data_class: DataClass = DataClass.FILE) -> RetentionTerm:
    assert at.alliance is not None
    by = factories.member(Role.BEHEERDER, at.alliance)
    return change_term(
        alliance=at.alliance, data_class=data_class, years=years, months=months, why="klachten", by=by, today=FILE_GOES
    )


@pytest.mark.parametrize(
    ("data_class", "years", "months", "refused"),
    [
        ("verzuim", 4, 11, "ten minste 5 jaar"),
        ("verzuim", 5, 0, ""),
        ("verzuim", 20, 0, ""),
        ("verzuim", 20, 1, "20 jaar"),
        ("inschrijving", 4, 11, "ten minste 5 jaar"),
        ("inschrijving", 5, 1, ""),
        ("verwijzing", 2, 11, "ten minste 3 jaar"),
        ("verwijzing", 3, 0, ""),
        ("tafel", 2, 11, "niet korter en niet langer"),
        ("tafel", 3, 1, "niet korter en niet langer"),
        ("dossier", 0, 0, "ten minste een maand"),
        ("dossier", 0, 1, ""),
        ("melding", 1, 0, ""),
        ("verzoek", 3, 6, ""),
        ("logboek", 5, 0, "hele applicatie"),
    ],
)
def test_the_law_leaves_so_much_to_choose(data_class: str, years: int, months: int, refused: str) -> None:
    found = why_not(DataClass(data_class), years, months)

    assert (refused in found) if refused else not found


def test_a_longer_term_keeps_what_was_due_and_a_shorter_one_brings_it_forward(school: School) -> None:
    """And another alliance sees nothing of it."""
    elsewhere = factories.school(alliance=factories.alliance())
    for at in (school, elsewhere):
        with_everything(pupil_who_left(at), at)

    def due(at: School, today: date) -> set[DataClass]:
        return {part.data_class for part in past_their_term([Holder(at.pk)], today=today)}

    with time_machine.travel(NOW, tick=False):
        chosen(school, 3)

    assert DataClass.FILE not in due(school, date(2029, 7, 31))
    assert DataClass.FILE in due(school, date(2029, 8, 1))
    assert DataClass.FILE in due(elsewhere, FILE_GOES)
    row = term_rows(Holder(school.pk), FILE_GOES)[DataClass.FILE]
    assert (row.start_event, row.length) == ("uitschrijving", "3 jaar")
    assert term_rows(Holder(school.pk), date(2028, 7, 31))[DataClass.FILE].length == "2 jaar"


def test_it_is_logged_with_the_reason_and_by_whom(school: School) -> None:
    row = chosen(school, 3)

    told = Entry.objects.get(what="bewaartermijn")
    assert "klachten" in str(told.detail)
    assert row.by is not None
    assert row.source == f"Gekozen door {school.alliance}: klachten"


def test_what_holds_already_is_not_chosen_again(school: School) -> None:
    with pytest.raises(TermRefusedError, match="die nu geldt"):
        chosen(school, 2)
    chosen(school, 3)
    with pytest.raises(TermRefusedError, match="die nu geldt"):
        chosen(school, 3)


def test_a_slip_is_mended_on_the_same_day_and_stays_in_the_list(client: Client, school: School) -> None:
    """The last one counts, also when it is the length of before."""
    with_everything(pupil_who_left(school), school)
    with time_machine.travel(NOW):
        for years in (20, 3, 20, 2):
            chosen(school, years)
            row = term_rows(Holder(school.pk), FILE_GOES)[DataClass.FILE]
            assert (row.years, row.alliance) == (years, school.alliance)
        client.force_login(beheerder(school))
        listed = client.get(reverse("privacy:term_list", args=(getattr(school.alliance, "code", None),)))

    assert DataClass.FILE in {part.data_class for part in past_their_term([Holder(school.pk)], today=FILE_GOES)}
    line = next(line for line in listed.context["lines"] if line.data_class == DataClass.FILE)
    assert (line.holds.years, [row.years for row in line.earlier]) == (2, [20, 3, 20])
    assert Entry.objects.filter(what="bewaartermijn").count() == 4


def test_a_list_that_was_approved_keeps_the_term_of_then_when_a_slip_is_mended_that_day(school: School) -> None:
    with_everything(pupil_who_left(school), school)
    with time_machine.travel(NOW) as clock:
        chosen(school, 1)
        clock.shift(60)
        run = approved(school)
        clock.shift(60)
        chosen(school, 3)
        destroy_run(run.pk, today=FILE_GOES)

    assert run.terms["dossier"].startswith("1 jaar")
    assert not LogEntry.objects.exists()


def approved(at: School) -> DestructionRun:
    run = propose(holder=Holder(at.pk), by=factories.user(), today=FILE_GOES)
    approve(run=run, by=factories.user())
    return run


def test_what_was_approved_goes_by_the_term_of_then(school: School) -> None:
    with_everything(pupil_who_left(school), school)
    with time_machine.travel(NOW) as clock:
        run = approved(school)
        clock.shift(60)
        chosen(school, 3)
        destroy_run(run.pk, today=FILE_GOES)

    run.refresh_from_db()
    assert run.status == DestructionRun.Status.DONE
    assert run.terms["dossier"].startswith("2 jaar")
    assert not LogEntry.objects.exists()


def test_what_only_waits_for_approval_has_to_be_made_anew(school: School) -> None:
    with_everything(pupil_who_left(school), school)
    other = factories.school(alliance=factories.alliance())
    with_everything(pupil_who_left(other), other)
    with time_machine.travel(NOW) as clock:
        runs = [propose(holder=Holder(at.pk), by=factories.user(), today=FILE_GOES) for at in (school, other)]
        clock.shift(60)
        chosen(school, 3)

        with pytest.raises(RunRefusedError, match="bewaartermijn gewijzigd"):
            approve(run=runs[0], by=factories.user())
        approve(run=runs[1], by=factories.user())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_approval_waits_for_who_is_changing_a_term(school: School) -> None:
    """What is not saved yet was never looked at: an approval beside it would be by the term of before."""
    with_everything(pupil_who_left(school), school)
    run, by = propose(holder=Holder(school.pk), by=factories.user(), today=FILE_GOES), factories.user()
    told: list[str] = []

    def give() -> None:
        try:
            approve(run=run, by=by)
        except RunRefusedError as refusal:
            told.append(str(refusal))
        finally:
            connections.close_all()

    thread = Thread(target=give)
    with transaction.atomic():
        chosen(school, 3)
        thread.start()
        thread.join(timeout=2)
        waited = thread.is_alive()
    thread.join(timeout=20)

    run.refresh_from_db()
    assert (waited, run.status) == (True, DestructionRun.Status.PROPOSED)
    assert ["bewaartermijn gewijzigd" in text for text in told] == [True]


# ------------------------------------------------------------------------------------------- the pages


def address(alliance: Alliance | None, data_class: str = "dossier") -> str:
    assert alliance is not None
    return reverse("privacy:term_change", args=(alliance.code, data_class))


def beheerder(at: School) -> User:
    assert at.alliance is not None
    return factories.member(Role.BEHEERDER, at.alliance)


def test_the_beheerder_of_the_alliance_changes_a_term_and_others_read_it(client: Client, school: School) -> None:
    assert school.alliance is not None
    listed = reverse("privacy:term_list", args=(school.alliance.code,))
    client.force_login(beheerder(school))
    assert address(school.alliance) in client.get(listed).content.decode()
    refused = client.post(address(school.alliance, "verzuim"), {"years": "4", "months": "0", "why": "korter"})
    assert (refused.status_code, "ten minste 5 jaar" in refused.content.decode()) == (400, True)

    saved = client.post(address(school.alliance), {"years": "1", "months": "6", "why": "minder is genoeg"})

    assert (saved.status_code, saved["Location"]) == (302, listed)
    for reader in (factories.member(Role.FG, school), factories.member(Role.SCHOOLLEIDER, school)):
        client.force_login(reader)
        page = client.get(listed).content.decode()
        assert "1 jaar en 6 maanden" in page
        assert "minder is genoeg" in page
        assert address(school.alliance) not in page


@pytest.mark.parametrize("data_class", ["tafel", "logboek", "bestaat-niet"])
def test_what_is_not_theirs_to_choose_has_no_page(client: Client, school: School, data_class: str) -> None:
    client.force_login(beheerder(school))

    assert client.get(address(school.alliance, data_class)).status_code == 404


def test_the_beheerder_of_a_school_and_of_another_alliance_do_not_change_it(client: Client, school: School) -> None:
    for person in (factories.member(Role.BEHEERDER, school), factories.member(Role.BEHEERDER, factories.alliance())):
        client.force_login(person)
        answer = client.post(address(school.alliance), {"years": "1", "months": "0", "why": "x"})
        assert answer.status_code == 404
    assert not RetentionTerm.objects.exclude(alliance=None).exists()


def test_choosing_asks_for_a_fresh_second_step(client: Client, school: School) -> None:
    log_in(client, beheerder(school), "password", "mfa", seconds_ago=24 * 3600)

    answer = client.post(address(school.alliance), {"years": "1", "months": "0", "why": "x"})

    assert answer.status_code == 302
    assert not RetentionTerm.objects.exclude(alliance=None).exists()
