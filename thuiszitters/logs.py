"""How the log of the server reads, and what never gets into it.

An exception's own words quote what somebody typed or what a row holds ("Key (number)=(L12) already exists"): of an
exception the kind and the places in the code are kept, never its words or the values of variables.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

from thuiszitters.audit.origin import origin

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
WITHOUT_WORDS = ("args", "kwargs", "return_value", "traceback")


def kind_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def places(error: BaseException) -> str:
    """The kinds of an exception and of what caused it, each with its places in the code."""
    found, seen = [], set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        found.append(kind_of(current))
        found += [f"  {row.filename}:{row.lineno} {row.name}" for row in traceback.extract_tb(current.__traceback__)]
        current = current.__cause__ or current.__context__
    return "\n".join(found)


class WithoutWords(logging.Filter):
    """Takes the words of exceptions, and the arguments of jobs, out of what is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, dict):  # how Celery tells of its jobs
            bare = {name: "-" if name in WITHOUT_WORDS else value for name, value in record.args.items()}
            if "exc" in bare:
                bare["exc"] = kind_of(record.exc_info[1]) if record.exc_info and record.exc_info[1] else "een fout"
            record.args = bare
        elif isinstance(record.args, tuple):
            record.args = tuple(kind_of(value) if isinstance(value, BaseException) else value for value in record.args)
        vars(record).pop("data", None)
        return True


class LineFormatter(logging.Formatter):
    """A line for a person to read."""

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's own name
        return places(ei[1]) if ei[1] else ""


def line_formatter() -> logging.Formatter:
    return LineFormatter("{asctime} {levelname} {name} {message}", style="{")


def who_asked(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Adds which request this belongs to; the log of who did what has the rest under the same id."""
    if request_id := origin().request_id:
        event["request_id"] = request_id
    return event


def bare_exception(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The exception without its words."""
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = places(error)
    return event


def json_formatter() -> logging.Formatter:
    """A JSON object on each line, with the time in UTC; of whatever is logged with logging, by us or by a package."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            who_asked,
        ],
        processors=[
            bare_exception,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )
