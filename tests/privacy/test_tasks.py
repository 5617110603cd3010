"""What runs by itself."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.contrib.sessions.models import Session
from django.utils import timezone

from attendance.models import AccessRequest
from cases.models import LogEntry
from tests import factories
from tests.privacy.lives import FILE_GOES, pupil_who_left, with_everything
from tests.privacy.test_destroying import run_for
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.audit.services.recording import record
from thuiszitters.audit.services.sealing import seal_waiting
from thuiszitters.privacy import tasks
from thuiszitters.privacy.models import DestructionRun
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services.destroying import destroy_run
from thuiszitters.privacy.services.ledger import FILE_NAME
from thuiszitters.privacy.tasks import forget, sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


def test_a_run_whose_job_was_lost_is_carried_out_by_the_sweep(school: School, ledger_dir: Path) -> None:
    with_everything(pupil_who_left(school), school)
    run = run_for(Holder(school.pk), FILE_GOES)

    with time_machine.travel(FILE_GOES, tick=False):
        sweep()

    run.refresh_from_db()
    assert run.status == DestructionRun.Status.DONE
    assert not LogEntry.objects.exists()
    assert (ledger_dir / FILE_NAME).read_text().count("\n") == 1


def test_what_was_destroyed_is_written_down_although_the_sweep_breaks_off(
    school: School, ledger_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_everything(pupil_who_left(school), school)
    run_for(Holder(school.pk), FILE_GOES)
    whole = destroy_run

    def and_breaks(run_id: int, *, today: date) -> None:
        whole(run_id, today=today)
        raise RuntimeError

    monkeypatch.setattr(tasks, "destroy_run", and_breaks)
    with time_machine.travel(FILE_GOES, tick=False), pytest.raises(RuntimeError):
        sweep()

    assert (ledger_dir / FILE_NAME).read_text().count("\n") == 1


def test_sessions_that_are_over_are_wiped() -> None:
    now = timezone.now()
    Session.objects.create(session_key="over", session_data="", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="running", session_data="", expire_date=now + timedelta(minutes=1))

    forget()

    assert [row.session_key for row in Session.objects.all()] == ["running"]


def test_a_question_about_a_pupil_whom_nobody_knows_goes_after_ninety_days() -> None:
    now, school = timezone.now(), factories.school()
    rows = {
        (days, known): AccessRequest.objects.create(
            asker=factories.user(),
            role=Role.JEUGDARTS,
            school=school,
            pupil=factories.pupil(school) if known else None,
            reason="De huisarts verwees Sam.",
            asked_at=now - timedelta(days=days),
            status=AccessRequest.Status.LAPSED,
        )
        for days, known in ((89, False), (91, False), (91, True))
    }

    forget()

    assert set(AccessRequest.objects.all()) == {rows[89, False], rows[91, True]}


def test_the_log_goes_after_its_own_term_and_not_before() -> None:
    """Five years after the line: the day before they are over it is all there."""
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        record(Kind.READ, "dossier")
    seal_waiting(now=now + timedelta(hours=2))

    with time_machine.travel(now + relativedelta(years=5, days=-1), tick=False):
        forget()
    assert Entry.objects.filter(what="dossier").exists()

    with time_machine.travel(now + relativedelta(years=5, days=2), tick=False):
        forget()
    assert not Entry.objects.filter(what="dossier").exists()
