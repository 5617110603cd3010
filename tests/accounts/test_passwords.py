"""Which passwords are refused, in words that help."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from tests import factories
from thuiszitters.accounts.breached import is_breached
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


passwords = st.text(max_size=12)


@hypothesis_settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    leaked=st.sets(passwords, max_size=60),
    asked=st.lists(passwords, max_size=20),
    form=st.tuples(st.sampled_from([12, 40]), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans()),
)
def test_the_search_finds_what_a_plain_set_holds(
    tmp_path_factory: pytest.TempPathFactory,
    leaked: set[str],
    asked: list[str],
    form: tuple[int, str, bool, bool],
) -> None:
    """Whole hashes or the first characters of them, with or without counts, and with or without a last line end."""
    length, ending, counted, closed = form
    lines = [f"{one}:{len(one)}" if counted else one for one in sorted({digest(word)[:length] for word in leaked})]
    file = tmp_path_factory.mktemp("lek") / "hashes.txt"
    file.write_bytes((ending.join(lines) + (ending if closed and lines else "")).encode())
    hashes = {digest(word)[:length] for word in leaked}

    for word in [*asked, *leaked]:
        assert is_breached(word, file) is (digest(word)[:length] in hashes)


def refusals(password: str, user: User | None = None) -> list[str | None]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [one.code for one in error.error_list]
    return []


@pytest.mark.parametrize(
    "password", ["Wachtwoord1234", "qwertyuiop[]", "aaaaaaaaaaaa", "123456789012", "thuiszitters2026"]
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert "guessable" in refusals(password)


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["Montessorischool1", "fatimaelamrani99", "De Kleine Beuk 12"])
def test_the_own_name_address_and_school_are_refused(password: str) -> None:
    person = factories.user("fatimaelamrani@school.example", "Fatima El Amrani")
    factories.member(Role.COO, factories.school(name="De Kleine Beuk Montessorischool"), person)

    assert refusals(password, person)


@pytest.mark.parametrize("password", ["vier losse woorden samen", "kR8#mPz2!vLq9" * 9])
def test_no_rules_about_characters_and_long_is_fine(password: str) -> None:
    assert refusals(password) == []


@pytest.mark.parametrize(("length", "codes"), [(11, "password_too_short"), (129, "too_long")])
def test_length(length: int, codes: str) -> None:
    assert codes in refusals(("kR8#mPz2!vLq9" * 10)[:length])


def test_a_leaked_password_is_refused_if_there_is_a_list(tmp_path: Path, settings: Settings) -> None:
    leaked = "paraplu kachel vlieger"
    file = tmp_path / "gelekt.txt"
    file.write_text("\n".join(sorted([f"{digest(leaked)}:3", f"{digest('iets anders')}:1"])))
    settings.BREACHED_PASSWORDS_FILE = str(file)

    assert refusals(leaked) == ["breached"]
    assert refusals("paraplu kachel vlieger stoel") == []


def test_a_list_that_is_gone_stops_nobody(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.BREACHED_PASSWORDS_FILE = "/bestaat/niet"

    assert refusals("paraplu kachel vlieger") == []
    assert "cannot be read" in caplog.text
