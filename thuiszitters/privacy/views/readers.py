"""The page of a pupil that says who can see what, why, and who looked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from attendance.models import Pupil
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.authorizer import access_to
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.data_classes import MEANS, DataClass
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.read_log import log_read
from thuiszitters.accounts.roles import CASE_WORKERS, Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy.listings.readers import (
    MOST,
    SEES_READS,
    case_to_show,
    parts_shown,
    pupils_with_a_file,
    readers_of,
    reads_by_part,
    reads_of,
)

SEES_READERS = (
    Role.COO,
    Role.ZORGCOACH,
    Role.SCHOOLLEIDER,
    Role.MENTOR,
    Role.GEDRAGSDESKUNDIGE,
    Role.JEUGDARTS,
)


def _pupil(request: StaffRequest, code: UUID, needed: DataClass) -> Pupil:
    pupil = get_object_or_404(pupils_with_a_file(request.user), code=code)
    if not access_to(request.user, code).may_see(needed):
        raise Http404
    return pupil


@for_roles(*SEES_READERS)
def who_can_see(request: StaffRequest, code: UUID) -> HttpResponse:
    """Who can see this pupil and why; for who runs the school's cases also who looked."""
    pupil = _pupil(request, code, DataClass.READERS)
    log_read(request, page="wie kan dit zien", subject_code=code, of=DataClass.READERS)
    access = access_to(request.user, code)
    readers = readers_of(code, today())
    context: dict[str, Any] = {
        "pupil": pupil,
        "case": case_to_show(pupil, request.user),
        "tab": "readers",
        "reads_log": bool(access.may_see(DataClass.CARE_NOTES)),
        "readers": readers,
        "words": [(part.label, MEANS[part]) for part in parts_shown(readers)],
        "sees_reads": bool(access.may_see(DataClass.READS)),
        "may_involve": grants_of(request.user).has(*CASE_WORKERS),
        "most": MOST,
    }
    if context["sees_reads"]:
        context["reads"] = reads_of(code, request.user)
        context["by_part"] = reads_by_part(context["reads"])
    return render(request, "privacy/who_can_see.html", context)


@for_roles(*SEES_READS)
def for_parents(request: StaffRequest, code: UUID) -> HttpResponse:
    """The same on paper for parents and pupil (AVG art. 15): roles and places, without the names of staff."""
    pupil = _pupil(request, code, DataClass.READS)
    record(Kind.EXPORT, "wie kan dit zien, voor ouders", subject=code, why=_why(request, code))
    readers = readers_of(code, today())
    context = {
        "pupil": pupil,
        "readers": readers,
        "words": [(part.label, MEANS[part]) for part in parts_shown(readers)],
        "reads": reads_of(code, request.user),
        "today": today(),
        "most": MOST,
    }
    return render(request, "privacy/for_parents.html", context)


def _why(request: StaffRequest, code: UUID) -> str:
    return access_to(request.user, code).may_see(DataClass.READS).reason
