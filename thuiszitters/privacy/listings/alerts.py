"""Alerts as pages show them: to the privacy officer (FG), and in their place to the head of the school.

Nobody judges their own reading. Of an FG another FG does; where there is none, the head of a school where that FG had
a role that day (schoolleider). They answer for the school, and may know who read what there already. The functional
administrator (beheerder) does not: that role sees nothing of who read, and gave the FG the roles it is about.
"""

from __future__ import annotations

from collections.abc import Iterable
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
from thuiszitters.accounts.listings.reads import ONE_DAY, memberships_watched_by, midnight, names_of
from thuiszitters.accounts.models import Membership, MembershipQuerySet, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.privacy.models import Alert, AlertJudgement
from thuiszitters.privacy.models.alerts import AlertQuerySet
from thuiszitters.privacy.odd_reading import Rule, odd_about
from thuiszitters.privacy.services.alerts import pupils_known, readers_known

SHOWN = 50
LINES_SHOWN = 20


def alerts_visible_to(user: User) -> AlertQuerySet:
    """About people who belonged that day to an organisation of which `user` is FG; and, for a schoolleider, about an FG
    whom nobody else watches."""
    as_fg = Exists(_of_that_day(memberships_watched_by(user)))
    return Alert.objects.filter(as_fg | Q(pk__in=_in_place_of_the_fg(user).values("pk")))


def _of_that_day(held: MembershipQuerySet) -> MembershipQuerySet:
    return held.filter(
        Q(last__isnull=True) | Q(last__gte=OuterRef("day")), user__code=OuterRef("reader"), first__lte=OuterRef("day")
    )


def _in_place_of_the_fg(user: User) -> AlertQuerySet:
    grants = grants_of(user)
    schools = grants.school_ids({Role.SCHOOLLEIDER})
    if not schools:
        return Alert.objects.none()
    fgs = Membership.objects.current(grants.day).filter(role=Role.FG, user__is_active=True).order_by()
    here = _of_that_day(Membership.objects.filter(Q(school__in=schools) | Q(alliance__schools__in=schools)))
    # An FG of a school watches who works there; one of an alliance also who works at its schools.
    day, reader = OuterRef(OuterRef("day")), OuterRef(OuterRef("reader"))
    same_place = (
        Q(school=OuterRef("school")) | Q(alliance=OuterRef("alliance")) | Q(school__alliance=OuterRef("alliance"))
    )
    watched = Membership.objects.filter(
        same_place, Q(last__isnull=True) | Q(last__gte=day), user__code=reader, first__lte=day
    )
    other_fg = fgs.exclude(user__code=OuterRef("reader")).filter(Exists(watched))
    about_an_fg = Alert.objects.filter(reader__in=fgs.values("user__code")).exclude(reader=user.code)
    return about_an_fg.filter(Exists(here), ~Exists(other_fg))


def has_alerts_to_judge(user: User, _today: date) -> bool:
    """Whether something waits for the judgement of `user`."""
    return to_judge(user).exists()


def to_judge(user: User) -> AlertQuerySet:
    """Open alerts that `user` may judge."""
    return alerts_visible_to(user).open().exclude(reader=user.code)


@dataclass(frozen=True)
class Line:
    """An alert in a list. `again`: it was judged, and more was opened since. `judgement`: the last one, if any."""

    alert: Alert
    who: str
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
    found = AlertJudgement.objects.filter(alert__in=rows).select_related("by").order_by("pk")
    last = {judgement.alert_id: judgement for judgement in found}
    return [
        Line(row, names.get(row.reader, UNKNOWN), row.reader == user.code, row.pk in last, last.get(row.pk))
        for row in rows
    ]


@dataclass(frozen=True)
class Picture:
    """All about one alert. `kind`: the name of its rule. `roles`: what the reader was that day, "mentor bij De Boog".
    `lines`: the latest lines of the log that it is about, of `total`. `log_address`: all that the reader opened that
    day, for who may see the log. `most`, `minutes`: above which number within how long."""

    kind: str
    who: str
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
    entries = entries_of(alert)
    lines = lines_of(entries.order_by("-at", "-pk")[:LINES_SHOWN])
    judgements = list(alert.judgements.select_related("by").order_by("-pk"))
    is_open = not judgements or judgements[0].pupils < alert.pupils
    is_own = alert.reader == user.code
    asked = {"wie": alert.reader, "soort": Kind.READ.value, "van": alert.day, "tot": alert.day}
    return Picture(
        kind=Rule(alert.rule).name.lower(),
        who=names_of([alert.reader]).get(alert.reader, UNKNOWN),
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


def entries_of(alert: Alert) -> QuerySet[Entry]:
    """The openings that an alert is about: of that day all, or those of the pupils that meet its rule by what is known
    now. So none, when these pupils are destroyed or what was known of them was corrected."""
    from_midnight = {"at__gte": midnight(alert.day), "at__lt": midnight(alert.day + ONE_DAY)}
    entries = Entry.objects.filter(kind=Kind.READ, actor=alert.reader, subject__isnull=False, **from_midnight)
    if alert.rule == Rule.MANY:
        return entries
    codes = {code for code in entries.order_by().values_list("subject", flat=True).distinct() if code}
    readers, pupils = readers_known({alert.reader}), pupils_known(codes)
    odd = {
        code
        for code, facts in pupils.items()
        if alert.reader in readers and alert.rule in odd_about(readers[alert.reader], facts, alert.day)
    }
    return entries.filter(subject__in=odd)
