"""What somebody asks of a page that first tells the effect of a change, and then saves it."""

from __future__ import annotations

from dataclasses import dataclass

from attendance.listings.set_up_effect import SetUpEffect
from thuiszitters.accounts.access import StaffRequest


@dataclass(frozen=True)
class Told:
    """An effect to show, with the mark of what it was told about (services.seen). `again`: somebody else changed that
    since it was told before."""

    effect: SetUpEffect
    seen: str
    again: bool = False


def is_confirmed(request: StaffRequest) -> bool:
    return "confirmed" in request.POST


def wants_to_change(request: StaffRequest) -> bool:
    """Whether somebody saw the effect and goes back to the form."""
    return "back" in request.POST


def seen_of(request: StaffRequest) -> str:
    """The mark that was shown with the effect; without one nothing was shown, and nothing is saved."""
    return request.POST.get("seen", "")
