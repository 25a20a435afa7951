"""Run the benchmarks on each database that there is, in processes of their own, and print one table.

ONLY=name runs one of them, QUICK=1 makes them smaller. Each figure is also a JSON line in `bench.jsonl` under
DATA_DIR; with PUBLISH=1 it goes into `docs/benchmarks.jsonl` and onto the page made from it. The exit code is 1 if a
goal is missed.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.benchmarks import figures, lines, page
from tests.benchmarks.figures import Figure, table
from tests.benchmarks.suite import NAMES

FOLDER = Path(os.environ.get("DATA_DIR", "var"))
QUICK = os.environ.get("QUICK", "") not in ("", "0")
PUBLISH = os.environ.get("PUBLISH", "") not in ("", "0")


def main() -> int:
    """Measure, print, and tell whether every goal was reached."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    server = os.environ.get("TEST_DATABASE_URL", "")
    measured: list[Figure] = []
    kept: list[lines.Line] = []
    for figure in _all(_chosen(), server):
        print(figure, flush=True)
        measured.append(figure)
        kept.append(lines.written(figure, server, quick=QUICK))
        lines.write(kept, FOLDER / "bench.jsonl")
    print(table(measured))
    if PUBLISH:
        page.publish(lines.merged(lines.read(), kept))
    return 0 if measured and all(figure.ok for figure in measured) else 1


def _chosen() -> tuple[str, ...]:
    only = os.environ.get("ONLY", "")
    if only and only not in NAMES:
        sys.exit(f"ONLY must be one of {', '.join(NAMES)}.")
    return (only,) if only else NAMES


def _all(names: tuple[str, ...], server: str) -> Iterator[Figure]:
    """Measure on SQLite and then on PostgreSQL, each benchmark in a database of its own in which nothing is yet."""
    with tempfile.TemporaryDirectory(prefix="ritournelle-bench-") as folder:
        empty = f"sqlite:///{folder}/empty.sqlite3"
        _manage(empty, folder, "translations", "compile")
        _manage(empty, folder, "migrate", "--verbosity=0")
        for name in names:
            shutil.copy(f"{folder}/empty.sqlite3", f"{folder}/{name}.sqlite3")
            yield from _measured(name, f"sqlite:///{folder}/{name}.sqlite3", folder)
        if not server:
            print("PostgreSQL is left out: give TEST_DATABASE_URL=postgres://user:password@host/database.")
            return
        with _database(server) as empty:
            _manage(empty, folder, "migrate", "--verbosity=0")
            for name in names:
                with _database(server, like=empty) as url:
                    yield from _measured(name, url, folder)


def _measured(name: str, url: str, folder: str) -> Iterator[Figure]:
    """Run one benchmark on one database; each figure comes as a line of its own."""
    start = time.monotonic()
    command = [sys.executable, "-m", "tests.benchmarks.suite", name]
    with subprocess.Popen(command, env=_environment(url, folder), stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout or ():
            yield figures.read(json.loads(line), benchmark=name)
    if child.returncode:
        raise SystemExit(f"{name} on {url.partition(':')[0]} stopped with exit code {child.returncode}.")
    print(f"  ({name} took {time.monotonic() - start:,.0f} s)", flush=True)


def _manage(url: str, folder: str, *command: str) -> None:
    whole = [sys.executable, "manage.py", *command]
    subprocess.run(whole, env=_environment(url, folder), check=True, stdout=subprocess.DEVNULL)


def _environment(url: str, folder: str) -> dict[str, str]:
    own = {"DATABASE_URL": url, "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}
    return os.environ | own


@contextmanager
def _database(server: str, *, like: str = "template1") -> Iterator[str]:
    """Make a database for this run on the server, like another one, and remove it afterwards."""
    name, model = f"bench_{uuid4().hex[:12]}", like.rpartition("/")[2]
    with psycopg.connect(server, autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(model)))
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            _drop(connection, name)


def _drop(connection: psycopg.Connection, name: str) -> None:
    """Remove a database, if need be after a process of the server's own that tidies it up, which nobody may end."""
    for seconds in (1, 5, 25):
        with suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            return
        time.sleep(seconds)
    print(f"The database {name} could not be removed.")


if __name__ == "__main__":
    sys.exit(main())
