"""Starts pytest with the PostgreSQL and Redis of this machine, if they answer and nothing else was asked for.

`DATABASE_URL` and `REDIS_URL` that are set stay as they are; set but empty means: without (then SQLite).
Only test databases are made, in PostgreSQL with a name of this checkout, in Redis in an empty database number.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg2
import redis

ROOT = Path(__file__).resolve().parent.parent
WAIT_SECONDS = 2
SOCKET_FOLDERS = ("/var/run/postgresql", "/tmp")  # noqa: S108 - where PostgreSQL listens on Debian and on macOS


def local_postgres() -> str | None:
    """The address of a PostgreSQL on the standard port that lets us in without a password and make databases."""
    name = f"thuiszitters_{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
    # By network as ourselves or as postgres; by socket as ourselves, which is what a fresh PostgreSQL lets in.
    places = {
        f"postgres://{quote(user)}@127.0.0.1:5432": {"host": "127.0.0.1", "user": user}
        for user in (getpass.getuser(), "postgres")
    } | {f"postgres:///{folder}": {"host": folder} for folder in SOCKET_FOLDERS}
    for address, place in places.items():
        try:
            connection = psycopg2.connect(port=5432, dbname="postgres", connect_timeout=WAIT_SECONDS, **place)
        except psycopg2.OperationalError:
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            row = cursor.fetchone()
        connection.close()
        if row and row[0]:
            return f"{address}/{name}"
    return None


def local_redis() -> str | None:
    """The address of an empty database in a Redis on the standard port."""
    for number in range(15, -1, -1):
        client = redis.Redis(port=6379, db=number, socket_connect_timeout=WAIT_SECONDS)
        try:
            if client.dbsize() == 0:
                return f"redis://127.0.0.1:6379/{number}"
        except redis.RedisError:
            return None
        finally:
            client.close()
    return None


def main() -> None:
    """Fill in what is not set, say what is used, and become pytest."""
    for name, find in (("DATABASE_URL", local_postgres), ("REDIS_URL", local_redis)):
        if name not in os.environ:
            os.environ[name] = find() or ""
    print("Database:", "PostgreSQL" if os.environ["DATABASE_URL"].startswith("postgres") else "SQLite")
    print("Redis:   ", "ja" if os.environ["REDIS_URL"] else "nee", flush=True)
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *sys.argv[1:]])  # noqa: S606 - no shell is meant


if __name__ == "__main__":
    main()
