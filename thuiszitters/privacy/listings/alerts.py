"""Alerts as pages show them: to the privacy officer (FG), and in their place to the head of the school.

Nobody judges their own reading. Of an FG another FG does; where there is no other, or none at all, the head of a school
where the reader had a role that day (schoolleider). They answer for the school, and may know who read what there
already. The functional administrator (beheerder) does not: that role sees nothing of who read, and gave the FG the
roles it is about. For who reads for no school or alliance, see outside_readers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.db.models.query import QuerySet
from django.urls import reverse

from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.listings.log_lines import UNKNOWN, lines_of
from thuiszitters.accounts.listings.log_lines import Line as LogLine
from thuiszitters.accounts.listings.reads import memberships_watched_by, names_of
from thuiszitters.accounts.models import Membership, MembershipQuerySet, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.privacy.listings.alert_entries import entries_of, pupils_by_alert
from thuiszitters.privacy.listings.outside_readers import (
    about_outsiders,
    active_fgs,
    outsiders_shown_to,
    schools_answered_for,
)
from thuiszitters.privacy.models import Alert, AlertJudgement
from thuiszitters.privacy.models.alerts import AlertQuerySet
from thuiszitters.privacy.odd_reading import Rule

SHOWN = 50
LINES_SHOWN = 20


def alerts_visible_to(user: User) -> AlertQuerySet:
    """About people who belonged that day to an organisation of which `user` is FG; for a schoolleider about those whom
    no FG but themselves watches; and for both what outsiders opened of the own pupils."""
    as_fg = Exists(_of_that_day(memberships_watched_by(user)))
    shown = (_in_place_of_the_fg(user), outsiders_shown_to(user))
    return Alert.objects.filter(as_fg | Q(pk__in=shown[0].values("pk")) | Q(pk__in=shown[1].values("pk")))


def _of_that_day(held: MembershipQuerySet) -> MembershipQuerySet:
    return held.filter(
        Q(last__isnull=True) | Q(last__gte=OuterRef("day")), user__code=OuterRef("reader"), first__lte=OuterRef("day")
    )


def _in_place_of_the_fg(user: User) -> AlertQuerySet:
    schools = grants_of(user).school_ids({Role.SCHOOLLEIDER})
    if not schools:
        return Alert.objects.none()
    here = _of_that_day(Membership.objects.filter(Q(school__in=schools) | Q(alliance__schools__in=schools)))
    # An FG of a school watches who works there; one of an alliance also who works at its schools. What the reader was
    # counts on the day of the alert; who is FG counts today: only they can judge it.
    day, reader = OuterRef(OuterRef("day")), OuterRef(OuterRef("reader"))
    same_place = (
        Q(school=OuterRef("school")) | Q(alliance=OuterRef("alliance")) | Q(school__alliance=OuterRef("alliance"))
    )
    watched = Membership.objects.filter(
        same_place, Q(last__isnull=True) | Q(last__gte=day), user__code=reader, first__lte=day
    )
    other_fg = active_fgs(user).exclude(user__code=OuterRef("reader")).filter(Exists(watched))
    return Alert.objects.exclude(reader=user.code).filter(Exists(here), ~Exists(other_fg))


def has_alerts_to_judge(user: User, _today: date) -> bool:
    """Whether something waits for the judgement of `user`."""
    return to_judge(user).exists()


def to_judge(user: User) -> AlertQuerySet:
    """Open alerts that `user` may judge."""
    return alerts_visible_to(user).open().exclude(reader=user.code)


@dataclass(frozen=True)
class Line:
    """An alert in a list. `pupils`: with how many pupils, as far as who looks may see. `again`: it was judged, and more
    was opened since. `judgement`: the last one, if any."""

    alert: Alert
    who: str
    pupils: int
    is_own: bool
    again: bool
    judgement: AlertJudgement | None


def open_lines(user: User) -> list[Line]:
    """What waits for a judgement, the oldest on top."""
    return _lines(alerts_visible_to(user).open().order_by("day", "pk")[:SHOWN], user)


def judged_lines(user: User) -> list[Line]:
    """What was judged, the latest day on top."""
    seen = alerts_visible_to(user)
    return _lines(seen.exclude(pk__in=seen.open().values("pk")).order_by("-day", "-pk")[:SHOWN], user)


def _lines(alerts: Iterable[Alert], user: User) -> list[Line]:
    rows = list(alerts)
    names = names_of(row.reader for row in rows)
    pupils = pupils_shown(rows, user)
    found = AlertJudgement.objects.filter(alert__in=rows).select_related("by").order_by("pk")
    last = {judgement.alert_id: judgement for judgement in found}
    return [
        Line(
            alert=row,
            who=names.get(row.reader, UNKNOWN),
            pupils=pupils.get(row.pk, row.pupils),
            is_own=row.reader == user.code,
            again=row.pk in last,
            judgement=last.get(row.pk),
        )
        for row in rows
    ]


def pupils_shown(alerts: Collection[Alert], user: User) -> dict[int, int]:
    """With how many pupils each alert about an outsider is for `user`, by its key: those of the own schools. The others
    are not in it: of them `user` sees all. The same number of queries for many."""
    keys = set(about_outsiders().filter(pk__in=[alert.pk for alert in alerts]).values_list("pk", flat=True))
    return pupils_by_alert([alert for alert in alerts if alert.pk in keys], schools_answered_for(user))


@dataclass(frozen=True)
class Picture:
    """All about one alert. `kind`: the name of its rule. `pupils`: with how many pupils; `is_part`: only those of the
    own schools, since the reader is of no school. `roles`: what the reader was that day, "mentor bij De Boog".
    `lines`: the latest lines of the log that it is about, of `total`. `log_address`: all that the reader opened that
    day, for who may see the log. `most`, `minutes`: above which number within how long."""

    kind: str
    who: str
    pupils: int
    is_part: bool
    roles: list[str]
    lines: list[LogLine]
    total: int
    judgements: list[AlertJudgement]
    is_open: bool
    may_judge: bool
    is_own: bool
    sees_log: bool
    log_address: str
    most: int
    minutes: int


def picture_of(alert: Alert, user: User) -> Picture:
    """What `user`, who may see it, is shown of an alert."""
    part = pupils_shown([alert], user)
    entries = entries_of(alert, schools_answered_for(user) if part else None)
    lines = lines_of(entries.order_by("-at", "-pk")[:LINES_SHOWN])
    judgements = list(alert.judgements.select_related("by").order_by("-pk"))
    is_open = not judgements or judgements[0].pupils < alert.pupils
    is_own = alert.reader == user.code
    asked = {"wie": alert.reader, "soort": Kind.READ.value, "van": alert.day, "tot": alert.day}
    return Picture(
        kind=Rule(alert.rule).name.lower(),
        who=names_of([alert.reader]).get(alert.reader, UNKNOWN),
        pupils=part.get(alert.pk, alert.pupils),
        is_part=bool(part),
        roles=[f"{row.get_role_display()} bij {row.organisation}" for row in _roles_of(alert)],
        lines=lines,
        total=entries.count() if len(lines) == LINES_SHOWN else len(lines),
        judgements=judgements,
        is_open=is_open,
        may_judge=is_open and not is_own,
        is_own=is_own,
        sees_log=memberships_watched_by(user).filter(user__code=alert.reader).exists(),
        log_address=f"{reverse('accounts:read_log')}?{urlencode(asked)}",
        most=settings.ODD_READING_PUPILS,
        minutes=settings.ODD_READING_MINUTES,
    )


def _roles_of(alert: Alert) -> QuerySet[Membership]:
    held = Membership.objects.current(alert.day).filter(user__code=alert.reader)
    return held.select_related("school", "alliance", "municipality", "youth_health").order_by("pk")
