"""Passwords that are known from leaks, looked up in a file on this machine."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

LONGEST_LINE = 80
"""A hash of 40 characters, a colon, a count, an end of line."""


def is_breached(password: str, path: Path) -> bool:
    """Whether the SHA-1 of `password` stands in the file.

    One hash a line in capitals or not, in order, with or without ":" and a count, or only the first characters of each
    hash: the form in which Have I Been Pwned publishes them. The file may be tens of gigabytes: about forty places of
    it are read. OSError when it is not there.
    """
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        return _stands_in(file, digest, os.fstat(file.fileno()).st_size)


def _stands_in(file: BinaryIO, digest: bytes, size: int) -> bool:
    """Halve the file until the line is found that would hold `digest`.

    The line that begins at or after `low` is never past what is looked for, and the one at `high` is.
    """
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        line = _line_from(file, middle)
        if line and line > digest[: len(line)]:
            high = middle
        elif line == digest[: len(line)] and line:
            return True
        elif not line:
            high = middle
        else:
            low = middle + 1
    return False


def _line_from(file: BinaryIO, place: int) -> bytes:
    """The hash on the first line that begins at `place` or after it; empty at the end of the file."""
    file.seek(max(place - 1, 0))
    if place > 0:
        file.readline(LONGEST_LINE)
    return file.readline(LONGEST_LINE).split(b":")[0].strip().upper()
