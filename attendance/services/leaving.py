"""What attendance lets go of when somebody leaves (settings.LEAVING): classes, pupils, and access for a time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Model, Q, QuerySet

from attendance.models import (
    AccessRequest,
    ApiToken,
    Assignment,
    EmergencyAccess,
    Enrolment,
    GroupMentor,
    GroupTeacher,
)
from attendance.models.pupils import holds_on
from attendance.services.assignments import end_assignment
from attendance.services.emergencies import end_emergency
from thuiszitters.accounts.grants import Grants, schools_near
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.services.leaving import counted
from thuiszitters.audit.services import bulk_changes

LEAVES = "werkt hier niet meer"


def release(*, user: User, left: Grants, day: date, now: datetime, apply: bool) -> list[str]:
    """Classes and pupils that none of the roles that are `left` carries. Keys of systems stay, and are told."""
    lines = []
    for model, role, one, more in (
        (GroupMentor, Role.MENTOR, "klas zonder deze mentor", "klassen zonder deze mentor"),
        (GroupTeacher, Role.DOCENT, "klas zonder deze docent", "klassen zonder deze docent"),
    ):
        rows: QuerySet[Model] = model.objects.filter(user=user).exclude(last__lt=day)
        rows = rows.exclude(group__school__in=left.school_ids({role}))
        lines += counted(rows.count(), one, more)
        if apply:
            rows.filter(first__gte=day).delete()
            bulk_changes.update(rows, last=day - timedelta(days=1))
    assigned = [row for row in Assignment.objects.filter(user=user, last__gte=day) if not _keeps(row, left, day)]
    lines += counted(
        len(assigned), "leerling waarmee niet meer wordt meegekeken", "leerlingen waarmee niet meer wordt meegekeken"
    )
    opened = [row for row in EmergencyAccess.objects.open(now).filter(user=user) if not _keeps(row, left, day)]
    lines += counted(len(opened), "noodtoegang eindigt", "keer noodtoegang eindigt")
    waiting = AccessRequest.objects.filter(asker=user, status=AccessRequest.Status.WAITING)
    asked = [row.pk for row in waiting if not schools_near(left, {Role(row.role)}).filter(pk=row.school_id).exists()]
    lines += counted(len(asked), "vraag om toegang vervalt", "vragen om toegang vervallen")
    keys = ApiToken.objects.filter(made_by=user, revoked_at__isnull=True, last__gte=day)
    lines += counted(
        keys.count(),
        "sleutel van een koppeling die deze persoon maakte, blijft werken: kijk of dat goed is",
        "sleutels van koppelingen die deze persoon maakte, blijven werken: kijk of dat goed is",
    )
    if apply:
        for row in assigned:
            end_assignment(assignment=row, today=day, by=None, reason=LEAVES)
        for access in opened:
            end_emergency(access=access, by=None)
        waiting.filter(pk__in=asked).update(status=AccessRequest.Status.LAPSED)
    return lines


def _keeps(row: Assignment | EmergencyAccess, left: Grants, day: date) -> bool:
    """Whether a role that is left still carries this: a jeugdarts at another organisation works on, also while the
    pupil is at no school; others only for pupils of a school that is still theirs, or of its alliance."""
    role = Role(row.role)
    if role not in left.roles or role is Role.JEUGDARTS:
        return role in left.roles
    near = schools_near(left, {role}).values("pk")
    here = Enrolment.objects.filter(holds_on(day), pupil=row.pupil_id)
    return here.filter(Q(school__in=near) | Q(place__in=near)).exists()
