"""The keys of systems that push: making and revoking them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from attendance.api_token_forms import ApiTokenForm
from attendance.listings.api_tokens import tokens_of
from attendance.models import ApiToken
from attendance.services.api_tokens import make_token, revoke_token
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import reach_of


@for_roles(Role.BEHEERDER, step_up=True)
def api_token_list(request: StaffRequest) -> HttpResponse:
    """The keys of the own schools; make one. The secret is shown in the answer to making it, and never again."""
    today = clock_today()
    form = ApiTokenForm(
        request.POST if request.method == "POST" else None, schools=reach_of(request.user).schools, today=today
    )
    made, secret = None, ""
    if form.is_valid():
        made, secret = make_token(**form.cleaned_data, by=request.user, today=today)
        form = ApiTokenForm(schools=reach_of(request.user).schools, today=today)
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "tokens": tokens_of(ApiToken.objects.visible_to(request.user), today),
        "address": request.build_absolute_uri("/api/v1/"),
    }
    return render(request, "attendance/api_tokens.html", context)


@for_roles(Role.BEHEERDER, step_up=True)
@require_POST
def api_token_revoke(request: StaffRequest, code: UUID) -> HttpResponse:
    """The key works no longer, from now on."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), code=code)
    if revoke_token(token=token, by=request.user):
        messages.success(request, f"De sleutel van {token.name} werkt niet meer.")
    return redirect("attendance:api_token_list")
