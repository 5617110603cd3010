"""The containers cannot be started here, so: the composition is valid, and what it starts works without it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery import Celery
from cryptography.fernet import Fernet

from tests.processes import BIN, ROOT, database_url, environment, finished, free_port, get, started

REQUIRED = [
    "ALLOWED_HOSTS",
    "AUDIT_KEYS",
    "DEFAULT_FROM_EMAIL",
    "DIGEST_KEY",
    "EMAIL_URL",
    "FIELD_KEYS",
    "POSTGRES_PASSWORD",
    "SECRET_KEY",
    "SITE_URL",
]
SECRET_KEY = "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz"
DIRECT = {"Host": "thuiszitters.example"}
FIELD_KEYS = Fernet.generate_key().decode()
BEHIND_TLS = {**DIRECT, "X-Forwarded-Proto": "https"}


def compose(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": str(BIN), "HOME": "/nonexistent", **variables}
    return finished([str(BIN / "docker-compose"), "--env-file", "/dev/null", *arguments], env)


def services() -> dict[str, dict[str, Any]]:
    answer = compose("--profile", "trial", "config", "--format", "json", **dict.fromkeys(REQUIRED, "x"))
    found: dict[str, dict[str, Any]] = json.loads(answer.stdout)["services"]
    return found


def image_command() -> list[str]:
    """The command of the image: what `web` runs."""
    last = re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[-1]
    command: list[str] = json.loads(last)
    return command


# ------------------------------------------------------------------------------------------- the files


def test_compose_is_valid() -> None:
    answer = compose("config", "--quiet", **dict.fromkeys(REQUIRED, "x"))

    assert (answer.returncode, answer.stderr) == (0, "")


def test_compose_refuses_a_key_that_the_specification_does_not_know(tmp_path: Path) -> None:
    wrong = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    wrong["services"]["web"]["helthcheck"] = {}
    file = tmp_path / "docker-compose.yml"
    file.write_text(yaml.safe_dump(wrong))

    answer = compose("--file", str(file), "config", "--quiet", **dict.fromkeys(REQUIRED, "x"))

    assert answer.returncode != 0
    assert "helthcheck" in answer.stderr


@pytest.mark.parametrize("name", REQUIRED)
def test_compose_stops_without(name: str) -> None:
    answer = compose("config", "--quiet", **{other: "x" for other in REQUIRED if other != name})

    assert answer.returncode != 0
    assert f"required variable {name} is missing a value" in answer.stderr


def test_env_example_names_what_is_required() -> None:
    named = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert named == set(REQUIRED)


def test_every_service_has_a_health_check() -> None:
    without = {name for name, service in services().items() if "test" not in service.get("healthcheck", {})}

    # `web` has that of the image; `migrate` ends by itself.
    assert without == {"web", "migrate"}
    assert 'CMD ["python", "scripts/healthcheck.py", "web"]' in (ROOT / "Dockerfile").read_text()


def test_our_processes_wait_for_the_migration() -> None:
    waits = {
        name: service["depends_on"]["migrate"]["condition"]
        for name, service in services().items()
        if "migrate" in service.get("depends_on", {})
    }

    assert waits == dict.fromkeys(("web", "worker", "beat"), "service_completed_successfully")


def test_dockerfile_has_no_complaints() -> None:
    answer = finished([str(BIN / "hadolint"), "Dockerfile"], environment(ROOT))

    assert (answer.returncode, answer.stdout) == (0, "")


def test_image_has_everything_that_the_processes_need() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert {path for path in kept if not (ROOT / path).exists()} == set()
    assert {"manage.py", "templates", "static", "thuiszitters", "attendance", "cases", "tables"} <= kept


# ------------------------------------------------------------------------------------------- settings


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "FIELD_KEYS", "DIGEST_KEY", "AUDIT_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"]
)
def test_server_does_not_start_without(name: str, tmp_path: Path) -> None:
    given = {
        "SECRET_KEY": SECRET_KEY,
        "FIELD_KEYS": FIELD_KEYS,
        "DIGEST_KEY": SECRET_KEY,
        "AUDIT_KEYS": SECRET_KEY,
        "ALLOWED_HOSTS": "thuiszitters.example",
        "DATABASE_URL": "postgres://localhost/x",
        "REDIS_URL": "redis://localhost/0",
    }
    del given[name]

    answer = finished([str(BIN / "python"), "manage.py", "check"], environment(tmp_path, MODE="server", **given))

    assert answer.returncode != 0
    assert f"De omgevingsvariabele {name} ontbreekt" in answer.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", ["DEBUG", "DEVELOPMENT"])
def test_server_does_not_start_with(name: str, tmp_path: Path) -> None:
    """Such a page shows what a request holds."""
    env = environment(tmp_path, MODE="server", SECRET_KEY=SECRET_KEY, FIELD_KEYS=FIELD_KEYS, **{name: "1"})

    answer = finished([str(BIN / "python"), "manage.py", "check"], env)

    assert answer.returncode != 0
    assert "DEBUG en DEVELOPMENT" in answer.stderr.splitlines()[-1]


# ------------------------------------------------------------------------------------------- the processes


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_web_worker_and_schedule_work_together(tmp_path: Path, redis_url: str) -> None:
    port = free_port()
    commands = {name: service["command"] for name, service in services().items() if service.get("command")}
    schedule = [part.replace("/tmp/", f"{tmp_path}/") for part in commands["beat"]]  # noqa: S108 - the container's
    env = environment(
        tmp_path,
        MODE="server",
        SECRET_KEY=SECRET_KEY,
        FIELD_KEYS=FIELD_KEYS,
        DIGEST_KEY=SECRET_KEY,
        AUDIT_KEYS=SECRET_KEY,
        ALLOWED_HOSTS="thuiszitters.example,www.thuiszitters.example",
        SITE_URL="https://thuiszitters.example",
        DATABASE_URL=database_url(),
        REDIS_URL=redis_url,
        EMAIL_URL="dummymail://",
        PORT=str(port),
        WEB_CONCURRENCY="2",
        TMPDIR=str(tmp_path),
    )

    for command in (commands["migrate"], ["python", "manage.py", "collectstatic", "--noinput"]):
        answer = finished(command, env)
        assert answer.returncode == 0, answer.stderr

    with (
        started(image_command(), env, tmp_path / "web.log") as web,
        started(commands["worker"], env, tmp_path / "worker.log") as worker,
        started(schedule, env, tmp_path / "beat.log") as beat,
    ):
        web.wait_for(
            lambda: get(port, "/gezond/", headers={"Host": "thuiszitters.example"}) is not None, "een antwoord"
        )
        health = get(port, "/gezond/", headers={"Host": "thuiszitters.example"})
        assert health is not None
        assert (health.status, json.loads(health.text)) == (200, {"status": "ok"})

        login = get(port, "/account/login/", headers=BEHIND_TLS)
        assert login is not None
        assert login.status == 200
        policy = login.headers["Content-Security-Policy"]
        assert ("unsafe-inline" in policy, "upgrade-insecure-requests" in policy) == (False, True)
        assert login.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert login.headers["Set-Cookie"].startswith("__Host-csrftoken=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(login.headers["Set-Cookie"].split("; "))
        sheet = re.search(r'href="(/static/[^"]+\.css)"', login.text)
        assert sheet is not None
        style = get(port, sheet[1], headers=BEHIND_TLS)
        assert style is not None
        assert style.status == 200
        assert "immutable" in style.headers["Cache-Control"]

        plain = get(port, "/account/login/", headers=DIRECT)
        assert plain is not None
        assert (plain.status, plain.headers["Location"]) == (301, "https://thuiszitters.example/account/login/")
        strange = get(port, "/gezond/", headers={"Host": "elders.example"})
        assert strange is not None
        assert strange.status == 400

        worker.wait_for(lambda: " ready." in worker.text, "de werker is klaar")
        sent = Celery(broker=redis_url, set_as_current=False).send_task("cases.follow_up")
        worker.wait_for(lambda: f"cases.follow_up[{sent.id}] succeeded" in worker.text, "de taak is gedaan")

        beat.wait_for(lambda: "beat: Starting..." in beat.text, "het rooster loopt")
        for kind in ("web", "worker", "schedule"):
            assert finished(["python", "scripts/healthcheck.py", kind], env).returncode == 0, kind
    assert finished(["python", "scripts/healthcheck.py", "worker"], env).returncode != 0
