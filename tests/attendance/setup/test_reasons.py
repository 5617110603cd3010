"""A school's own codes: what they mean, told before it changes, and the queue of those that nobody knows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from attendance.importing.cells import Row
from attendance.importing.reasons import KnownReasons
from attendance.importing.refusals import RefusedRow
from attendance.listings.reason_table import suggestion_for, words_of
from attendance.models import Absence, Pupil, Reason, RegisterImport, UnknownCode, WaitingRow
from attendance.services.clocks import evaluate_pupil
from attendance.services.reasons import Meaning
from tests import factories
from tests.attendance.setup.conftest import TODAY, Submit, days_at_home
from thuiszitters.accounts.models import School, User

pytestmark = pytest.mark.django_db


def page(school: School, name: str, pk: int | None = None) -> str:
    return reverse(f"attendance:{name}", kwargs={"code": school.code} | ({} if pk is None else {"pk": pk}))


@pytest.fixture
def own(school: School) -> Reason:
    return Reason.objects.create(
        school=school, code="Z9", label="Ziek thuis", maps_to=factories.reason(), authorised=True, sick=True
    )


@pytest.fixture
def pupil(school: School, own: Reason) -> Pupil:
    """At home since 5 January under the school's own code."""
    child = factories.pupil(school)
    factories.absence(child, date(2026, 1, 5))
    Absence.objects.update(reason=own)
    evaluate_pupil(child.pk, today=TODAY, cause="test")
    return child


def test_the_page_says_what_each_code_means_and_how_often_it_is_used(
    school: School, own: Reason, pupil: Pupil, beheerder: User, client: Client
) -> None:
    Reason.objects.create(school=factories.school(), code="X", label="vreemd", maps_to=factories.reason())

    found = client.get(page(school, "reasons")).context

    assert [(line.reason, line.records) for line in found["own"]] == [(own, 1)]
    meanings = {line.reason.code: line.meaning for line in found["commons"]}
    assert meanings["ziek"] == "telt als afwezig, geoorloofd, ziek"
    assert meanings["onbekend"] == "telt als afwezig, nog niet bekend of het geoorloofd is"
    assert meanings["elders"] == "telt niet als afwezig"


def test_another_meaning_is_told_and_counted(school: School, own: Reason, pupil: Pupil, submit: Submit) -> None:
    assert days_at_home(pupil) == 8
    data = {"label": "Stage", "stands_for": "elders"}

    shown: Any = submit(page(school, "reason_change", own.pk), **data)

    own.refresh_from_db()
    assert shown.status_code == 302
    assert (own.label, own.maps_to, days_at_home(pupil)) == ("Stage", factories.reason("elders"), 0)


def test_the_effect_is_told_and_nothing_saved_until_somebody_says_yes(
    school: School, own: Reason, pupil: Pupil, beheerder: User, client: Client
) -> None:
    data = {"label": "Stage", "stands_for": "elders"}

    answer: Any = client.post(page(school, "reason_change", own.pk), data)

    assert answer.context["told"].effect.pupils == 1
    own.refresh_from_db()
    assert (own.label, days_at_home(pupil)) == ("Ziek thuis", 8)
    Reason.objects.filter(pk=own.pk).update(label="door een ander gewijzigd")
    again: Any = client.post(
        page(school, "reason_change", own.pk), data | {"seen": answer.context["told"].seen, "confirmed": "1"}
    )
    assert again.context["told"].again
    assert days_at_home(pupil) == 8


def test_another_name_is_saved_at_once_and_counts_nobody(
    school: School, own: Reason, pupil: Pupil, beheerder: User, client: Client
) -> None:
    answer = client.post(page(school, "reason_change", own.pk), {"label": "Griep", "stands_for": "ziek"})

    own.refresh_from_db()
    assert (answer.status_code, own.label, days_at_home(pupil)) == (302, "Griep", 8)


def test_a_code_is_added_with_a_common_meaning_or_its_own(school: School, beheerder: User, client: Client) -> None:
    add = page(school, "reason_add")
    client.post(add, {"code": " V1 ", "label": "Verlof", "stands_for": "geoorloofd"})
    client.post(
        add, {"code": "K", "label": "Kort", "stands_for": "eigen", "counts": "on", "authorised": "nee", "sick": ""}
    )

    found = {row.code: (row.maps_to, Meaning.of(row)) for row in Reason.objects.filter(school=school)}
    assert found == {
        "V1": (factories.reason("geoorloofd"), Meaning.of(factories.reason("geoorloofd"))),
        "K": (None, Meaning(counts=True, authorised=False, sick=False)),
    }


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"code": "z9", "label": "x", "stands_for": "ziek"}, "De code “z9” is er al"),
        ({"code": "", "label": "x", "stands_for": "ziek"}, "verplicht"),
        ({"code": "A", "label": "x", "stands_for": "eigen"}, "Kies of het geoorloofd is"),
        ({"code": "A", "label": "x", "stands_for": "eigen", "authorised": "ja", "sick": "on"}, "telt als afwezig"),
    ],
)
@pytest.mark.usefixtures("beheerder")
def test_what_cannot_be_is_refused_in_words(
    school: School, own: Reason, client: Client, data: dict[str, str], words: str
) -> None:
    answer = client.post(page(school, "reason_add"), data)

    assert words in answer.content.decode()
    assert list(Reason.objects.filter(school=school)) == [own]


def test_a_code_in_use_is_retired_and_not_removed(
    school: School, own: Reason, pupil: Pupil, beheerder: User, client: Client
) -> None:
    client.post(page(school, "reason_remove", own.pk))
    assert Reason.objects.filter(pk=own.pk).exists()

    client.post(page(school, "reason_retire", own.pk), {"on": "2026-02-01"})
    own.refresh_from_db()
    assert (own.retired_on, days_at_home(pupil)) == (date(2026, 2, 1), 8)
    client.post(page(school, "reason_restore", own.pk))
    own.refresh_from_db()
    assert own.retired_on is None

    Absence.objects.update(reason=factories.reason())
    client.post(page(school, "reason_remove", own.pk))
    assert not Reason.objects.filter(pk=own.pk).exists()


def test_a_common_code_and_that_of_another_school_are_not_reached(
    school: School, beheerder: User, client: Client
) -> None:
    other = Reason.objects.create(school=factories.school(), code="X", label="x", maps_to=factories.reason())

    for row in (factories.reason(), other):
        for name in ("reason_retire", "reason_remove", "reason_restore", "reason_change"):
            assert client.post(page(school, name, row.pk), {"on": "2026-02-01"}).status_code == 404


def test_an_import_knows_from_when_a_code_is_retired(school: School, own: Reason) -> None:
    Reason.objects.filter(pk=own.pk).update(retired_on=date(2026, 2, 1))

    known, row = KnownReasons.read(), Row(2, {"reden": "z9"})

    assert known.of_row(row, [school.pk], date(2026, 1, 31)).pk == own.pk
    with pytest.raises(RefusedRow) as refused:
        known.of_row(row, [school.pk], date(2026, 2, 1))
    assert refused.value.reason == "“Z9” is vervallen per zo 1 feb 2026"


@pytest.mark.parametrize(
    ("meaning", "words"),
    [
        (Meaning(counts=False, authorised=True, sick=False), "telt niet als afwezig"),
        (
            Meaning(counts=True, authorised=False, sick=False, luxury=True),
            "telt als afwezig, ongeoorloofd, luxeverzuim",
        ),
        (
            Meaning(counts=True, authorised=None, sick=False, minutes_required=True),
            "telt als afwezig, nog niet bekend of het geoorloofd is, altijd met minuten",
        ),
    ],
)
def test_a_meaning_in_words(meaning: Meaning, words: str) -> None:
    assert words_of(meaning) == words


# The queue


def waiting(school: School, code: str = "griepje", *days: date) -> UnknownCode:
    row = UnknownCode.objects.create(school=school, key=code.lower(), code=code)
    source = RegisterImport.objects.create(kind="absences", school=school)
    for line, day in enumerate(days):
        child = factories.pupil(school)
        cells = {"leerlingnummer": child.number, "van": day.isoformat(), "tot": day.isoformat(), "reden": code}
        WaitingRow.objects.create(
            unknown_code=row, register_import=source, pupil=child, line=line + 2, cells=cells, first=day, last=day
        )
    return row


def test_the_queue_counts_rows_and_names_no_pupils(school: School, beheerder: User, client: Client) -> None:
    row = waiting(school, "griepje", date(2026, 1, 5), date(2026, 1, 12))
    waiting(factories.school(), "anders", date(2026, 1, 5))

    answer = client.get(page(school, "unknown_codes"))

    (found, _form), *others = answer.context["rows"]
    assert others == []
    assert (found.code, found.rows, found.first, found.last) == (row, 2, date(2026, 1, 5), date(2026, 1, 12))
    assert found.suggestion == factories.reason("ziek")
    assert not any(child.surname in answer.content.decode() for child in Pupil.objects.all())
    assert client.get(reverse("attendance:set_up")).context["found"].codes == [(school, 1)]


def test_a_code_that_is_mapped_lets_its_rows_in(school: School, beheerder: User, client: Client) -> None:
    row = waiting(school, "griepje", date(2026, 1, 5), date(2026, 1, 12))

    assert client.post(page(school, "unknown_code_solve", row.pk), {"means": "ziek"}).status_code == 302

    assert Reason.objects.get(school=school, code="griepje").maps_to == factories.reason("ziek")
    assert sorted(Absence.objects.values_list("first", flat=True)) == [date(2026, 1, 5), date(2026, 1, 12)]
    assert not WaitingRow.objects.exists()
    assert list(client.get(page(school, "unknown_codes")).context["rows"]) == []


def test_a_code_that_says_nothing_is_passed_over(school: School, beheerder: User, client: Client) -> None:
    row = waiting(school, "HV", date(2026, 1, 5))

    client.post(page(school, "unknown_code_solve", row.pk), {"means": ""})
    assert WaitingRow.objects.count() == 1
    client.post(page(school, "unknown_code_solve", row.pk), {"means": "overslaan"})

    assert (WaitingRow.objects.count(), Absence.objects.count(), Reason.objects.filter(school=school).count()) == (
        0,
        0,
        0,
    )
    # A second answer from a page that was open meanwhile does nothing.
    client.post(page(school, "unknown_code_solve", row.pk), {"means": "ziek"})
    assert not Reason.objects.filter(school=school).exists()


def test_a_code_that_rows_wait_for_is_solved_and_not_added(school: School, beheerder: User, client: Client) -> None:
    waiting(school, "griepje", date(2026, 1, 5))

    answer = client.post(page(school, "reason_add"), {"code": "Griepje", "label": "Griep", "stands_for": "ziek"})

    assert "Er wachten rijen met “Griepje”" in answer.content.decode()
    assert not Reason.objects.filter(school=school).exists()


def test_a_code_of_another_school_is_not_there(school: School, beheerder: User, client: Client) -> None:
    other = waiting(factories.school(), "griepje", date(2026, 1, 5))

    assert client.post(page(school, "unknown_code_solve", other.pk), {"means": "ziek"}).status_code == 404


@pytest.mark.parametrize(
    ("code", "common"),
    [("z", "ziek"), ("ziek gemeld", "ziek"), ("te laat", "telaat"), ("tandarts", "geoorloofd"), ("hv", ""), ("", "")],
)
def test_a_code_suggests_what_it_says(code: str, common: str) -> None:
    assert suggestion_for(code) == common
