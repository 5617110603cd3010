"""Text that the database holds encrypted: what it says is of no use to who reads the database or a backup of it."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.lookups import Exact

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Expression


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise ImproperlyConfigured(f"FIELD_KEYS: {error}") from error


def box() -> MultiFernet:
    """Encrypts with the first of settings.FIELD_KEYS and reads what any of them wrote."""
    return _box(tuple(settings.FIELD_KEYS))


def encrypt(text: str) -> str:
    """`text` as a token that only a holder of the key can read; each time another. Empty text stays empty."""
    return box().encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """What `encrypt` was given. ImproperlyConfigured when none of the keys fits: nothing is guessed."""
    if not token:
        return ""
    try:
        return box().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ImproperlyConfigured("Geen van de sleutels in FIELD_KEYS past op dit gegeven.") from error


class IsEmpty(Exact):
    """Whether nothing was written. Empty text is empty in the database too, so constraints may ask for it."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError("Dit veld is versleuteld: alleen of het leeg is kan gevraagd worden.")
        return self.rhs


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted in the database and plain in Python. It cannot be searched or sorted on."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return prepared if prepared is None else encrypt(str(prepared))

    def from_db_value(
        self,
        value: str | None,
        expression: Expression,  # noqa: ARG002 - Django says with which arguments it asks
        connection: BaseDatabaseWrapper,  # noqa: ARG002 - the same
    ) -> Any:
        return value if value is None else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only isnull, and whether it is empty: each encryption of the same text is another token."""
        if lookup_name == "exact":
            return IsEmpty
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is versleuteld: daarop kan niet gezocht worden.")
        return super().get_lookup(lookup_name)


class EncryptedJSONField(EncryptedTextField):
    """Plain values (dicts, lists, texts, numbers) that are encrypted in the database. Nothing inside can be asked for
    in a query."""

    _pyi_private_set_type: Any  # what the type checker takes a value to be
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else encrypt(json.dumps(value, ensure_ascii=False))

    def from_db_value(self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        text = super().from_db_value(value, expression, connection)
        return json.loads(text) if text else None

    def to_python(self, value: Any) -> Any:
        return value
