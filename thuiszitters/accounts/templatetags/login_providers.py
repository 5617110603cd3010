"""Through which services people can log in, for the log-in page."""

from __future__ import annotations

from django import template
from django.db.models.query import QuerySet

from thuiszitters.accounts.models import LoginProvider

register = template.Library()


@register.simple_tag
def login_providers() -> QuerySet[LoginProvider]:
    """The connections in use, by name."""
    return LoginProvider.objects.active()
