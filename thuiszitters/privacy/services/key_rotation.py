"""Writing everything that is encrypted anew under the first of settings.FIELD_KEYS.

May run while people work: a row that changed meanwhile was written with the new key anyway, and is left alone. May be
stopped and run again: what is done already is passed over. By then the old key can go.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import models

from thuiszitters.accounts.encryption import EncryptedTextField, box
from thuiszitters.accounts.stored_tokens import is_token, replace_stored, stored_rows
from thuiszitters.privacy.models import PersonNumber
from thuiszitters.privacy.services.numbers import number_digest

JSON_WITH_TOKENS = (("mfa.Authenticator", "data"),)
"""Tables of packages that keep tokens of ours inside a JSON value."""
BATCH = 500


@dataclass
class Place:
    """A column with tokens: how many there are, under the new key (`done`), written anew (`renewed`), under an old key
    (`old`), and that no key fits (`unreadable`)."""

    label: str
    done: int = 0
    renewed: int = 0
    old: int = 0
    unreadable: int = 0


def is_under_first_key(token: str) -> bool:
    try:
        Fernet(settings.FIELD_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def encrypted_fields() -> list[tuple[type[models.Model], str]]:
    """Every encrypted field of every table."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields  # noqa: SLF001 - Django's own name for it
        if isinstance(field, EncryptedTextField)
    ]


def rotate_keys(*, write: bool) -> Iterator[Place]:
    """Each place as it is afterwards. `write` False only counts."""
    for model, name in encrypted_fields():
        yield _fields(model, name, write=write)
    for label, name in JSON_WITH_TOKENS:
        if apps.is_installed(f"allauth.{label.split('.')[0]}"):
            yield _json(apps.get_model(label), name, write=write)
    yield _digests(write=write)


def _count(place: Place, token: str, renew: Callable[[str], bool] | None) -> None:
    if is_under_first_key(token):
        place.done += 1
    elif not is_token(token):
        place.unreadable += 1
    elif renew is None:
        place.old += 1
    elif renew(box().rotate(token.encode()).decode()):
        place.renewed += 1
    else:
        place.done += 1  # somebody wrote it meanwhile, with the first key


def _fields(model: type[models.Model], name: str, *, write: bool) -> Place:
    place = Place(f"{model._meta.label}.{name}")  # noqa: SLF001 - Django's own name for it
    # The plain manager: what nobody may change any more is written anew too, and says the same as before.
    rows = model._base_manager.all()  # noqa: SLF001 - the same
    for row in stored_rows(rows, [name]):
        token = row[name]

        def renew(new: str, row: dict[str, Any] = row) -> bool:
            return replace_stored(rows, row["pk"], name, row[name], new)

        _count(place, token, renew if write else None)
    return place


def _json(model: type[models.Model], name: str, *, write: bool) -> Place:
    place = Place(f"{model._meta.label}.{name}")  # noqa: SLF001 - Django's own name for it
    last: Any = 0
    rows = model._default_manager.order_by("pk")  # noqa: SLF001 - the same
    while batch := list(rows.filter(pk__gt=last).values("pk", name)[:BATCH]):
        last = batch[-1]["pk"]
        for row in batch:
            held = row[name]
            text = json.dumps(held)
            found = list(_tokens(held))
            for token in found:
                _count(place, token, bool if write else None)
            if write and not all(is_under_first_key(token) for token in found):
                for token in found:
                    text = text.replace(token, box().rotate(token.encode()).decode() if is_token(token) else token)
                model._default_manager.filter(pk=row["pk"], **{name: held}).update(**{name: json.loads(text)})  # noqa: SLF001 - the same
    return place


def _tokens(value: Any) -> Iterator[str]:
    """Texts somewhere in a JSON value that look like a token of ours."""
    if isinstance(value, str):
        if value.startswith("gAAAA"):
            yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _tokens(inner)


def _digests(*, write: bool) -> Place:
    """Numbers are recognised by a digest under DIGEST_KEY: it follows that key when that one was changed."""
    place = Place("privacy.PersonNumber.digest")
    for row in PersonNumber.objects.order_by("pk").iterator(chunk_size=BATCH):
        digest = number_digest(row.value)
        if row.digest == digest:
            place.done += 1
        elif write:
            place.renewed += PersonNumber.objects.filter(pk=row.pk, digest=row.digest).update(digest=digest)
        else:
            place.old += 1
    return place
