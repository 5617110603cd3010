"""The pages of timetables, enrolments and exemptions: what is told before saving, what is saved, and who sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from attendance.models import ArrangementChange, Crossing, Enrolment, Exemption, OwnTimetable, Pupil
from attendance.services.clocks import evaluate_pupil
from cases.models import Case, CaseHandOver, Signal
from cases.services.answers import answer_signal
from cases.services.cases import open_case
from tables.models import TableEntry
from tables.services.proposals import follow_up as propose_for_the_table
from tests import factories
from tests.attendance.office_pages import Pages
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 9)
MONDAY = date(2026, 1, 12)


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(complete_through=date(2026, 2, 6), alliance=factories.alliance())


@pytest.fixture
def other(school: School) -> School:
    return factories.school(complete_through=date(2026, 2, 6), alliance=school.alliance)


@pytest.fixture
def office(school: School, client: Client) -> User:
    person = factories.member(Role.ADMINISTRATIE, school)
    client.force_login(person)
    return person


@pytest.fixture
def pupil(school: School) -> Pupil:
    return factories.pupil(in_group=factories.group(school, "1A"))


@pytest.fixture
def pages(client: Client, office: User) -> Pages:
    return Pages(client)


def timetable(**fields: object) -> dict[str, Any]:
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), 150)
    data: dict[str, object] = {
        "kind": "aangepast",
        "first": "2026-01-12",
        "last": "2026-03-31",
        "agreed_by": ["ouders", "school"],
        "agreed_on": "2026-01-09",
        "reason": "bouwt de uren op",
    }
    return data | week | fields


def exemption(**fields: object) -> dict[str, Any]:
    return {"kind": "5 onder a", "first": "2026-01-12", "last": "", "decided_by": "leerplicht"} | fields


# Before saving


def test_the_effect_is_told_and_nothing_is_written(pages: Pages, pupil: Pupil) -> None:
    factories.absence(pupil, MONDAY, None, "geoorloofd")
    evaluate_pupil(pupil.pk, today=TODAY, cause="begin")
    before = list(Crossing.objects.order_by("pk").values())

    page = pages.ask("exemption_add", pupil.code, **exemption())

    assert "Dit trekt het signaal “2 weken thuis” van vr 23 jan in." in page
    assert "Sla vrijstelling op" in page
    assert (Exemption.objects.count(), ArrangementChange.objects.count()) == (0, 0)
    assert list(Crossing.objects.order_by("pk").values()) == before


def test_a_timetable_is_told_in_minutes_and_share(pages: Pages, pupil: Pupil) -> None:
    page = pages.ask("timetable_add", pupil.code, **timetable(last="", agreed_by=["school"]))

    assert "Dat is 50 % van het rooster van de school." in page
    assert "Het rooster loopt tot en met vr 31 jul 2026" in page
    assert "De ouders staan er niet bij." in page
    assert "Sam passeert hierdoor op ma 12 jan “structureel afwezig”." in page
    assert not OwnTimetable.objects.exists()


def test_with_the_parents_and_a_whole_week_there_is_nothing_to_warn_of(pages: Pages, pupil: Pupil) -> None:
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), 300)

    page = pages.ask("timetable_add", pupil.code, **timetable(**week))

    assert "message-warning" not in page
    assert "Dat is 100 % van het rooster van de school." in page


def test_back_shows_the_form_again(pages: Pages, pupil: Pupil) -> None:
    page = pages.ask("timetable_add", pupil.code, **timetable(back="1"))

    assert 'value="bouwt de uren op"' in page
    assert "Klopt dit?" not in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"last": "2026-08-01"}, "hoogstens tot en met vr 31 jul 2026"),
        ({"last": "2026-01-11"}, "De laatste dag ligt vóór de eerste dag."),
        ({"first": "2025-07-01", "last": "2025-07-31"}, "niet ingeschreven op jouw school"),
        ({"first": "2027-06-01", "last": ""}, "meer dan een jaar vooruit"),
        ({"agreed_by": []}, "Kies met wie dit is afgesproken."),
        ({"agreed_on": "2026-02-10"}, "Deze dag moet nog komen."),
        ({"monday": "-1"}, "Vul 0 of meer minuten in."),
        ({"monday": "601"}, "Vul hoogstens 600 minuten in."),
        ({"reason": ""}, "Schrijf in een paar woorden waarom."),
    ],
)
def test_a_timetable_that_cannot_be_says_what_to_do(
    pages: Pages, pupil: Pupil, fields: dict[str, object], words: str
) -> None:
    for confirmed in ({}, {"confirmed": "1"}):
        assert words in pages.ask("timetable_add", pupil.code, **timetable(**fields), **confirmed)
    assert not OwnTimetable.objects.exists()


def test_31_july_itself_is_accepted(pages: Pages, pupil: Pupil) -> None:
    pages.save("timetable_add", pupil.code, **timetable(last="2026-07-31"))

    assert pupil.timetables.get().last == date(2026, 7, 31)


def test_an_overlap_is_told_before_saving(pages: Pages, pupil: Pupil) -> None:
    factories.own_timetable(pupil, (0, 0, 0, 0, 0), date(2026, 3, 31))

    page = pages.ask("timetable_add", pupil.code, **timetable())

    assert (
        "Een eigen rooster ma 12 jan t/m di 31 mrt overlapt met wat er al staat: eigen rooster sinds di 31 mrt" in page
    )


# Saving


def test_a_timetable_from_agreement_to_mistake(pages: Pages, pupil: Pupil, office: User) -> None:
    for _ in range(2):
        pages.save("timetable_add", pupil.code, **timetable())
    row = pupil.timetables.get()
    assert (row.agreed_by, row.reason) == ("ouders, school", "bouwt de uren op")

    pages.save("timetable_change", row.code, **timetable(monday=300), why="maandag lukt al")
    pages.save("timetable_end", row.code, last="2026-02-13", why="het gaat goed")
    pages.save("timetable_remove", row.code, why="verkeerde leerling")

    assert not OwnTimetable.objects.exists()
    assert list(ArrangementChange.objects.order_by("pk").values_list("what", "why", "by")) == [
        ("gemaakt", "", office.pk),
        ("gewijzigd", "maandag lukt al", office.pk),
        ("beeindigd", "het gaat goed", office.pk),
        ("verwijderd", "verkeerde leerling", office.pk),
    ]
    page = pages.get("arrangements", pupil.code)
    assert "Waarom: verkeerde leerling" in page
    assert "150 150 150 150 150" in page


def test_an_exemption_from_a_file_keeps_its_words_until_somebody_chooses(pages: Pages, pupil: Pupil) -> None:
    row = Exemption.objects.create(pupil=pupil, first=MONDAY, kind="5a")
    assert "Dit kan “5 onder a” zijn of “artikel 5a”." in pages.get("arrangements", pupil.code)
    assert "“5a”, zoals het in het bestand stond" in pages.get("exemption_change", row.code)

    pages.save("exemption_change", row.code, **exemption(kind="5a"), why="bron erbij")
    row.refresh_from_db()
    assert (row.kind, row.decided_by) == ("5a", "leerplicht")

    pages.save("exemption_change", row.code, **exemption(kind="artikel 5a"), why="nagevraagd")
    pages.save("exemption_end", row.code, last="2026-02-13", why="woont weer vast")
    row.refresh_from_db()
    assert (row.kind, row.last) == ("artikel 5a", date(2026, 2, 13))
    assert "Artikel 5a: trekkend bestaan" in pages.get("arrangements", pupil.code)
    pages.save("exemption_remove", row.code, why="vergissing")
    assert not Exemption.objects.exists()


def test_a_kind_that_is_not_in_the_list_cannot_be_made_up(pages: Pages, pupil: Pupil) -> None:
    assert "Dit klopt nog niet" in pages.ask("exemption_add", pupil.code, **exemption(kind="11 onder d"))


def test_a_class_and_the_dates_of_an_enrolment(pages: Pages, pupil: Pupil, school: School) -> None:
    row, new = pupil.enrolments.get(), factories.group(school, "1B")

    pages.save("enrolment_class", row.code, group=new.code, since="2026-01-12")
    pages.save("enrolment_correct", row.code, first="2025-09-01", last="", leaving_reason="", why="later begonnen")

    row.refresh_from_db()
    assert (row.group, row.first) == (new, date(2025, 9, 1))
    page = pages.get("arrangements", pupil.code)
    assert "Waarom: later begonnen" in page
    assert "1A" in page


def test_a_class_of_another_school_cannot_be_chosen(pages: Pages, pupil: Pupil, other: School) -> None:
    group = factories.group(other)

    page = pages.ask("enrolment_class", pupil.enrolments.get().code, group=group.code, since="2026-01-12")

    assert "Deze keuze bestaat niet meer." in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"leaving_reason": ""}, "Kies waarom de leerling vertrekt."),
        ({"leaving_reason": "diploma"}, "gaat een leerling niet naar een andere school"),
        ({"to_first": "2026-01-11"}, "Deze dag ligt niet na de laatste dag hier."),
        ({"to": ""}, "Kies de nieuwe school, of laat de eerste dag daar leeg."),
        ({"last": "2025-07-31", "to_first": ""}, "De laatste dag ligt vóór de eerste."),
    ],
)
def test_leaving_that_cannot_be_says_what_to_do(
    pages: Pages, pupil: Pupil, other: School, fields: dict[str, object], words: str
) -> None:
    data = {
        "last": "2026-01-11",
        "leaving_reason": "andere_school",
        "to": other.code,
        "to_first": "2026-01-12",
    } | fields

    assert words in pages.ask("enrolment_leave", pupil.enrolments.get().code, **data)


def test_a_pupil_cannot_be_sent_out_of_the_alliance(pages: Pages, pupil: Pupil) -> None:
    far = factories.school(alliance=factories.alliance())
    data = {"last": "2026-01-11", "leaving_reason": "andere_school", "to": far.code, "to_first": ""}

    assert "Deze keuze bestaat niet meer." in pages.ask("enrolment_leave", pupil.enrolments.get().code, **data)


# The chain


@pytest.mark.parametrize("first", ["2026-01-12", "2025-09-01"])
@pytest.mark.parametrize("minutes", [299, 300])
def test_fewer_minutes_than_the_school_ask_the_coo_for_the_table(
    pages: Pages, pupil: Pupil, school: School, minutes: int, first: str
) -> None:
    """Also when the timetable began long before somebody entered it. Who takes it up opens the proposal."""
    is_proposed = minutes < 300
    coo = factories.member(Role.COO, school)
    week = dict.fromkeys(("tuesday", "wednesday", "thursday", "friday"), 300)

    pages.save("timetable_add", pupil.code, **timetable(first=first, monday=minutes, **week))

    signals = list(Signal.objects.unanswered().filter(pupil=pupil, audience=Role.COO))
    assert [signal.crossing.rule for signal in signals] == (["structureel"] if is_proposed else [])
    for signal in signals:
        answer_signal(signal=signal, answer=Signal.Answer.CASE, by=coo, today=TODAY)
        propose_for_the_table(TODAY)
    entries = TableEntry.objects.filter(case__pupil=pupil).values_list("proposed_phase", "placed_at")
    assert list(entries) == ([("dreigend", None)] if is_proposed else [])


def test_fewer_minutes_propose_a_pupil_with_an_open_case_at_once(pages: Pages, pupil: Pupil, school: School) -> None:
    factories.member(Role.COO, school)
    open_case(pupil=pupil, today=TODAY)

    pages.save("timetable_add", pupil.code, **timetable())

    assert TableEntry.objects.get(case__pupil=pupil).proposed_phase == "dreigend"


def test_a_move_offers_the_open_case_to_the_next_school(
    pages: Pages, pupil: Pupil, school: School, other: School, client: Client
) -> None:
    factories.member(Role.COO, school)
    factories.member(Role.COO, other)
    factories.absence(pupil, MONDAY, None, "geoorloofd")
    evaluate_pupil(pupil.pk, today=TODAY, cause="begin")
    case = Case.objects.get(pupil=pupil)
    row = pupil.enrolments.get()

    data = {"last": "2026-02-08", "leaving_reason": "andere_school", "to": other.code, "to_first": "2026-02-09"}
    assert f"Vanaf ma 9 feb is Sam ingeschreven op {other}." in pages.ask("enrolment_leave", row.code, **data)
    for _ in range(2):
        pages.save("enrolment_leave", row.code, **data)

    offer = CaseHandOver.objects.get(case=case)
    assert (offer.from_school, offer.to_school, offer.accepted_at) == (school, other, None)
    assert Enrolment.objects.filter(pupil=pupil).count() == 2


def test_each_school_sees_its_own_time(
    pages: Pages, pupil: Pupil, school: School, other: School, client: Client
) -> None:
    pages.save("timetable_add", pupil.code, **timetable())
    row = pupil.enrolments.get()
    data = {"last": "2026-01-30", "leaving_reason": "andere_school", "to": other.code, "to_first": "2026-01-31"}
    pages.save("enrolment_leave", row.code, **data)
    timetable_code = pupil.timetables.get().code

    page = pages.get("arrangements", pupil.code)
    assert "ma 12 jan t/m vr 30 jan" in page
    assert (other.name in page, "di 31 mrt" in page, "Maak eigen rooster" in page) == (False, False, False)
    for name, code in (
        ("timetable_add", pupil.code),
        ("timetable_end", timetable_code),
        ("exemption_add", pupil.code),
        ("enrolment_class", row.code),
        ("enrolment_leave", pupil.enrolments.get(school=other).code),
    ):
        assert client.get(reverse(f"attendance:{name}", kwargs={"code": code})).status_code == 404

    client.force_login(factories.member(Role.ADMINISTRATIE, other))
    page = pages.get("arrangements", pupil.code)
    assert (school.name in page, "ma 12 jan t/m di 31 mrt" in page, "Maak eigen rooster" in page) == (False, True, True)
    pages.save("timetable_end", timetable_code, last="2026-02-13", why="anders geregeld")
    assert client.get(reverse("attendance:enrolment_leave", kwargs={"code": row.code})).status_code == 404


def test_an_enrolment_elsewhere_in_the_way_is_not_told_by_name(
    pages: Pages, pupil: Pupil, school: School, other: School
) -> None:
    row = pupil.enrolments.get()
    Enrolment.objects.filter(pk=row.pk).update(last=date(2026, 1, 11))
    factories.enrolment(pupil, other, first=MONDAY)

    page = pages.ask(
        "enrolment_correct", row.code, first="2025-08-01", last="2026-01-12", leaving_reason="overig", why="x"
    )

    assert "staat in deze tijd ingeschreven op een andere school" in page
    assert other.name not in page


def test_a_school_of_enrolment_moves_the_place_and_the_place_chooses_the_class(
    pages: Pages, pupil: Pupil, school: School, other: School, client: Client
) -> None:
    row = pupil.enrolments.get()
    pages.save("enrolment_place", row.code, place=other.code, since="2026-01-12")
    there = pupil.enrolments.get(place=other)
    assert (there.school, there.first, there.group) == (school, MONDAY, None)
    assert client.get(reverse("attendance:enrolment_class", kwargs={"code": there.code})).status_code == 404

    client.force_login(factories.member(Role.COO, other))
    group = factories.group(other)
    pages.save("enrolment_class", there.code, group=group.code, since="2026-01-12")
    there.refresh_from_db()
    assert there.group == group
    assert client.get(reverse("attendance:enrolment_leave", kwargs={"code": there.code})).status_code == 404


# Reading


def test_opening_is_logged_and_the_rest_only_looks(pages: Pages, pupil: Pupil, school: School, client: Client) -> None:
    for role, may in ((Role.COO, True), (Role.ZORGCOACH, False), (Role.SCHOOLLEIDER, False)):
        client.force_login(factories.member(role, school))
        page = pages.get("arrangements", pupil.code)
        assert ("Maak eigen rooster" in page, "Verbeter de datums" in page) == (may, may)
    assert Entry.objects.filter(subject=pupil.code, what="rooster en inschrijving").count() == 3


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_page_asks_the_same_number_of_questions(
    pages: Pages, pupil: Pupil, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(number):
        day = MONDAY + timedelta(days=n)
        factories.own_timetable(pupil, (1, 2, 3, 4, 5), day, day)
        factories.exemption(pupil, day, day)
        ArrangementChange.objects.create(
            pupil=pupil, about="rooster", what="gewijzigd", subject=pupil.code, first=day, last=day, was={"van": "x"}
        )

    with django_assert_max_num_queries(32):
        pages.get("arrangements", pupil.code)
