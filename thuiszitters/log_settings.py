"""Settings: where what is logged goes, and how it reads. What never gets into it: logs.py."""

from __future__ import annotations

from typing import Any


def log_settings(*, as_json: bool, level: str) -> dict[str, Any]:
    """Everything to the output of the process, in one form; nothing by mail."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_words": {"()": "thuiszitters.logs.WithoutWords"}},
        "formatters": {
            "line": {"()": "thuiszitters.logs.line_formatter"},
            "json": {"()": "thuiszitters.logs.json_formatter"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if as_json else "line",
                "filters": ["without_words"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        # Django's own way is to mail errors to ADMINS, with everything that the request held.
        "loggers": {"django": {"handlers": [], "propagate": True}},
    }
