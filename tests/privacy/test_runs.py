"""Proposed by one, approved by another, carried out once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendance.models import Pupil
from cases.models import LogEntry
from tests import factories
from tests.privacy.lives import ABSENCE_GOES, FILE_GOES, NAME, pupil_who_left, with_everything
from tests.privacy.test_destroying import destroyed, run_for
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role
from thuiszitters.privacy.models import DestructionRun, KeptCount, RunItem, Tombstone
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services import destroying
from thuiszitters.privacy.services.destroying import destroy_run
from thuiszitters.privacy.services.due import past_their_term
from thuiszitters.privacy.services.holdings import Part
from thuiszitters.privacy.services.rehearsal import rehearse
from thuiszitters.privacy.services.runs import RunRefusedError, approve, propose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


def test_the_same_person_does_not_approve(school: School) -> None:
    with_everything(pupil_who_left(school), school)
    both = factories.member(Role.FG, school, factories.member(Role.BEHEERDER, school))
    run = propose(holder=Holder(school.pk), by=both, today=FILE_GOES)

    with pytest.raises(RunRefusedError, match="Iemand anders"):
        approve(run=run, by=both)

    run.refresh_from_db()
    assert run.status == DestructionRun.Status.PROPOSED


def test_nothing_happens_without_approval(school: School) -> None:
    with_everything(pupil_who_left(school), school)
    run = propose(holder=Holder(school.pk), by=factories.user(), today=FILE_GOES)

    destroy_run(run.pk, today=FILE_GOES)

    assert LogEntry.objects.exists()
    assert not Tombstone.objects.exists()


def test_who_came_back_between_approval_and_destruction_is_skipped_and_told(school: School) -> None:
    child = pupil_who_left(school)
    with_everything(child, school)
    run = run_for(Holder(school.pk), FILE_GOES)
    factories.enrolment(child, school, first=date(2028, 8, 1))

    destroy_run(run.pk, today=FILE_GOES)

    told = set(RunItem.objects.values_list("status", "why"))
    assert told == {("overgeslagen", "de termijn loopt niet meer: de leerling is er weer")}
    assert LogEntry.objects.exists()
    run.refresh_from_db()
    assert run.status == DestructionRun.Status.DONE


def test_twice_is_once(school: School) -> None:
    with_everything(pupil_who_left(school), school)
    run = destroyed(Holder(school.pk), FILE_GOES)
    DestructionRun.objects.update(status=DestructionRun.Status.APPROVED)

    destroy_run(run.pk, today=FILE_GOES)

    assert Tombstone.objects.count() == 1
    assert KeptCount.objects.get(what="dossiers").amount == 1


def test_a_pupil_that_fails_keeps_nobody_else_and_is_tried_again(
    school: School, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    children = [pupil_who_left(school) for _ in range(2)]
    for child in children:
        with_everything(child, school)
    run = run_for(Holder(school.pk), FILE_GOES)
    whole = destroying.bury

    def bury(part: Part, order: destroying.Order) -> None:
        if part.pupil == children[0]:
            raise RuntimeError(NAME)
        whole(part, order)

    with monkeypatch.context() as patched:
        patched.setattr(destroying, "bury", bury)
        destroy_run(run.pk, today=FILE_GOES)
    run.refresh_from_db()
    assert run.status == DestructionRun.Status.APPROVED
    assert LogEntry.objects.filter(case__pupil=children[0]).exists()
    assert not LogEntry.objects.filter(case__pupil=children[1]).exists()
    assert "RuntimeError" in caplog.text
    assert NAME not in caplog.text

    destroy_run(run.pk, today=FILE_GOES)

    run.refresh_from_db()
    assert run.status == DestructionRun.Status.DONE
    assert not LogEntry.objects.exists()


def test_a_rehearsal_counts_what_it_did_itself(school: School) -> None:
    """Not the pupil and the counts of an earlier destruction."""
    with_everything(pupil_who_left(school), school)
    destroyed(Holder(alliance_id=school.alliance_id), ABSENCE_GOES)
    destroyed(Holder(school.pk), ABSENCE_GOES)
    nobody = rehearse(today=ABSENCE_GOES)
    with_everything(pupil_who_left(school), school)

    one = rehearse(today=ABSENCE_GOES)

    assert (nobody.whole, nobody.kept) == (0, 0)
    assert one.whole == 1
    assert Pupil.objects.count() == 1


def test_one_open_run_at_a_time(school: School) -> None:
    with_everything(pupil_who_left(school), school)
    propose(holder=Holder(school.pk), by=factories.user(), today=FILE_GOES)

    with pytest.raises(RunRefusedError, match="loopt al"):
        propose(holder=Holder(school.pk), by=factories.user(), today=FILE_GOES)


def test_who_is_not_due_costs_no_query(school: School) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            past_their_term([Holder(school.pk)], today=FILE_GOES)
        return len(captured)

    with_everything(pupil_who_left(school), school)
    before = queries()
    for _ in range(5):
        child = pupil_who_left(school, left=date(2028, 7, 31))
        with_everything(child, school)

    assert queries() == before
