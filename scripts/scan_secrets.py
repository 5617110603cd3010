"""Looks for keys and passwords in every file of the repository; exit code 1 when there is one.

What looks like a secret and is none stands in .secrets.baseline with the reason: a row of `type`, `hashed_secret` (what
this prints) and `reason` under the name of its file. Names of files as arguments: only those.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / ".secrets.baseline"
DIGESTS = ("requirements/", "static/vendor/")
"""Files full of digests of packages, which are meant to be read."""
# Passwords of people who do not exist stand in tests by their dozen; outside those the linter looks for them (S105).
# Hexadecimal entropy would find each digest and each code of a row.
TOO_MANY = {"KeywordDetector", "HexHighEntropyString", "IPPublicDetector"}


def plugins() -> list[dict[str, Any]]:
    """What is looked for: every kind that the library knows, but for those of TOO_MANY."""
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class  # noqa: PLC0415 - reads settings

    kinds: list[type[Any]] = list(get_mapping_from_secret_type_to_class().values())
    found = {kind.__name__ for kind in kinds} - TOO_MANY
    return [{"name": name} for name in sorted(found)]


def tracked() -> list[str]:
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in answer.stdout.split("\0") if name and not name.startswith(DIGESTS)]


def secrets_in(path: Path) -> list[tuple[str, int, str]]:
    """Kind, line and digest of what looks like a secret in a file."""
    return [(found.type, found.line_number, found.secret_hash) for found in scan_file(str(path))]


def known() -> set[tuple[str, str, str]]:
    """File, kind and digest of what somebody looked at before."""
    rows: dict[str, list[dict[str, str]]] = json.loads(BASELINE.read_text())["results"]
    return {(name, row["type"], row["hashed_secret"]) for name, found in rows.items() for row in found}


def main(names: list[str]) -> int:
    """Print where to look."""
    wrong = []
    expected = known()
    with transient_settings({"plugins_used": plugins()}):
        for name in names or tracked():
            wrong += [
                f"{name}:{line} lijkt een geheim: {kind} ({digest})"
                for kind, line, digest in secrets_in(ROOT / name)
                if (name, kind, digest) not in expected
            ]
    for row in sorted(set(wrong)):
        print(row)
    if not wrong:
        print("Geen geheimen gevonden.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
