"""Starts the project's own processes for a test, and ends them with everything that they have started."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
BIN = Path(sys.executable).parent
PATIENCE_SECONDS = 60


class Process:
    """A running process with what it has printed so far."""

    def __init__(self, popen: subprocess.Popen[bytes], output: Path) -> None:
        self.popen = popen
        self._output = output

    @property
    def text(self) -> str:
        """All it has printed."""
        return self._output.read_text(errors="replace")

    def wait_for(self, condition: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until `condition` holds. Ending before that, or taking too long, fails the test with the output."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.popen.poll() is None, f"gestopt met {self.popen.returncode}, voor: {what}\n{self.text}"
            assert time.monotonic() < deadline, f"na {seconds} s nog niet: {what}\n{self.text}"
            time.sleep(0.1)


def environment(var_dir: Path, **own: str) -> dict[str, str]:
    """The environment of a process that must not inherit that of the tests. Its database and files are the test's."""
    kept = {name: value for name, value in os.environ.items() if name in {"HOME", "LANG", "LC_ALL", "TMPDIR", "USER"}}
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "DJANGO_SETTINGS_MODULE": "thuiszitters.settings", "VAR_DIR": str(var_dir), **own}


def database_url() -> str:
    """The PostgreSQL database of this test, as another process reaches it (the test must be transactional)."""
    at = connection.settings_dict
    if at["HOST"].startswith("/"):
        return f"postgres:///{at['HOST']}/{at['NAME']}"
    login = quote(at["USER"]) + (f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else "")
    return f"postgres://{login}@{at['HOST'] or 'localhost'}:{at['PORT'] or 5432}/{at['NAME']}"


@contextlib.contextmanager
def started(command: Sequence[str], env: Mapping[str, str], output: Path) -> Iterator[Process]:
    """The process of `command`, in a group of its own; after the block nothing of that group is left."""
    with output.open("wb") as file:
        popen = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield Process(popen, output)
    finally:
        popen.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            popen.wait(timeout=10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(popen.pid, signal.SIGKILL)
        popen.wait()


def finished(command: Sequence[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `command` to its end, with what it printed."""
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    text: str


def get(port: int, path: str, *, host: str = "127.0.0.1", headers: Mapping[str, str] | None = None) -> Answer | None:
    """The answer of a server on this machine, or None when nobody answers there."""
    client = HTTPConnection(host, port, timeout=10)
    try:
        client.request("GET", path, headers=dict(headers or {}))
        response = client.getresponse()
        return Answer(response.status, dict(response.headers), response.read().decode())
    except OSError:
        return None
    finally:
        client.close()
