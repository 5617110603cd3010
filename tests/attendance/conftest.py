"""How many pupils the property tests make up: HYPOTHESIS_PROFILE=thorough for a long run."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("few", max_examples=300, deadline=None)
settings.register_profile("repeatable", settings.get_profile("few"), derandomize=True, database=None)
settings.register_profile("thorough", settings.get_profile("few"), max_examples=20_000)

IN_CI = bool(os.environ.get("CI"))

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("repeatable" if IN_CI else "few"))
