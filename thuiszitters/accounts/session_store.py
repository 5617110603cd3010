"""Where sessions are kept: in the database, as Django does, and each of them with the moment at which it began."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession

BEGUN, SEEN = "begun_at", "seen_at"
"""Keys in the session: seconds since 1970."""


class SessionStore(DatabaseStore):
    """Whoever logs somebody in, in whatever way: no session goes without a beginning, and so without an end."""

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        if SESSION_KEY in data:
            now = int(time.time())
            data.setdefault(BEGUN, now)
            data.setdefault(SEEN, now)
        return super().create_model_instance(data)
