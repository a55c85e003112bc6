"""A database of the benchmarks' own on the server at hand, made for the run and then removed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from fpms import embedded

NAME = "fpms_bench"
PROJECT = Path(__file__).resolve().parents[1]


@contextmanager
def own_database(*, keep: bool = False) -> Iterator[str]:
    """Make an empty database, point DATABASE_URL at it and set Django up."""
    server = os.environ.get("DATABASE_URL") or embedded.database_url("postgres")
    url = urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))
    maintenance = urlunsplit(urlsplit(server)._replace(path="/postgres"))
    if not (keep and _exists(maintenance)):
        _drop(maintenance)
        _run(maintenance, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fpms.settings")
    _migrate()
    _set_up_django()
    try:
        yield url
    finally:
        _close()
        if not keep:
            _drop(maintenance)


def _run(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(sql.Identifier(NAME)))
    finally:
        connection.close()


def _exists(url: str) -> bool:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            return cursor.fetchone() is not None
    finally:
        connection.close()


def _drop(url: str) -> None:
    _run(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)")


def _migrate() -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=PROJECT, check=True
    )


def _set_up_django() -> None:
    import django

    django.setup()


def _close() -> None:
    from django.db import connection

    connection.close()
