"""The product's own server in a process of its own, as production runs it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.shops import free_port, wait_for


@contextmanager
def gunicorn(**more: str) -> Iterator[int]:
    """Run gunicorn on a port of its own and yield the port; `more` is added to its environment."""
    port = free_port()
    options = [f"--bind=127.0.0.1:{port}", "--workers=1", "--threads=4", "--worker-class=gthread", "--keep-alive=30"]
    command = [sys.executable, "-m", "gunicorn", *options, "config.wsgi"]
    environment = os.environ | {"ALLOWED_HOSTS": "127.0.0.1"} | more
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield port
        finally:
            process.terminate()
