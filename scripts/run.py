"""Starts the application on this machine: the web server, and a worker that also keeps the schedule. Ctrl-C stops all.

The web server is gunicorn with one process and threads: what it serves is what a server serves (no DEBUG, the same
Content-Security-Policy, static files by WhiteNoise), and one process is what SQLite and a cache in memory ask for.
Django's own runserver would do neither.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
GRACE_SECONDS = 15
START_SECONDS = 90


def main() -> int:
    """Prepare, start, say where to go, and wait until the person or a process stops."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--prepare", action="store_true", help="alleen de database klaarmaken")
    options = parser.parse_args()
    os.chdir(ROOT)
    keep_from_others(var_dir())
    os.environ["DJANGO_SETTINGS_MODULE"] = "thuiszitters.settings"
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("SITE_URL", f"http://localhost:{options.port}")
    if options.prepare:
        prepare()
        return 0
    addresses = loopback_addresses(options.port)
    # A child of its own, so that the memory it takes is not kept for as long as the application runs.
    if subprocess.run([sys.executable, __file__, "--prepare"], check=False).returncode:
        return 1
    return Household(options.port, addresses).run()


def var_dir() -> Path:
    """Where database, logs and secrets are kept."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var")


def keep_from_others(place: Path) -> None:
    """Nobody else on this machine reads the database, or in the log the mail with a link to choose a password.

    Also what an older version left readable for all: nobody comes by it any more.
    """
    os.umask(0o077)
    place.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(PermissionError):  # a directory that somebody else made for this
        place.chmod(0o700)


def with_demo() -> bool:
    """Whether invented pupils are wanted: yes, unless DEMO says no."""
    return os.environ["DEMO"].lower() not in {"0", "false", "no", "nee", ""}


def prepare() -> None:
    """Bring the database up to date, and fill it with demo data when it is empty."""
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415 - the supervisor itself needs no Django

    django.setup()
    from django.core.management import call_command, get_commands  # noqa: PLC0415 - only after setup

    call_command("migrate", verbosity=0)
    if with_demo() and "make_demo" in get_commands():
        call_command("make_demo", if_empty=True)


def logins() -> str:
    """As whom one can log in to the demo, as `manage.py demo_logins` tells it."""
    if not with_demo():
        return ""
    answer = subprocess.run([sys.executable, "manage.py", "demo_logins"], check=False, capture_output=True, text=True)
    return answer.stdout if answer.returncode == 0 else ""


def loopback_addresses(port: int) -> list[str]:
    """What to listen on: 127.0.0.1, and ::1 where it exists (`localhost` means either). A taken port stops all."""
    addresses = []
    for family, host, written in ((socket.AF_INET, "127.0.0.1", "127.0.0.1"), (socket.AF_INET6, "::1", "[::1]")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if family == socket.AF_INET6 and not in_use(error):
                continue
            sys.exit(f"Poort {port} is op deze computer al in gebruik. Kies een andere: make run PORT={port + 1}")
        addresses.append(f"{written}:{port}")
    return addresses


def in_use(error: OSError) -> bool:
    """Whether another program listens, as against: this machine has no such address."""
    return error.errno in {errno.EADDRINUSE, errno.EACCES}


class Household:
    """The processes that live and stop together. Each in a group of its own, so that a Ctrl-C reaches only this one."""

    def __init__(self, port: int, addresses: list[str]) -> None:
        self.port = port
        self.logs = var_dir() / "log"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = 0
        binds = [part for address in addresses for part in ("--bind", address)]
        schedule = self.logs.parent / "schedule"
        web = "thuiszitters.wsgi --workers 1 --threads 8 --timeout 120 --no-control-socket"
        worker = "-A thuiszitters worker --beat --concurrency 2 --without-gossip --without-mingle --loglevel INFO"
        self.commands: dict[str, list[str | Path]] = {
            "web": [BIN / "gunicorn", *web.split(), *binds],
            "worker": [BIN / "celery", *worker.split(), "--schedule", schedule],
        }

    def run(self) -> int:
        """Start all and stay until something ends it; 0 when a person asked for the end."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)
        self.logs.mkdir(parents=True, exist_ok=True)
        try:
            for name, command in self.commands.items():
                with (self.logs / f"{name}.log").open("wb") as log:
                    self.processes[name] = subprocess.Popen(
                        command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True
                    )
            self.wait_for_web()
            while not self.stopping and not self.dead():
                time.sleep(0.2)
        finally:
            died = "" if self.stopping else self.dead()
            self.stop_all()
        if died:
            tail = (self.logs / f"{died}.log").read_text(errors="replace").splitlines()[-25:]
            print(*tail, sep="\n", file=sys.stderr)
            print(
                f"\n'{died}' is gestopt met code {self.processes[died].returncode}; de rest is ook gestopt. "
                f"Hierboven staat het eind van {self.logs / died}.log.",
                file=sys.stderr,
            )
            return 1
        print("Gestopt. De gegevens blijven bewaard.")
        return 0

    def ask_to_stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the form of a signal handler
        """Once: stop in good order. Twice: at once."""
        self.stopping += 1
        if self.stopping == 1:
            print("\nStoppen… (nog een keer Ctrl-C: meteen)", flush=True)

    def dead(self) -> str:
        """The name of a process that has ended, or nothing."""
        return next((name for name, process in self.processes.items() if process.poll() is not None), "")

    def wait_for_web(self) -> None:
        """Tell where to go as soon as the first page answers."""
        deadline = time.monotonic() + START_SECONDS
        while not self.stopping and not self.dead():
            if self.answers():
                self.tell()
                return
            if time.monotonic() > deadline:
                print(f"De webserver antwoordt nog niet; zie {self.logs}/web.log.", file=sys.stderr)
                return
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether the application says that it is healthy."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/gezond/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def tell(self) -> None:
        """The few lines that a person needs."""
        accounts = logins()
        print(f"\nThuiszitters draait:  http://localhost:{self.port}\n")
        if accounts:
            print(accounts)
        print(f"Logboeken (ook de mail die verstuurd zou zijn): {self.logs}\nStoppen: Ctrl-C", flush=True)

    def stop_all(self) -> None:
        """End every process with its children, and wait for them. A second Ctrl-C or 15 seconds end the patience."""
        asked = self.stopping
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while any(process.poll() is None for process in self.processes.values()):
            if time.monotonic() > deadline or self.stopping > max(asked, 1):
                break
            time.sleep(0.05)
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # also what a dead parent has left behind
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
