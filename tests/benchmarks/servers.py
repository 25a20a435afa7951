"""The product's own server in a process of its own, as production runs it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.shops import free_port, wait_for


@contextmanager
def gunicorn(processes: int = 1, **more: str) -> Iterator[int]:
    """Run gunicorn on a port of its own and yield the port; `more` is added to its environment."""
    port = free_port()
    options = [f"--bind=127.0.0.1:{port}", f"--workers={processes}", "--threads=4", "--worker-class=gthread"]
    command = [sys.executable, "-m", "gunicorn", *options, "--keep-alive=30", "config.wsgi"]
    environment = os.environ | {"ALLOWED_HOSTS": "127.0.0.1"} | more
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield port
        finally:
            process.terminate()


@contextmanager
def workers(count: int = 2, **more: str) -> Iterator[None]:
    """Run so many workers, as production does; `more` is added to their environment."""
    with _celery("worker", "--pool", "prefork", "--concurrency", str(count), *_QUIET, **more):
        yield


@contextmanager
def clock(folder: str, **more: str) -> Iterator[None]:
    """Run the clock, which keeps what it last did in a folder."""
    with _celery("beat", "--schedule", f"{folder}/beat", **more):
        yield


@contextmanager
def _celery(*arguments: str, **more: str) -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "-A", "config", *arguments, "--loglevel", "error"]
    with subprocess.Popen(
        command, env=os.environ | more, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            time.sleep(4)
            yield
        finally:
            process.terminate()


_QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")
