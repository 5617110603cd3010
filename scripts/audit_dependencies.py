"""Asks a public list of known vulnerabilities about every package that a server installs (requirements/base.txt).

Exit code 1: there is a known vulnerability. 0: none is known, or nobody could be asked; then it says so, and with
`--strict` that is code 2. `--requirements FILE` asks about another list.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 240
EXCEPTIONS: dict[str, str] = {}
"""Vulnerability → why it cannot be used here, and until when that was looked at."""


def asked(requirements: Path) -> subprocess.CompletedProcess[str] | None:
    """What pip-audit says; None when it does not end."""
    ignored = [part for name in EXCEPTIONS for part in ("--ignore-vuln", name)]
    command = [
        *(sys.executable, "-m", "pip_audit", "--requirement", str(requirements)),
        *("--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off", "--timeout", "20", *ignored),
    ]
    try:
        return subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        return None


def vulnerable(text: str) -> list[str] | None:
    """A line for each vulnerability; None when this is no answer. A package that was skipped is no answer either: where
    packages come through a mirror, all of them are skipped, and pip-audit calls that "no known vulnerabilities"."""
    try:
        packages = json.loads(text)["dependencies"]
    except (json.JSONDecodeError, KeyError, TypeError):
        return None
    if any("skip_reason" in row for row in packages):
        return None
    return [
        f"{row['name']} {row['version']}: {found['id']}, opgelost in {', '.join(found['fix_versions']) or 'nog niets'}"
        for row in packages
        for found in row["vulns"]
    ]


def main() -> int:
    """Ask, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--requirements", type=Path, default=ROOT / "requirements" / "base.txt")
    options = parser.parse_args()
    answer = asked(options.requirements)
    found = vulnerable(answer.stdout) if answer else None
    if found is None:
        print(
            "NIET NAGEGAAN of er kwetsbaarheden bekend zijn: de lijst was niet te bereiken, of gaf niet over elk pakket"
        )
        print("antwoord. Draai dit met --strict waar er internet is.")
        return 2 if options.strict else 0
    for line in found:
        print(f"KWETSBAAR {line}")
    if not found:
        print("Geen bekende kwetsbaarheden in de pakketten van een server.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
