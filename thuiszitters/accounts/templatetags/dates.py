"""{{ due|day }}, {{ due|long_day }}, {{ due|deadline }}, {{ at|moment }}, {{ at|ago }}, {% period first last %}."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from thuiszitters.accounts import dutch_dates
from thuiszitters.accounts.clock import today

register = template.Library()


def _local_day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """di 3 nov."""
    return "" if value is None else dutch_dates.short_date(_local_day(value), today())


@register.filter
def long_day(value: date | datetime | None) -> str:
    """dinsdag 3 november."""
    return "" if value is None else dutch_dates.long_date(_local_day(value), today())


@register.filter
def iso_day(value: str) -> str:
    """di 3 nov, of a date that was kept as text ("2026-11-03")."""
    return day(date.fromisoformat(value)) if value else ""


@register.filter
def iso_day_year(value: str) -> str:
    """3 november 2026, of a date that was kept as text: for what must be exact years later."""
    return date_format(date.fromisoformat(value), "j F Y") if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """di 3 nov, 14:05."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{dutch_dates.short_date(local.date(), today())}, {local:%H:%M}"


@register.filter
def deadline(value: date | datetime | None) -> str:
    """over 3 dagen; 2 dagen te laat."""
    return "" if value is None else dutch_dates.distance(_local_day(value), today())


@register.filter
def ago(value: date | datetime | None) -> str:
    """3 dagen geleden."""
    return "" if value is None else dutch_dates.days_ago(_local_day(value), today())


@register.filter
def is_past(value: date | datetime | None) -> bool:
    """Whether the date lies before today."""
    return value is not None and _local_day(value) < today()


@register.simple_tag
def period(first: date, last: date | None) -> str:
    """ma 2 nov t/m vr 6 nov; sinds di 3 nov, tot nader bericht."""
    return dutch_dates.period(first, last, today())
