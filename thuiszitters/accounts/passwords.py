"""What a password has to be: long enough, and not one that others try first. No rules about which characters."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from thuiszitters.accounts.breached import is_breached
from thuiszitters.accounts.models import Membership, User

logger = logging.getLogger(__name__)

LONGEST = 128
STRONG_ENOUGH = 3
"""Of 0 to 4: needs more than a hundred million guesses by somebody who knows how people choose."""
ENOUGH_BESIDES = 8
"""So many characters have to be left of a password without the words about oneself."""
LOOKED_AT = 72
"""Of a longer password only the beginning is judged: judging takes longer with each character."""


class LengthValidator:
    """At most 128 characters: enough for a sentence, and no work for a server that has to digest a book."""

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002 - as Django calls it
        if len(password) > LONGEST:
            raise ValidationError(f"Dit wachtwoord is te lang. Gebruik ten hoogste {LONGEST} tekens.", "too_long")

    def get_help_text(self) -> str:
        return f"Ten hoogste {LONGEST} tekens."


class GuessableValidator:
    """Refuses what is guessed soon: known words, keyboard rows, dates, the own name, address or school."""

    def validate(self, password: str, user: User | None = None) -> None:
        words = words_about(user)
        of_oneself = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE)
        is_weak = zxcvbn(password[:LOOKED_AT], user_inputs=words)["score"] < STRONG_ENOUGH
        if is_weak or len(of_oneself.sub("", password)) < ENOUGH_BESIDES:
            raise ValidationError(
                "Dit wachtwoord is te makkelijk te raden. Neem bijvoorbeeld vier woorden die niets met elkaar te maken "
                "hebben, en laat je naam en je school weg.",
                "guessable",
            )

    def get_help_text(self) -> str:
        return "Vier woorden die niets met elkaar te maken hebben zijn goed, en te onthouden."


class BreachedValidator:
    """Refuses what stands in the file of leaked passwords, if the installation has one. Nothing leaves the machine."""

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002 - as Django calls it
        if not settings.BREACHED_PASSWORDS_FILE:
            return
        try:
            found = is_breached(password, Path(settings.BREACHED_PASSWORDS_FILE))
        except OSError as error:
            logger.warning("the file of leaked passwords cannot be read: %s", type(error).__name__)
            return
        if found:
            raise ValidationError(
                "Dit wachtwoord komt voor in een lijst met gelekte wachtwoorden. Kies een ander, ook op "
                "andere plaatsen waar je het gebruikt.",
                "breached",
            )

    def get_help_text(self) -> str:
        return "Geen wachtwoord dat ooit gelekt is."


def words_about(user: User | None) -> list[str]:
    """Words that somebody who knows this person tries first."""
    found = ["thuiszitters"]
    if user is None or not user.pk:
        return found
    found += [user.name, user.email, *user.name.split(), *user.email.replace("@", ".").split(".")]
    rows: Any = Membership.objects.filter(user=user).values_list("school__name", "alliance__name").order_by()
    for names in rows:
        for name in filter(None, names):
            found += [name, name.replace(" ", ""), *name.split()]
    return [word for word in found if len(word) > 2]
