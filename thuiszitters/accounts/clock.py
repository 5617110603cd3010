"""The one place that asks what day it is."""

from __future__ import annotations

from datetime import date

from django.utils import timezone


def today() -> date:
    """The date in the Netherlands."""
    return timezone.localdate()
