"""Who may open a page. Which rows they see is the matter of each model's `visible_to(user)`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from thuiszitters.accounts.grants import act_as, grants_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request by somebody who is logged in."""

    user: User
    htmx: HtmxDetails


def for_roles(
    *roles: Role,
) -> Callable[
    [Callable[Concatenate[StaffRequest, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]
]:
    """Let in who holds one of `roles` today; others get 403, strangers the log-in page. The first decorator of every
    view.

    Within the view nothing but these roles counts: rows that somebody sees in another role are not there.
    The roles stay readable on the view as `allowed_roles`: the test of page by role is made from it.
    """
    allowed = frozenset(roles)

    def decorate(
        view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not allowed & grants_of(request.user).roles:
                raise PermissionDenied
            act_as(request.user, allowed)
            return view(cast("StaffRequest", request), *args, **kwargs)

        cast("Any", wrapped).allowed_roles = allowed
        return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", wrapped)

    return decorate
