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
from thuiszitters.accounts.proof import ask_for_proof
from thuiszitters.accounts.roles import Role

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request by somebody who is logged in."""

    user: User
    htmx: HtmxDetails


def own_account(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page about nobody but who is logged in, whatever their role, with or without a second step: that is where it is
    set up. Nothing about a pupil stands on it."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(cast("StaffRequest", request), *args, **kwargs)

    cast("Any", wrapped).own_account = True
    return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", wrapped)


def for_roles(
    *roles: Role, step_up: bool = False, reads: bool = False
) -> Callable[
    [Callable[Concatenate[StaffRequest, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]
]:
    """Let in who holds one of `roles` today; others get 403, strangers the log-in page. The first decorator of every
    view.

    Within the view nothing but these roles counts: rows that somebody sees in another role are not there.
    The roles stay readable on the view as `allowed_roles`: the test of page by role is made from it. `step_up`: who
    did not prove lately who they are is asked to do so first; for exports, rights and emergency access. `reads`: the
    page changes nothing about a pupil, so that access for reading alone (meekijken, noodtoegang) opens it too.
    """
    allowed = frozenset(roles)

    def decorate(
        view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not allowed & grants_of(request.user).roles:
                raise PermissionDenied
            act_as(request.user, allowed, reading=reads)
            if step_up and (answer := ask_for_proof(request)) is not None:
                return answer
            return view(cast("StaffRequest", request), *args, **kwargs)

        cast("Any", wrapped).allowed_roles = allowed
        cast("Any", wrapped).step_up = step_up
        cast("Any", wrapped).reads = reads
        return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", wrapped)

    return decorate
