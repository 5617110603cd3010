"""Requests under the AVG as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F

from attendance.models import Pupil
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import User
from thuiszitters.privacy.keepers import HOLDS, kept_for_school
from thuiszitters.privacy.models import LegalHold, PrivacyRequest
from thuiszitters.privacy.models.requests import HANDLES
from thuiszitters.privacy.services.requests import schools_for

SHORT = 8


@dataclass(frozen=True)
class Line:
    """A request in a list. `name` is empty for who may know that it exists, and no more."""

    request: PrivacyRequest
    name: str
    short: str
    is_late: bool


def lines_for(user: User, today: date, *, only_open: bool) -> list[Line]:
    """Requests that `user` may know of, what is due first on top, and below that what was answered, last first. Two
    hundred at most: more are never open."""
    handled_at = grants_of(user).school_ids(HANDLES)
    rows = PrivacyRequest.objects.visible_to(user).select_related("pupil", "school")
    rows = rows.open() if only_open else rows
    return [
        Line(
            row,
            row.pupil.full_name if row.school_id in handled_at else "",
            row.pupil.code.hex[:SHORT],
            row.is_open and row.due_on < today,
        )
        for row in rows.order_by(F("answered_at").desc(nulls_first=True), "due_on", "pk")[:200]
    ]


def has_open_requests(user: User, _today: date) -> bool:
    """Whether an answer is waited for that `user` gives or watches."""
    return PrivacyRequest.objects.visible_to(user).open().exists()


@dataclass(frozen=True)
class Panel:
    """What stands at a pupil: `statements` for everybody who may open the file, `requests` for who handles them at a
    school of the pupil, and `holds`, which stand now, for who sets them there."""

    pupil: Pupil
    statements: list[PrivacyRequest]
    requests: list[PrivacyRequest]
    may_handle: bool
    holds: list[LegalHold]
    may_hold: bool


def panel_of(pupil: Pupil, user: User, today: date) -> Panel:
    """The panel of a pupil that `user` may see. Statements of a school stand at that school's file. Who handles
    requests or sets holds at another school only, sees at this pupil what any reader sees."""
    rows = PrivacyRequest.objects.filter(pupil=pupil).select_related("school", "answered_by").order_by("-received_on")
    seen = {enrolment.school_id for enrolment in pupil.enrolments.visible_to(user)}
    seen |= {enrolment.place_id for enrolment in pupil.enrolments.visible_to(user)}
    statements = [row for row in rows.exclude(statement="") if row.school_id in seen]
    handled = [row for row in rows if row.school_id in grants_of(user).school_ids(HANDLES)]
    holds = LegalHold.objects.standing(today).visible_to(user).filter(pupil=pupil).select_related("school", "set_by")
    may_hold = pupil.enrolments.filter(kept_for_school(user, HOLDS)).exists()
    return Panel(pupil, statements, handled, bool(schools_for(pupil, user)), list(holds), may_hold)
