"""Text that the database holds encrypted."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from thuiszitters.accounts.encryption import decrypt, encrypt


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_what_goes_in_comes_out(text: str) -> None:
    token = encrypt(text)

    assert decrypt(token) == text
    assert token != encrypt(text)


def test_empty_text_stays_empty() -> None:
    assert (encrypt(""), decrypt("")) == ("", "")


def test_a_new_key_comes_first_and_the_old_one_still_reads(settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    before = encrypt("06 12345678")

    settings.FIELD_KEYS = [new, old]
    assert decrypt(before) == "06 12345678"
    after = encrypt("06 12345678")

    settings.FIELD_KEYS = [new]
    assert decrypt(after) == "06 12345678"
    with pytest.raises(ImproperlyConfigured):
        decrypt(before)


def test_a_key_that_is_no_key_is_named(settings: Settings) -> None:
    settings.FIELD_KEYS = ["geen sleutel"]

    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        encrypt("iets")
