"""Run the benchmarks on each database that there is, in processes of their own, and print one table.

ONLY=name runs one of them, QUICK=1 makes them smaller. Each figure is also a JSON line in `bench.jsonl` under
DATA_DIR. The exit code is 1 if a goal is missed.
"""

import json
import os
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

from tests.benchmarks.figures import Figure, table

FOLDER = Path(os.environ.get("DATA_DIR", "var"))


def main() -> int:
    """Measure, print, and tell whether every goal was reached."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="ritournelle-bench-") as folder:
        figures += _measured(f"sqlite:///{folder}/bench.sqlite3", folder)
        server = os.environ.get("TEST_DATABASE_URL")
        if server:
            with _database(server) as url:
                figures += _measured(url, folder)
        else:
            print("PostgreSQL is left out: give TEST_DATABASE_URL=postgres://user:password@host/database.")
    print(table(figures))
    lines = "".join(json.dumps(figure.as_json()) + "\n" for figure in figures)
    (FOLDER / "bench.jsonl").write_text(lines)
    return 0 if figures and all(figure.ok for figure in figures) else 1


def _measured(url: str, folder: str) -> Iterator[Figure]:
    """Run every benchmark on one database; each figure comes as a line of its own."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "DATA_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
    }
    command = [sys.executable, "-m", "tests.benchmarks.suite"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout or ():
            figure = Figure(**json.loads(line))
            print(figure, flush=True)
            yield figure
    if child.returncode:
        raise SystemExit(f"The benchmarks on {url.partition(':')[0]} stopped with exit code {child.returncode}.")


@contextmanager
def _database(server: str) -> Iterator[str]:
    """Make a database for this run on the server, and remove it afterwards."""
    name = f"bench_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
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
