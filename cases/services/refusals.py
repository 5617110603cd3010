"""What a service answers when something cannot be done now."""

from __future__ import annotations


class CaseRefusedError(Exception):
    """The text is Dutch, says what to do, and is shown as it is."""
