"""The page on which a beheerder takes away somebody's second step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thuiszitters.accounts.models import User
from thuiszitters.accounts.services.second_factor import ResetRefusedError, reset_second_factor


def reset_page(request: HttpRequest, person: User, refused: str, context: dict[str, Any]) -> HttpResponse:
    """Tell what happens and do it after a yes. `refused`: why this person is not for the one who asks; empty: is."""
    assert isinstance(request.user, User)
    if not refused and person == request.user:
        refused = "Je kunt je eigen tweede stap hier niet weghalen. Vraag een andere beheerder."
    if request.method == "POST" and not refused:
        try:
            reset_second_factor(person=person, by=request.user)
        except ResetRefusedError as error:
            refused = str(error)
        else:
            messages.success(request, f"{person.name} kreeg een mail om opnieuw te beginnen.")
            return redirect("admin:accounts_user_change", person.pk)
    page = context | {"title": "Telefoon kwijt", "person": person, "refused": refused}
    return render(request, "accounts/reset_second_factor.html", page)
