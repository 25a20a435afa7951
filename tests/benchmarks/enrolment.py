"""Letting people into an automation, beside Tryton's marketing automation, on the same PostgreSQL.

Both look for whom something is new, ask a condition of each, and write down that they are in and at their first step.
Ours goes through changes of payments, as it always does; theirs searches its parties for those who are not in yet.
"""

import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from django.db import connection
from psycopg import sql

from automations.advance import advance
from automations.models import Enrolment
from automations.starting import changes
from tests.benchmarks.automations import CREATED, WAIT, all_of, begin, flow, happen, timed
from tests.benchmarks.figures import Figure
from tests.benchmarks.peers.environments import ROOT, python_of

GOAL = 1.0


def measure(database: str, quick: bool) -> None:
    """Let as many in on both sides, round by round in turn."""
    if database != "postgresql":
        return
    people, rounds = (1_000, 1) if quick else (10_000, 3)
    rates = [(people / _ours(people), people / _theirs(people)) for _ in range(rounds)]
    ours, theirs = (statistics.median(side) for side in zip(*rates, strict=True))
    Figure(
        name="enrolment",
        database=database,
        value=ours,
        unit="people/s",
        yardstick=f"Tryton's marketing automation, {theirs:,.0f} a second",
        ratio=statistics.median(mine / other for mine, other in rates),
        goal=GOAL,
    ).emit()


def _ours(people: int) -> float:
    asked = CREATED | {"where": {"field": "status", "op": "is_not", "value": "expired"}}
    begin([flow(asked, WAIT)])
    happen(people)
    seconds = timed(lambda: (all_of(changes.dispatch), all_of(advance)))
    if Enrolment.objects.count() != people:
        raise SystemExit(f"{Enrolment.objects.count()} of {people} are in.")
    return seconds


def _theirs(people: int) -> float:
    with _installed() as (file, name):
        done = _run("-m", "tests.benchmarks.peers.tryton.enrol", file, name, str(people))
    told = json.loads(done.splitlines()[-1])
    if (told["entered"], told["first_steps"]) != (people, people):
        raise SystemExit(f"Tryton has let in {told['entered']} of {people}.")
    return float(told["seconds"])


@contextmanager
def _installed() -> Iterator[tuple[str, str]]:
    """Have a database with the module, and the file with which Tryton finds it."""
    name, told = f"peer_{uuid4().hex[:12]}", connection.settings_dict
    server = f"{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT'] or 5432}"
    with tempfile.TemporaryDirectory() as folder, psycopg.connect(f"postgresql://{server}/{told['NAME']}") as own:
        own.autocommit = True
        file, secret = Path(folder) / "trytond.conf", Path(folder) / "password"
        file.write_text(f"[database]\nuri = postgresql://{server}/\n")
        secret.write_text(uuid4().hex)
        own.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            wanted = ("--update", "marketing_automation", "--activate-dependencies", "--email", "bench@example.com")
            admin = str(Path(python_of("tryton")).with_name("trytond-admin"))
            _run(admin, "--config", str(file), "--database", name, *wanted, TRYTONPASSFILE=str(secret))
            yield str(file), name
        finally:
            own.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(*arguments: str, **more: str) -> str:
    command = [python_of("tryton"), *arguments]
    done = subprocess.run(command, env=os.environ | more, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Tryton stopped: {' '.join(arguments)}\n{done.stdout[-1000:]}{done.stderr[-3000:]}")
    return done.stdout
