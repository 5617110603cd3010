"""Whole addresses of our own pages, for what leaves the house: mails, invitations, settings of others."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse


def site_address() -> str:
    """Where this installation is found, without a slash at its end."""
    site: str = settings.SITE_URL
    return site.rstrip("/")


def address_of(page: str, **kwargs: Any) -> str:
    """The whole address of a page; `kwargs` are those of its path."""
    return site_address() + reverse(page, kwargs=kwargs)
