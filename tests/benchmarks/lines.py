"""Figures as lines that are kept: where, when and on what they were measured, the newest of each."""

import json
import os
import platform
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from tests.benchmarks import figures
from tests.benchmarks.figures import Figure

KEPT = Path(__file__).parents[2] / "docs" / "benchmarks.jsonl"
_PACKAGES = ("Django", "celery", "psycopg", "stripe")
# Variables by which whoever measures makes something larger or smaller.
_SIZES = ("EVENTS", "HISTORY", "ROUNDS", "PEOPLE", "SIZES", "REPORT_MESSAGES")

type Line = dict[str, Any]


def written(measured: Figure, server: str, *, quick: bool) -> Line:
    """Return the line of a figure that was measured just now; `server` is where PostgreSQL is, if there is one."""
    return measured.as_json() | {
        "date": datetime.now(UTC).date().isoformat(),
        "quick": quick,
        "asked": {name: os.environ[name] for name in _SIZES if os.environ.get(name)},
        "machine": machine(),
        "versions": _versions(measured.database, server),
    }


def machine() -> str:
    """Say what this machine is."""
    cores, gigabytes = os.cpu_count(), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{cores} cores ({_processor()}), {gigabytes:.0f} GB, {platform.system()} {platform.machine()}"


def read(path: Path = KEPT) -> list[Line]:
    """Return the lines of a file, none where there is none."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def merged(before: Iterable[Line], news: Iterable[Line]) -> list[Line]:
    """Put new lines in the place of those of the same figures; all figures of a benchmark are measured together."""
    news = list(news)
    again = {(line["benchmark"], line["database"]) for line in news}
    return [line for line in before if (line["benchmark"], line["database"]) not in again] + news


def write(lines: Iterable[Line], path: Path = KEPT) -> None:
    """Write lines to a file, one a figure."""
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def as_figure(line: Line) -> Figure:
    """Return what a line says was measured."""
    return figures.read(line)


def _processor() -> str:
    told = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(":")[2].strip() for line in told if line.startswith("model name")), "unknown")


def _versions(database: str, server: str) -> dict[str, str]:
    known = {"Python": platform.python_version()} | {name: version(name) for name in _PACKAGES}
    if database == "sqlite":
        return known | {"SQLite": sqlite3.sqlite_version}
    with psycopg.connect(server) as connection:
        return known | {"PostgreSQL": str(connection.info.server_version // 10_000)}
