"""The register page: what is shown, what a save does, and who wins when two people save."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.models import Absence, Group, Reason, RegisterTaken
from tests import factories
from tests.attendance.posted_registers import TODAY, fields_of, records, register_url, said
from thuiszitters.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def group() -> Group:
    return factories.group(factories.school(), "2A")


@pytest.fixture
def mentor(group: Group, client: Client) -> User:
    person = factories.mentor(group)
    client.force_login(person)
    return person


def test_nobody_marked_means_everybody_was_there(group: Group, mentor: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)

    answer = client.post(register_url(group), fields_of(pupil))

    assert answer.status_code == 302
    assert answer["Location"] == register_url(group)
    assert records(pupil) == []
    assert list(RegisterTaken.objects.values_list("group", "day", "taken_by")) == [(group.pk, TODAY, mentor.pk)]


@pytest.mark.parametrize(
    ("marked", "stored"),
    [
        ({"mark": "absent"}, [(TODAY, TODAY, "onbekend", None)]),
        ({"mark": "absent", "reason": "ziek"}, [(TODAY, TODAY, "ziek", None)]),
        ({"mark": "late", "late": 15}, [(TODAY, TODAY, "telaat", 15)]),
        ({"mark": "home", "home": 120}, [(TODAY, TODAY, "ziek", 120)]),
        ({"mark": "home", "home_extent": "afternoon"}, [(TODAY, TODAY, "ziek", 150)]),
        ({"mark": "home", "home_extent": "minutes", "home": 45}, [(TODAY, TODAY, "ziek", 45)]),
        ({"mark": "absent", "extent": "morning", "reason": "geoorloofd"}, [(TODAY, TODAY, "geoorloofd", 150)]),
        ({"mark": "absent", "extent": "minutes", "minutes": 90}, [(TODAY, TODAY, "onbekend", 90)]),
        ({"mark": "absent", "extent": "day", "minutes": 90}, [(TODAY, TODAY, "onbekend", None)]),
    ],
)
def test_a_mark_becomes_a_record_of_that_day(
    marked: dict[str, object], stored: list[object], group: Group, mentor: User, client: Client
) -> None:
    pupil, other = factories.pupil(in_group=group), factories.pupil(in_group=group)

    client.post(register_url(group), fields_of(pupil, **marked) | fields_of(other))  # type: ignore[arg-type]

    assert records(pupil) == stored
    assert records(other) == []


@pytest.mark.parametrize(
    ("marked", "field"),
    [
        ({"mark": "late", "late": ""}, "late"),
        ({"mark": "late", "late": 0}, "late"),
        ({"mark": "home", "home": ""}, "home"),
        ({"mark": "home", "home_extent": "morning"}, "home_extent"),
        ({"mark": "absent", "extent": "minutes", "minutes": ""}, "minutes"),
        ({"mark": "absent", "extent": "minutes", "minutes": 601}, "minutes"),
        ({"mark": "absent", "was": "weg"}, "was"),
        ({"mark": "absent", "reason": ""}, "reason"),
        ({"mark": "absent", "reason": "telaat"}, "reason"),
        ({"mark": "gespijbeld"}, "mark"),
    ],
)
def test_a_mark_that_lacks_something_saves_nothing(
    marked: dict[str, object], field: str, group: Group, mentor: User, client: Client
) -> None:
    pupil = factories.pupil(in_group=group)

    answer = client.post(register_url(group), fields_of(pupil, **marked))  # type: ignore[arg-type]

    assert answer.status_code == 200
    assert list(answer.context["rows"][0].form.errors)[:1] == [field]
    assert RegisterTaken.objects.count() == 0
    assert records(pupil) == []


def test_an_open_absence_stands_ready_and_beter_closes_it(group: Group, mentor: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)
    factories.absence(pupil, date(2026, 1, 12))

    page = client.get(register_url(group))
    line, form = page.context["rows"][0].line, page.context["rows"][0].form
    assert (line.state, line.note) == ("absent:ziek", "ziek sinds ma 12 jan, tot nader bericht")
    assert form["mark"].value() == "absent"
    client.post(register_url(group), fields_of(pupil, was="absent:ziek", mark="present", reason="ziek"))

    assert records(pupil) == [(date(2026, 1, 12), date(2026, 1, 13), "ziek", None)]


def test_saving_again_without_a_change_changes_nothing(group: Group, mentor: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)
    factories.absence(pupil, date(2026, 1, 12))
    sent = fields_of(pupil, was="absent:ziek", mark="absent", reason="ziek")

    client.post(register_url(group), sent)
    client.post(register_url(group), sent)

    assert records(pupil) == [(date(2026, 1, 12), None, "ziek", None)]
    assert Absence.objects.count() == 1


def test_the_second_of_two_people_sees_what_the_first_saved(group: Group, mentor: User, client: Client) -> None:
    """Both opened the page when Sam was there. The first marks Sam ill; the second marks Sam late."""
    pupil = factories.pupil(in_group=group)
    client.post(register_url(group), fields_of(pupil, mark="absent", reason="ziek"))

    answer = client.post(register_url(group), fields_of(pupil, mark="late", late=5))

    row = answer.context["rows"][0]
    assert answer.status_code == 200
    assert said(answer)[-1].startswith("Nog niet opgeslagen. Iemand anders wijzigde intussen")
    assert row.question.text == f"{mentor} wijzigde dit (wo 14 jan, 01:00): eerst aanwezig, nu afwezig, ziek."
    assert (row.question.theirs, row.question.mine) == ("afwezig, ziek", "5 minuten te laat")
    assert (row.form["mark"].value(), row.form["late"].value()) == ("late", "5")
    assert records(pupil) == [(TODAY, TODAY, "ziek", None)]


@pytest.mark.parametrize(
    ("answer", "kept"), [("theirs", (TODAY, TODAY, "ziek", None)), ("mine", (TODAY, TODAY, "telaat", 5))]
)
def test_the_second_chooses_and_then_that_is_saved(
    answer: str, kept: object, group: Group, mentor: User, client: Client
) -> None:
    pupil = factories.pupil(in_group=group)
    client.post(register_url(group), fields_of(pupil, mark="absent", reason="ziek"))

    sent = fields_of(pupil, mark="late", late=5, asked="absent:ziek", answer=answer)
    saved = client.post(register_url(group), sent)

    assert saved.status_code == 302
    assert records(pupil) == [kept]


def test_an_answer_to_what_has_changed_again_is_asked_anew(group: Group, mentor: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)
    factories.absence(pupil, TODAY, TODAY, "geoorloofd")

    sent = fields_of(pupil, mark="late", late=5, asked="absent:ziek", answer="mine")
    asked = client.post(register_url(group), sent)

    assert (asked.status_code, asked.context["rows"][0].question.answer) == (200, "")
    assert records(pupil) == [(TODAY, TODAY, "geoorloofd", None)]


def test_the_same_mark_of_two_people_is_no_question(group: Group, mentor: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)

    for _ in range(2):
        answer = client.post(register_url(group), fields_of(pupil, mark="absent", reason="ziek"))

    assert answer.status_code == 302
    assert records(pupil) == [(TODAY, TODAY, "ziek", None)]


def test_the_import_that_changed_a_pupil_is_named(group: Group, mentor: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)
    factories.absence(pupil, date(2026, 1, 12), entered_by=None)

    answer = client.post(register_url(group), fields_of(pupil, mark="late", late=5))

    assert answer.context["rows"][0].question.text.startswith("Een import of koppeling wijzigde dit (")


def test_a_lesson_that_came_in_between_is_not_swallowed_by_a_whole_day(
    group: Group, mentor: User, client: Client
) -> None:
    pupil = factories.pupil(in_group=group)
    factories.part_of_day(pupil, TODAY, 50, lesson=2)

    answer = client.post(register_url(group), fields_of(pupil, mark="absent", reason="ziek"))

    assert answer.context["rows"][0].question.theirs == "aanwezig, met 1 gemiste les"
    assert records(pupil) == [(TODAY, TODAY, "ongeoorloofd", 50)]


def test_a_pupil_who_came_into_the_class_is_looked_at_first(group: Group, mentor: User, client: Client) -> None:
    seen, new = factories.pupil(in_group=group), factories.pupil(in_group=group)

    answer = client.post(register_url(group), fields_of(seen, mark="absent"))

    assert said(answer)[-1].startswith("Nog niet opgeslagen. Deze klas heeft intussen een leerling erbij")
    assert {row.line.line.pupil: row.told for row in answer.context["rows"]} == {seen: "", new: "Nieuw in deze klas."}
    assert (RegisterTaken.objects.count(), records(seen)) == (0, [])


def test_a_mark_of_a_pupil_who_left_the_class_is_told_of(group: Group, mentor: User, client: Client) -> None:
    here, gone = factories.pupil(in_group=group), factories.pupil(in_group=factories.group(group.school))

    answer = client.post(register_url(group), fields_of(here) | fields_of(gone, mark="absent"))

    assert said(answer)[0].startswith("Niet meer in deze klas, dus niet opgeslagen: 1 ")
    assert records(gone) == []


def test_the_script_is_told_of_a_save_by_an_answer_without_content(group: Group, mentor: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)

    answer = client.post(register_url(group), fields_of(pupil), headers={"X-Requested-With": "fetch"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert "is opgeslagen" in client.get(register_url(group)).content.decode()


def test_a_code_of_the_school_itself_stays_as_it_is(group: Group, mentor: User, client: Client) -> None:
    """An import left its own code; whoever saves the class sees it, and does not have to choose another."""
    own = Reason.objects.create(school=group.school, code="Z+", label="Ziek gemeld", maps_to=factories.reason("ziek"))
    pupil = factories.pupil(in_group=group)
    factories.absence(pupil, TODAY, TODAY)
    Absence.objects.update(reason=own)

    form = client.get(register_url(group)).context["rows"][0].form
    saved = client.post(register_url(group), fields_of(pupil, was="absent:Z+", mark="absent", reason="Z+"))

    assert (form["mark"].value(), form["reason"].value()) == ("absent", "Z+")
    assert ("Z+", "ziek gemeld", "Ziek gemeld") in form.chips
    assert (saved.status_code, records(pupil)) == (302, [(TODAY, TODAY, "Z+", None)])


def test_an_untouched_pupil_is_not_reset_by_an_older_page(group: Group, mentor: User, client: Client) -> None:
    pupil, other = factories.pupil(in_group=group), factories.pupil(in_group=group)
    client.post(register_url(group), fields_of(pupil, mark="absent", reason="ziek") | fields_of(other))

    answer = client.post(register_url(group), fields_of(pupil) | fields_of(other, mark="late", late=5))

    assert said(answer)[-1] == (
        f"Sam: {mentor} wijzigde dit (wo 14 jan, 01:00): eerst aanwezig, nu afwezig, ziek. Dat is zo gebleven."
    )
    assert records(pupil) == [(TODAY, TODAY, "ziek", None)]
    assert records(other) == [(TODAY, TODAY, "telaat", 5)]


def test_a_save_says_which_signal_it_caused(group: Group, mentor: User, client: Client) -> None:
    """Tuesday 6 to Wednesday 14 January are seven school days."""
    pupil = factories.pupil(in_group=group)
    factories.absence(pupil, date(2026, 1, 6), date(2026, 1, 13))

    answer = client.post(register_url(group), fields_of(pupil, mark="absent", reason="ziek"))

    assert said(answer) == [
        "2A van woensdag 14 januari is opgeslagen: 1 niet de hele dag aanwezig.",
        "Sam is nu 7 schooldagen achter elkaar ziek. De mentor ziet dit bij Vandaag.",
    ]


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 1, 15), "Deze dag moet nog komen"),
        (date(2026, 1, 11), "weekend"),
        (date(2025, 12, 23), "Kerstvakantie"),
    ],
)
def test_a_day_without_a_register_is_explained_and_cannot_be_saved(
    day: date, text: str, group: Group, mentor: User, client: Client
) -> None:
    pupil = factories.pupil(in_group=group)

    page = client.get(register_url(group, day))
    client.post(register_url(group, day), fields_of(pupil, mark="absent"))

    assert text in page.content.decode()
    assert "Sla klas op" not in page.content.decode()
    assert RegisterTaken.objects.count() == 0
    assert records(pupil) == []


@pytest.mark.parametrize("day", ["2024-12-01", "0001-01-01", "2026-13-01"])
def test_a_day_too_long_ago_or_no_day_at_all_is_not_there(day: str, group: Group, mentor: User, client: Client) -> None:
    assert client.get(f"/verzuim/klas/{group.code}/{day}/").status_code == 404


def test_the_list_links_to_the_days_not_filled_in(group: Group, mentor: User, client: Client) -> None:
    """The school's data is complete up to and including Friday 9 January; Tuesday was filled in."""
    factories.pupil(in_group=group)
    type(group.school).objects.filter(pk=group.school_id).update(complete_through=date(2026, 1, 9))
    RegisterTaken.objects.create(group=group, day=date(2026, 1, 13), taken_by=mentor)

    rows = client.get(reverse("attendance:registers_to_take")).context["groups"]

    assert [(row.group.name, row.pupils, row.missing) for row in rows] == [("2A", 1, (TODAY, date(2026, 1, 12)))]


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_register_takes_the_same_queries_for_1_and_3_pupils(group: Group, mentor: User, client: Client) -> None:
    factories.absence(factories.pupil(in_group=group), date(2026, 1, 12))
    one = queries(client, register_url(group))
    for _ in range(2):
        factories.absence(factories.pupil(in_group=group), date(2026, 1, 12))

    assert queries(client, register_url(group)) == one
    assert one <= 16


def test_the_list_takes_the_same_queries_for_1_and_3_classes(group: Group, mentor: User, client: Client) -> None:
    url = reverse("attendance:registers_to_take")
    factories.pupil(in_group=group)
    one = queries(client, url)
    for _ in range(2):
        other = factories.group(group.school)
        factories.pupil(in_group=other)
        other.mentors.create(user=mentor, first=factories.SCHOOL_YEAR)

    assert len(client.get(url).context["groups"]) == 3
    assert queries(client, url) == one
    assert one <= 15
