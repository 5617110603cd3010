"""Organisations, users and memberships, a file per noun."""

from thuiszitters.accounts.models.departures import Departure
from thuiszitters.accounts.models.login_providers import LoginProvider, ProviderKind
from thuiszitters.accounts.models.memberships import Membership, MembershipQuerySet
from thuiszitters.accounts.models.organisations import (
    Alliance,
    Municipality,
    Region,
    School,
    SecondFactor,
    Sector,
    YouthHealth,
)
from thuiszitters.accounts.models.users import User, UserManager

__all__ = (
    "Alliance",
    "Departure",
    "LoginProvider",
    "Membership",
    "MembershipQuerySet",
    "Municipality",
    "ProviderKind",
    "Region",
    "School",
    "SecondFactor",
    "Sector",
    "User",
    "UserManager",
    "YouthHealth",
)
