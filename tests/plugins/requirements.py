"""Leave out the tests that this machine cannot run, and say so: which, how many, and what would let them run.

A test asks by its mark: `browser`, `redis` or `postgres` (the last ones connect to TEST_DATABASE_URL themselves, so
they run whatever database the others use). With REQUIRE_ALL=1 a machine that lacks something fails at once.
"""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Return the path of a Chromium: what CHROMIUM names, or the first on the PATH."""
    names = (os.environ["CHROMIUM"],) if os.environ.get("CHROMIUM") else BROWSERS
    return next((path for name in names if (path := shutil.which(name))), None)


def redis_server() -> str | None:
    """Return the path of redis-server."""
    return shutil.which("redis-server")


def postgres() -> str | None:
    """Return the address of a PostgreSQL server on which tests may make databases."""
    return os.environ.get("TEST_DATABASE_URL") or None


def postgres_client() -> str | None:
    """Return the path of pg_dump; tests that run on SQLite need none."""
    on_postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    return shutil.which("pg_dump") if on_postgres else "not needed"


def postgres_server() -> str | None:
    """Return the path of initdb, which lies beside the server; Debian does not put it on the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return str(found[-1]) if found else shutil.which("initdb")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something outside Python that some tests need."""

    mark: str
    name: str
    find: Callable[[], str | None]
    remedy: str


PARTS = (
    Part(
        mark="postgres",
        name="PostgreSQL",
        find=postgres,
        remedy="give TEST_DATABASE_URL=postgres://user:password@host/database, whose user may create databases",
    ),
    Part(
        mark="cluster",
        name="PostgreSQL's server programs",
        find=postgres_server,
        remedy="install postgresql, whose initdb and pg_ctl make a server of the test's own",
    ),
    Part(mark="backup", name="PostgreSQL's client", find=postgres_client, remedy="install postgresql-client"),
    Part(mark="browser", name="Chromium", find=chromium, remedy="install chromium, or name it in CHROMIUM=/path"),
    Part(mark="redis", name="redis-server", find=redis_server, remedy="install redis-server"),
)


def absent() -> list[Part]:
    """Return what this machine lacks."""
    return [part for part in PARTS if part.find() is None]


def all_required() -> bool:
    """Tell whether leaving something out counts as a failure."""
    return os.environ.get("REQUIRE_ALL", "") not in ("", "0")


LEFT_OUT = pytest.StashKey[Counter[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to start where everything is required and something is not there."""
    config.stash[LEFT_OUT] = Counter()
    if all_required() and (missing := absent()):
        reasons = "; ".join(f"{part.name} is missing: {part.remedy}" for part in missing)
        raise pytest.UsageError(f"REQUIRE_ALL=1, but {reasons}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out the tests whose mark names something absent."""
    for part in absent():
        left_out = [item for item in items if item.get_closest_marker(part.mark)]
        if left_out:
            config.stash[LEFT_OUT][part.mark] = len(left_out)
            items[:] = [item for item in items if item not in left_out]
            config.hook.pytest_deselected(items=left_out)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the controlling process, which collects nothing itself, what this worker left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(session.config.stash[LEFT_OUT])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Hear what a worker left out; each leaves out the same."""
    told = getattr(node, "workeroutput", {}).get("left_out", {})
    node.config.stash[LEFT_OUT].update({mark: n for mark, n in told.items() if mark not in node.config.stash[LEFT_OUT]})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out."""
    for part in absent():
        if count := config.stash[LEFT_OUT][part.mark]:
            terminalreporter.write_line(f"Left out: {count} tests that need {part.name}; {part.remedy}", yellow=True)
