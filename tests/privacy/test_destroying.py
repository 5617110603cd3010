"""What goes, what stays, and what is left of it."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core import serializers

from attendance.models import Absence, Crossing, Enrolment, GroupAbsence, Pupil
from cases.models import Case, LogEntry, Meeting, MeetingCase, Report
from tables.models import TableEntry
from tests import factories
from tests.privacy import lives
from tests.privacy.lives import ABSENCE_GOES, FILE_GOES, LEFT, NAME, TABLE_GOES, pupil_who_left, with_everything
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.models import Entry
from thuiszitters.privacy.data_classes import BY_SCHOOL, Block, DataClass
from thuiszitters.privacy.data_map import GOES_WITH, HELD, LAST_OUT
from thuiszitters.privacy.models import DestructionRun, KeptCount, LegalHold, PrivacyRequest, RetentionTerm, Tombstone
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services.destroying import destroy_run
from thuiszitters.privacy.services.due import past_their_term
from thuiszitters.privacy.services.runs import approve, propose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


def run_for(holder: Holder, today: date) -> DestructionRun:
    """Proposed and approved, not carried out."""
    run = propose(holder=holder, by=factories.user(), today=today)
    approve(run=run, by=factories.user())
    return run


def destroyed(holder: Holder, today: date) -> DestructionRun:
    run = run_for(holder, today)
    destroy_run(run.pk, today=today)
    run.refresh_from_db()
    return run


def everything_stored() -> str:
    """Every row of every table, as text."""
    return "".join(
        serializers.serialize("json", model._base_manager.all()) for model in apps.get_models(include_auto_created=True)
    )


def due(school: School, today: date) -> dict[DataClass, date]:
    return {part.data_class: part.due_on for part in past_their_term([Holder(school.pk)], today=today)}


def test_the_test_has_a_row_of_every_table_about_a_pupil(school: School) -> None:
    """Or the tests below would say nothing of it."""
    with_everything(pupil_who_left(school), school)
    about_pupils = {entry.model for entry in HELD} | set(GOES_WITH) | set(LAST_OUT)

    empty = {name for name in about_pupils if not apps.get_model(name)._base_manager.exists()}
    assert empty == {"privacy.LegalHold", "attendance.PushedAbsence"}


def test_each_class_goes_on_its_own_day(school: School) -> None:
    with_everything(pupil_who_left(school), school)
    holder, alliance = Holder(school.pk), Holder(alliance_id=school.alliance_id)

    assert due(school, date(2028, 7, 31)) == {}
    assert due(school, FILE_GOES) == {DataClass.FILE: FILE_GOES}
    assert past_their_term([alliance], today=date(2029, 3, 10)) == []
    assert [part.due_on for part in past_their_term([alliance], today=TABLE_GOES)] == [TABLE_GOES]
    assert set(due(school, date(2031, 7, 31))) == {DataClass.FILE}
    assert set(due(school, ABSENCE_GOES)) == set(BY_SCHOOL)
    assert holder.alliance_id is None


def test_the_file_goes_and_what_has_a_longer_term_stays(school: School) -> None:
    case = with_everything(pupil_who_left(school), school)

    destroyed(Holder(school.pk), FILE_GOES)

    case.refresh_from_db()
    assert case.emptied_at is not None
    assert NAME not in serializers.serialize("json", [case])
    assert not LogEntry.objects.exists()
    assert not Meeting.objects.exists()
    assert list(Report.objects.values_list("status", flat=True)) == ["afgesloten"]
    assert TableEntry.objects.get().placed_at is not None
    assert Absence.objects.exists()
    assert due(school, FILE_GOES) == {}


@pytest.mark.parametrize(
    ("answered", "goes"),
    [
        (date(2026, 3, 2), FILE_GOES),  # before the pupil left: with the file
        (LEFT, FILE_GOES),
        (date(2029, 11, 5), date(2031, 11, 6)),  # long after: two years after the answer, and not at once
    ],
)
def test_a_request_stays_two_years_after_its_answer(school: School, answered: date, goes: date) -> None:
    child = pupil_who_left(school)
    with_everything(child, school)
    Report.objects.all().delete()
    PrivacyRequest.objects.update(received_on=answered, answered_at=lives.moment(answered))
    with_everything(pupil_who_left(school), school)  # whose request says nothing of this one

    def of_child(today: date) -> set[DataClass]:
        return {part.data_class for part in past_their_term([Holder(school.pk)], today=today) if part.pupil == child}

    before = of_child(goes - timedelta(days=1))
    assert DataClass.REQUEST not in before
    assert DataClass.ENROLMENT not in before
    assert DataClass.REQUEST in of_child(goes)
    assert DataClass.ENROLMENT in of_child(max(goes, ABSENCE_GOES))


@pytest.mark.parametrize(("data_class", "goes"), [(DataClass.FILE, date(2034, 8, 1)), (DataClass.REPORT, ABSENCE_GOES)])
def test_a_request_stays_as_long_as_what_it_is_about(school: School, data_class: DataClass, goes: date) -> None:
    """What the parents say of a file or of a report is not gone before it, also when an alliance keeps it longer."""
    with_everything(pupil_who_left(school), school)
    if data_class == DataClass.FILE:
        Report.objects.all().delete()
        norm = RetentionTerm.objects.get(data_class=data_class)
        RetentionTerm.objects.create(
            alliance=school.alliance,
            data_class=data_class,
            years=8,
            start_event=norm.start_event,
            source="klachten",
            valid_from=LEFT,
        )

    assert {data_class, DataClass.REQUEST} & set(due(school, goes - timedelta(days=1))) == set()
    assert {key: day for key, day in due(school, goes).items() if key in {data_class, DataClass.REQUEST}} == {
        data_class: goes,
        DataClass.REQUEST: goes,
    }


def test_the_table_takes_the_empty_case_with_it(school: School) -> None:
    with_everything(pupil_who_left(school), school)
    destroyed(Holder(school.pk), FILE_GOES)

    destroyed(Holder(alliance_id=school.alliance_id), TABLE_GOES)

    assert not TableEntry.objects.exists()
    assert not Case.objects.exists()
    assert Report.objects.exists()


@pytest.mark.parametrize("at_once", [False, True])
def test_in_the_end_nothing_in_the_database_tells_who_it_was(school: School, *, at_once: bool) -> None:
    child = pupil_who_left(school, first_name="Quirijn")
    with_everything(child, school)
    alliance = Holder(alliance_id=school.alliance_id)

    if not at_once:
        destroyed(Holder(school.pk), FILE_GOES)
    destroyed(alliance, ABSENCE_GOES)
    destroyed(Holder(school.pk), ABSENCE_GOES)

    assert not lives.stays(child)
    text = everything_stored()
    for told in (NAME, NAME.lower(), "Quirijn", child.number, "2013-05-14"):
        assert f'"{told}"' not in text
        assert told == child.number or told not in text
    about_pupils = {entry.model for entry in HELD} | set(GOES_WITH) | set(LAST_OUT)
    assert {name for name in about_pupils if apps.get_model(name)._base_manager.exists()} == set()
    assert set(Tombstone.objects.values_list("whole", "data_class")) >= {(True, "inschrijving"), (False, "tafel")}


def test_the_school_first_and_the_table_last_ends_the_same(school: School) -> None:
    child = pupil_who_left(school)
    with_everything(child, school)

    destroyed(Holder(school.pk), ABSENCE_GOES)
    assert lives.stays(child)
    destroyed(Holder(alliance_id=school.alliance_id), ABSENCE_GOES)

    assert not lives.stays(child)


def test_each_school_has_its_own_clock(school: School) -> None:
    """Moving on restarts nothing at the school that was left, and takes nothing away at the new one."""
    child = pupil_who_left(school)
    with_everything(child, school)
    new = factories.school()
    factories.enrolment(child, new, first=date(2026, 8, 1))
    factories.absence(child, date(2026, 11, 2), date(2026, 11, 3))

    destroyed(Holder(alliance_id=school.alliance_id), ABSENCE_GOES)
    destroyed(Holder(school.pk), ABSENCE_GOES)

    assert [row.school for row in Enrolment.objects.all()] == [new]
    assert [row.first for row in Absence.objects.all()] == [date(2026, 11, 2)]
    assert not Case.objects.exists()
    assert due(new, date(2050, 1, 1)) == {}


def test_back_at_the_same_school_the_clock_follows_the_last_leaving(school: School) -> None:
    child = pupil_who_left(school)
    with_everything(child, school)
    back = factories.enrolment(child, school, first=date(2027, 8, 1))

    assert due(school, date(2040, 1, 1)) == {}
    Enrolment.objects.filter(pk=back.pk).update(last=date(2029, 7, 31))
    assert due(school, date(2031, 7, 31)) == {}
    assert due(school, date(2031, 8, 1)) == {DataClass.FILE: date(2031, 8, 1)}


def test_of_who_died_the_terms_are_the_same(school: School) -> None:
    child = pupil_who_left(school)
    Enrolment.objects.filter(pupil=child).update(leaving_reason="overleden")
    with_everything(child, school)

    assert due(school, FILE_GOES) == {DataClass.FILE: FILE_GOES}


def test_rows_shared_with_others_stay_theirs(school: School) -> None:
    """A talk and an absence about two pupils, of whom one left."""
    by = factories.member(Role.COO, school)
    gone, here = pupil_who_left(school), factories.pupil(school)
    with_everything(gone, school, by)
    others = Case.objects.create(pupil=here, school=school, school_of_enrolment=school, opened_on=LEFT)
    MeetingCase.objects.create(meeting=Meeting.objects.get(), case=others)
    factories.absence(here, date(2026, 3, 2), date(2026, 3, 2), group_absence=GroupAbsence.objects.get())

    destroyed(Holder(alliance_id=school.alliance_id), ABSENCE_GOES)
    destroyed(Holder(school.pk), ABSENCE_GOES)

    assert [row.case for row in Meeting.objects.get().agenda.all()] == [others]
    assert [row.pupil for row in GroupAbsence.objects.get().records.all()] == [here]
    assert list(Pupil.objects.all()) == [here]


def test_a_signal_of_the_next_school_keeps_the_absence_it_began_with(school: School) -> None:
    """At home in June at one school and in September at the next: the case is of the next."""
    child = pupil_who_left(school)
    new = factories.school()
    factories.enrolment(child, new, first=date(2026, 8, 1))
    factories.absence(child, date(2026, 6, 1), date(2026, 7, 10))
    factories.absence(child, date(2026, 3, 2), date(2026, 3, 3))
    lives.closed_case(child, new, factories.user(), date(2026, 9, 7))
    Crossing.objects.update(start=date(2026, 6, 1), crossed_on=date(2026, 9, 7))

    destroyed(Holder(school.pk), ABSENCE_GOES)

    assert [row.first for row in Absence.objects.all()] == [date(2026, 6, 1)]


def test_tombstones_tell_what_and_not_who(school: School) -> None:
    child = pupil_who_left(school)
    with_everything(child, school)

    run = destroyed(Holder(school.pk), FILE_GOES)

    stone = Tombstone.objects.get(data_class="dossier")
    assert (stone.data_class, stone.school, stone.through, stone.run) == ("dossier", school, LEFT, run)
    assert stone.short == child.code.hex[:8]
    assert stone.term == "2 jaar nadat de leerling is uitgeschreven"
    assert stone.rows["dossiers"] == 1
    text = serializers.serialize("json", [stone])
    assert not [told for told in (NAME, child.number, "2013", child.code.hex, str(child.code)) if told in text]


def test_counts_stay(school: School) -> None:
    for _ in range(2):
        child = pupil_who_left(school)
        with_everything(child, school)

    destroyed(Holder(alliance_id=school.alliance_id), ABSENCE_GOES)
    destroyed(Holder(school.pk), ABSENCE_GOES)

    kept = {(row.school_year, row.what): row.amount for row in KeptCount.objects.filter(school=school)}
    assert kept == {
        (2025, "leerlingen"): 2,
        (2025, "verzuim"): 2,
        (2025, "dossiers"): 2,
        (2025, "meldingen"): 2,
        (2025, "op_tafel"): 2,
        (2025, "regel:thuis-2w"): 2,
    }


def test_the_log_tells_each_step_and_stays(school: School) -> None:
    child = pupil_who_left(school)
    with_everything(child, school)

    run = destroyed(Holder(school.pk), FILE_GOES)

    told = Entry.objects.filter(kind="vernietiging").order_by("pk")
    assert [entry.what for entry in told] == [
        "vernietiging voorgesteld",
        "vernietiging akkoord",
        "dossier",
        "vernietiging klaar",
    ]
    of_pupil = told.get(subject=child.code, what="dossier")
    assert of_pupil.actor == run.approved_by.code if run.approved_by else None
    assert NAME not in json.dumps(of_pupil.detail)


def test_the_years_before_follow_when_the_first_school_is_forgotten(school: School) -> None:
    """Three school years known from a file, one here: the end of the leerplicht stays the same."""
    child = pupil_who_left(school, years_before=3)
    factories.enrolment(child, factories.school(), first=date(2026, 8, 1))

    destroyed(Holder(school.pk), ABSENCE_GOES)

    child.refresh_from_db()
    assert child.years_before == 4


def test_an_open_request_of_the_parents_keeps_everything(school: School) -> None:
    """What they asked to see must be there when they get to see it."""
    with_everything(pupil_who_left(school), school)
    PrivacyRequest.objects.update(answered_at=None, answered_by=None, decision="")

    parts = past_their_term([Holder(school.pk)], today=ABSENCE_GOES)

    assert parts
    assert {tuple(part.blocks) for part in parts} == {(Block.OPEN_REQUEST,)}


def test_a_hold_keeps_everything_until_it_is_lifted_or_over(school: School) -> None:
    child = pupil_who_left(school)
    with_everything(child, school)
    hold = LegalHold.objects.create(pupil=child, school=school, reason="klacht", set_by=factories.user())

    def blocks() -> set[Block]:
        return {block for part in past_their_term([Holder(school.pk)], today=FILE_GOES) for block in part.blocks}

    assert blocks() == {Block.HOLD}
    LegalHold.objects.filter(pk=hold.pk).update(until=FILE_GOES)
    assert blocks() == {Block.HOLD}
    LegalHold.objects.filter(pk=hold.pk).update(until=date(2028, 7, 31))
    assert blocks() == set()
