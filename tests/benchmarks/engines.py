"""Segments beside DuckDB, which reads columns on all cores and has nothing else to do: the same counts, and how fast.

S1 asks several conditions of one and the same payment, S2 has groups within groups and `not`, S3 asks for a window of
time. DuckDB counts a copy of the rows that is made before, so it knows of no change since; ours counts what is there.
PEOPLE says how many there are, with half as many payments again.
"""

import csv
import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from contacts.models import Contact
from subscriptions.models import RecurringPayment
from subscriptions.segments import reading, tallies
from subscriptions.segments.clock import Clock
from subscriptions.segments.compiler import World
from tests.benchmarks.crowd import gather
from tests.benchmarks.figures import Figure
from tests.benchmarks.peers.environments import ROOT, python_of
from tests.benchmarks.segments import timed

SIZES = {"postgresql": 1_000_000, "sqlite": 100_000}
# As many times as long as DuckDB at most.
GOAL = 10.0
COLUMNS = {
    "contact": (Contact, {"id": "BIGINT"}),
    "payment": (
        RecurringPayment,
        {
            "contact_id": "BIGINT",
            "status": "VARCHAR",
            "billing_city": "VARCHAR",
            "payment_amount": "DECIMAL(19, 4)",
            "next_payment_date": "TIMESTAMPTZ",
            "cancelled_date": "TIMESTAMPTZ",
        },
    ),
}


def _is(name: str, value: Any, op: str = "is") -> dict[str, Any]:
    return {"field": name, "op": op, "value": value}


def _paying(where: dict[str, Any], match: Any = "any") -> dict[str, Any]:
    return {"recurring_payment": where, "match": match}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A segment, and the same as SQL over the copy; `{now}`, `{soon}` and `{before}` are moments."""

    name: str
    tree: dict[str, Any]
    sql: str


QUESTIONS = (
    Question(
        name="S1_one_payment",
        tree=_paying(
            {"all": [_is("status", "paused"), _is("billing_city", "Chicago"), _is("payment_amount", 50, "more_than")]}
        ),
        sql="SELECT COUNT(DISTINCT contact_id) FROM payment "
        "WHERE status = 'paused' AND lower(trim(billing_city)) = 'chicago' AND payment_amount > 50",
    ),
    Question(
        name="S2_nested_with_not",
        tree={
            "all": [
                {
                    "any": [
                        _paying({"all": [_is("status", "active"), _is("billing_city", "Lyon")]}),
                        _paying({"all": [_is("status", "payment_failed")]}),
                    ]
                },
                {"not": _paying({"all": [_is("status", "cancelled")]})},
            ]
        },
        sql="SELECT COUNT(*) FROM contact c WHERE (EXISTS (SELECT 1 FROM payment p WHERE p.contact_id = c.id "
        "AND p.status = 'active' AND lower(trim(p.billing_city)) = 'lyon') OR EXISTS (SELECT 1 FROM payment p "
        "WHERE p.contact_id = c.id AND p.status = 'payment_failed')) AND NOT EXISTS (SELECT 1 FROM payment p "
        "WHERE p.contact_id = c.id AND p.status = 'cancelled')",
    ),
    Question(
        name="S3_window_of_time",
        tree=_paying(
            {
                "all": [
                    _is("next_payment_date", {"n": 30, "unit": "days"}, "in_the_next"),
                    {"not": _is("cancelled_date", {"n": 90, "unit": "days"}, "in_the_last")},
                ]
            }
        ),
        sql="SELECT COUNT(DISTINCT contact_id) FROM payment WHERE next_payment_date BETWEEN '{now}' AND '{soon}' "
        "AND NOT coalesce(cancelled_date BETWEEN '{before}' AND '{now}', false)",
    ),
)


def measure(database: str, quick: bool) -> None:
    """Make the people, copy what DuckDB is asked for, and count on both sides."""
    people = int(os.environ.get("PEOPLE", SIZES[database] // (20 if quick else 1)))
    gather(people=people, payments=people * 3 // 2)
    now = timezone.now()
    ours = {one.name: timed(_counter(one, now)) for one in QUESTIONS}
    for question, told in zip(QUESTIONS, _theirs(now), strict=True):
        count, seconds = ours[question.name]
        if count != told["count"]:
            raise SystemExit(f"{question.name} counts {count}, and DuckDB {told['count']}.")
        Figure(
            name=question.name,
            database=database,
            value=seconds * 1000,
            unit="ms",
            yardstick=f"DuckDB, {told['seconds'] * 1000:.1f} ms; {count:,} of {people:,} people",
            ratio=seconds / told["seconds"],
            goal=GOAL,
            more_is_better=False,
        ).emit()


def _counter(question: Question, now: datetime) -> Callable[[], int]:
    return partial(tallies.total, reading.read(question.tree), World(clock=Clock(now=now)))


def _theirs(now: datetime) -> list[dict[str, Any]]:
    moments = {"now": now, "soon": now + timedelta(days=30), "before": now - timedelta(days=90)}
    asked = "".join(
        one.sql.format(**{name: moment.isoformat() for name, moment in moments.items()}) + "\n" for one in QUESTIONS
    )
    with tempfile.TemporaryDirectory(prefix="ritournelle-duckdb-") as folder:
        for table, (model, columns) in COLUMNS.items():
            (Path(folder) / f"{table}.sql").write_text(", ".join(f"{name} {kind}" for name, kind in columns.items()))
            _copy(f"SELECT {', '.join(columns)} FROM {model._meta.db_table}", Path(folder) / f"{table}.csv")
        command = [python_of("duckdb"), "-m", "tests.benchmarks.peers.duckdb.count", folder]
        done = subprocess.run(command, cwd=ROOT, input=asked, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"DuckDB stopped: {done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _copy(select: str, path: Path) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with path.open("wb") as file, cursor.copy(f"COPY ({select}) TO STDOUT WITH (FORMAT csv)") as rows:
                file.writelines(rows)
            return
        cursor.execute(select)
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(cursor)
