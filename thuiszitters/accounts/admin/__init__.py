"""The beheerder's set-up of organisations, people and roles, and logging in through school."""

from thuiszitters.accounts.admin import login_providers, organisations, people

__all__ = ["login_providers", "organisations", "people"]
