"""{% demo_accounts as accounts %}: who can be tried in the demo. Nobody outside the demo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from django import template
from django.conf import settings
from django.utils.module_loading import import_string

register = template.Library()


@register.simple_tag
def demo_accounts() -> Sequence[Any]:
    """Rows with name, role, organisation, email and password, from the function in the setting DEMO_LOGINS."""
    if not (settings.DEMO and settings.DEMO_LOGINS):
        return ()
    return cast("Callable[[], Sequence[Any]]", import_string(settings.DEMO_LOGINS))()
