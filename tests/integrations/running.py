"""Real processes of the product, at work on the test's own database, and ended with their children at the latest."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).parents[2]
MANAGE = (sys.executable, "manage.py")
GUNICORN = (sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket", "--log-level", "warning")


def environment(**more: str) -> dict[str, str]:
    """Return what a process must know to work on the test's database."""
    return os.environ | {"DATABASE_URL": _address(), "DJANGO_SETTINGS_MODULE": "config.settings"} | more


@contextmanager
def running(*command: str, log: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process in a group of its own while the block runs; `log` takes what it says."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(**more), stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        kill(process)


def finished(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a process to its end, and return what it said."""
    return subprocess.run(command, cwd=ROOT, env=environment(**more), capture_output=True, text=True, check=False)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children at once, as a power cut does."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(is_true: Callable[[], object], *, seconds: float = 60) -> None:
    """Wait until something is true; a test that waits in vain fails."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def holds(pid: int, path: object) -> bool:
    """Say whether a process has a file open, or one beside it that begins with its name."""
    opened = (os.path.realpath(link) for link in Path(f"/proc/{pid}/fd").iterdir())
    return any(each.startswith(f"{path}") for each in opened)


def _address() -> str:
    """Write the database of this test as DATABASE_URL has it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user = f"{database['USER']}:{database['PASSWORD']}@" if database["USER"] else ""
    return f"postgres://{user}{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
