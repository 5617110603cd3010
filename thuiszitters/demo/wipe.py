"""Emptying a demo, and refusing to empty anything else."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models

from attendance.models import NormRow, Reason
from thuiszitters.accounts.models import School, User
from thuiszitters.audit.models import Opening
from thuiszitters.audit.services.expiry import opened
from thuiszitters.demo.people import DOMAIN, FINISHED_BY
from thuiszitters.demo.schools import SCHOOLS
from thuiszitters.privacy.models import RetentionTerm

APPS = (
    "privacy",
    "tables",
    "cases",
    "attendance",
    "mfa",
    "usersessions",
    "socialaccount",
    "account",
    "accounts",
    "admin",
    "audit",
)


class NotADemoError(Exception):
    """This installation may hold the data of real people. The message says in Dutch what stands in the way."""


def is_empty_or_unfinished() -> bool:
    """Whether there is nothing here yet, or only a demo whose making was cut off."""
    if User.objects.filter(email=FINISHED_BY).exists():
        return False
    try:
        check_is_demo()
    except NotADemoError:
        return False
    return True


def check_is_demo() -> None:
    """Raise NotADemoError unless this is an embedded installation with only invented people and schools in it."""
    if settings.MODE != "embedded":
        raise NotADemoError("Dit is een server (MODE=server). Demogegevens horen daar niet: er is niets veranderd.")
    if real := User.objects.exclude(email__endswith=f"@{DOMAIN}").count():
        raise NotADemoError(f"Hier staan {real} gebruikers die niet bij de demo horen. Er is niets veranderd.")
    if real := School.objects.exclude(brin__in=[school.brin for school in SCHOOLS]).count():
        raise NotADemoError(f"Hier staan {real} scholen die niet bij de demo horen. Er is niets veranderd.")


def wipe() -> None:
    """Delete everything that was entered or imported, in one transaction; what every new installation has stays.

    Raises NotADemoError instead when this is no demo.
    """
    check_is_demo()
    with opened():  # one transaction; foreign keys are checked at its end, so the order does not matter
        for name in APPS:
            for model in apps.get_app_config(name).get_models(include_auto_created=True):
                if model is not Opening:
                    _raw_delete(_entered(model))
        Session.objects.all().delete()


def _entered(model: type[models.Model]) -> models.QuerySet[models.Model]:
    rows = model._base_manager.all()  # noqa: SLF001 - documented, and sees every row
    if model is Reason:
        return rows.filter(school__isnull=False)
    if model is NormRow:
        return rows.filter(alliance__isnull=False)
    if model is RetentionTerm:
        return rows.exclude(alliance=None, by=None)
    return rows


def _raw_delete(rows: models.QuerySet[models.Model]) -> None:
    # Without collecting what points here: that is deleted as well, or its deletion would fail at the end.
    rows._raw_delete(rows.db)  # noqa: SLF001
