"""Who cannot do without a second step when logging in.

Every role, so also who sees no file: the functionaris gegevensbescherming reads who looked at which child, a beheerder
gives away rights, and a docent sees which child is not there. Only an alliance can say that it is not required, for its
own people and those of its schools. Leerplicht and jeugdarts see children of several alliances: nobody can switch it
off for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from thuiszitters.accounts.models import SecondFactor

RULES = ("school__alliance__second_factor", "alliance__second_factor")
DEMO_MARKS = (
    "school__alliance__is_demo",
    "alliance__is_demo",
    "municipality__is_demo",
    "youth_health__is_demo",
)
ASKED_OF_ORGANISATIONS = (*RULES, *DEMO_MARKS)
"""What to read with a membership to know what its organisation wants."""


def wanted_by(membership: Mapping[str, Any]) -> bool:
    """Whether the organisation of a membership (a row with ASKED_OF_ORGANISATIONS) wants a second step.

    A school without an alliance does. An organisation of the demo does not, as long as the installation says that it is
    a demo; it takes both, so that the setting opens nothing of real people.
    """
    if settings.DEMO and any(membership[name] for name in DEMO_MARKS):
        return False
    return SecondFactor.OPTIONAL not in {membership[name] for name in RULES}
