"""What kind of thing an entry of the log tells."""

from __future__ import annotations

from django.db.models import TextChoices


class Kind(TextChoices):
    """The kinds that the privacy officer can choose from."""

    READ = "inzage", "inzage"
    SEARCH = "zoeken", "zoeken"
    CHANGE = "wijziging", "wijziging"
    EXPORT = "export", "export"
    REVEAL = "onthullen", "gegeven getoond dat verborgen was"
    LOGIN = "inloggen", "inloggen"
    LOGIN_FAILED = "inloggen_mislukt", "inloggen mislukt"
    LOGOUT = "uitloggen", "uitloggen"
    RIGHTS = "rechten", "rechten"
    MAIL = "mail", "mail"
    DESTRUCTION = "vernietiging", "vernietiging"
    ALERT = "opvallend", "opvallend"
