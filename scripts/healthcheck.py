"""Exit code 0 when the named process of this container is well (web, worker or schedule); for containers."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

SCHEDULE_SECONDS = 10 * 60
"""Beat writes its file down every three minutes; three times missed is not well."""


def web() -> bool:
    """Whether the application answers that it can serve, under a host name that it accepts."""
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".*") or "localhost"
    connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=8)
    connection.request("GET", "/gezond/", headers={"Host": host})
    return connection.getresponse().status == 200


def worker() -> bool:
    """Whether the worker of this machine answers on the queue."""
    command = ["celery", "-A", "thuiszitters", "inspect", "ping", "-d", f"celery@{os.uname().nodename}", "-t", "8"]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=25).returncode == 0


def schedule() -> bool:
    """Whether beat still writes down when it sent what."""
    files = list(Path(tempfile.gettempdir()).glob("schedule*"))
    return any(time.time() - file.stat().st_mtime < SCHEDULE_SECONDS for file in files)


if __name__ == "__main__":
    sys.exit(not {"web": web, "worker": worker, "schedule": schedule}[sys.argv[1]]())
