"""`make run`: web server and worker, on both names of this machine, that live and stop together."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.processes import BIN, Process, environment, free_port, get, started


def command(port: int) -> list[str]:
    return [str(BIN / "python"), "scripts/run.py", "--port", str(port)]


def children(process: Process) -> dict[str, int]:
    """The process ids of web and worker, from the group leaders' own words."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            line = (entry / "cmdline").read_bytes().decode()
        except (OSError, IndexError):
            continue
        if parent == process.popen.pid:
            found["web" if "gunicorn" in line else "worker"] = int(entry.name)
    return found


def alive(group: int) -> bool:
    """Whether anything of the group still runs. What was killed stays listed until init has taken note of it."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, found = stat.read_text().rsplit(")", 1)[1].split()[:3]
            if int(found) == group and state not in {"Z", "X"}:
                return True
    return False


def left_over(groups: dict[str, int]) -> set[str]:
    """The groups that still run a little after the end. A kill is not done when it has been sent."""
    deadline = time.monotonic() + 5
    while any(alive(group) for group in groups.values()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return {name for name, group in groups.items() if alive(group)}


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="draait op Linux: leest /proc")


@needs_proc
def test_one_interrupt_stops_everything(tmp_path: Path) -> None:
    port = free_port()
    with started(command(port), environment(tmp_path, DEMO="0"), tmp_path / "run.log") as run:
        run.wait_for(lambda: "Stoppen: Ctrl-C" in run.text, "het adres is verteld")
        assert f"http://localhost:{port}" in run.text
        page = get(port, "/account/login/")
        assert page is not None
        assert page.status == 200
        if socket.has_ipv6 and Path("/proc/net/if_inet6").exists():
            assert get(port, "/gezond/", host="::1") is not None
        groups = children(run)
        assert sorted(groups) == ["web", "worker"]
        for_others = [path.name for path in (tmp_path, *tmp_path.rglob("*")) if path.stat().st_mode & 0o077]
        assert [name for name in for_others if name != "run.log"] == []

        run.popen.send_signal(signal.SIGINT)

        assert run.popen.wait(timeout=30) == 0
        assert left_over(groups) == set()
        assert get(port, "/gezond/") is None


@needs_proc
def test_all_stop_when_one_dies(tmp_path: Path) -> None:
    port = free_port()
    with started(command(port), environment(tmp_path, DEMO="0"), tmp_path / "run.log") as run:
        run.wait_for(lambda: "Stoppen: Ctrl-C" in run.text, "het adres is verteld")
        groups = children(run)

        os.kill(groups["worker"], signal.SIGKILL)

        assert run.popen.wait(timeout=30) == 1
        assert "'worker' is gestopt met code -9; de rest is ook gestopt." in run.text
        assert left_over(groups) == set()


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with started(command(port), environment(tmp_path, DEMO="0"), tmp_path / "run.log") as run:
            assert run.popen.wait(timeout=30) == 1
            assert run.text == (
                f"Poort {port} is op deze computer al in gebruik. Kies een andere: make run PORT={port + 1}\n"
            )
