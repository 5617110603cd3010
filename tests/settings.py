"""The settings under which the tests run: the project's own, in an environment that holds nothing of this machine.

An environment variable that a developer has set for the application must not change what a test sees. What the tests do
take from outside is `DATABASE_URL` (which database the whole suite runs on) and `REDIS_URL` (for the tests that start
real processes; the suite itself calls tasks at once and has a cache of its own).
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_FROM_OUTSIDE = ("DATABASE_URL", "TEST_REDIS_URL")
_SETTING_NAMES = (
    "ALLOWED_HOSTS",
    "AUDIT_KEYS",
    "CONN_MAX_AGE",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "DEMO",
    "DEVELOPMENT",
    "DIGEST_KEY",
    "EMAIL_URL",
    "FIELD_KEYS",
    "LOG_LEVEL",
    "SECRET_KEY",
    "SITE_URL",
)
_var_dir = Path(tempfile.mkdtemp(prefix="thuiszitters-test-"))
atexit.register(shutil.rmtree, _var_dir, ignore_errors=True)

# Kept under another name, since settings that know a REDIS_URL would share one cache between parallel tests. Workers of
# pytest-xdist inherit it so.
os.environ.setdefault("TEST_REDIS_URL", os.environ.pop("REDIS_URL", ""))
for _name in ("REDIS_URL", *_SETTING_NAMES):
    os.environ.pop(_name, None)
os.environ["MODE"] = "embedded"
os.environ["VAR_DIR"] = str(_var_dir)
os.environ["CELERY_TASK_ALWAYS_EAGER"] = "1"
# Playwright keeps an event loop in the thread of the tests, which Django would take for asynchronous code of our own.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from thuiszitters.settings import *  # noqa: E402, F403 - after the environment is made

(_var_dir / "static").mkdir(exist_ok=True)  # WhiteNoise warns without, and a warning is an error here
CELERY_TASK_EAGER_PROPAGATES = True
MEDIA_ROOT = _var_dir / "media"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; the real one is slow on purpose
