"""The product's processes on several machines, any of which may be killed and started again."""

import random
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.benchmarks.machines import Machine, kill

PYTHON = (sys.executable, "-m")
# what the workers of many machines take; that of a single one takes everything
GROUPS = ("webhooks,automations", "webhooks,automations", "webhooks,automations", "automations,clock", "mail",
          "history,reports")  # fmt: skip


class House:
    """Webs, workers and the clock while the block runs; `addresses` is where the webs answer."""

    def __init__(self, folder: Path, webs: list[Machine], workers: list[Machine]) -> None:
        self.folder, self.ports = folder, {machine.name: machine.port() for machine in webs}
        self.commands = {machine: self._web(machine) for machine in webs}
        groups = GROUPS if len(workers) > 1 else ("",)
        self.commands |= {machine: _worker(machine, group) for machine, group in zip(workers, groups, strict=True)}
        self.clock, self.webs = workers[0], webs
        self.running: dict[Machine, list[subprocess.Popen[bytes]]] = {}
        self.killed = 0

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where the webs answer."""
        return [(machine.address, self.ports[machine.name]) for machine in self.webs]

    def __enter__(self) -> "House":
        for machine in self.commands:
            self.start(machine)
        for address in self.addresses:
            _until_it_answers(*address)
        return self

    def __exit__(self, *_: object) -> None:
        for machine in self.commands:
            self.stop(machine)

    def start(self, machine: Machine) -> None:
        """Start what runs on a machine."""
        own = self.folder / machine.name
        own.mkdir(exist_ok=True)
        commands = [self.commands[machine], *([_beat(own)] if machine is self.clock else [])]
        started = [
            machine.start(*command, log=own / "log", DATA_DIR=str(own), ALLOWED_HOSTS=machine.address)
            for command in commands
        ]
        self.running[machine] = started

    def stop(self, machine: Machine) -> None:
        """Cut a machine's power."""
        for process in self.running.pop(machine, []):
            kill(process)

    def kill_at_will(self, until: threading.Event, chance: random.Random) -> None:
        """Kill one machine after another, each for a moment, until it is enough."""
        while not until.wait(0.5):
            machine = chance.choice(list(self.commands))
            self.stop(machine)
            self.killed += 1
            until.wait(0.5)
            self.start(machine)

    def memory(self, machine: Machine) -> float:
        """Return the memory that a machine's largest process takes, in MB."""
        [first, *_] = self.running[machine]
        return max(_memory(pid) for pid in _family(first.pid))

    def _web(self, machine: Machine) -> tuple[str, ...]:
        where = f"{machine.address}:{self.ports[machine.name]}"
        options = ("--workers", "1", "--threads", "4", "--worker-class", "gthread", "--keep-alive", "30")
        return (*PYTHON, "gunicorn", "config.wsgi", "--no-control-socket", "--bind", where, *options)


def _worker(machine: Machine, queues: str) -> tuple[str, ...]:
    options = ("--pool", "solo", "-l", "warning", "--without-gossip", "--without-mingle", "-n", f"{machine.name}@%h")
    return (*PYTHON, "celery", "-A", "config", "worker", *options, *(("-Q", queues) if queues else ()))


def _beat(folder: Path) -> tuple[str, ...]:
    return (*PYTHON, "celery", "-A", "config", "beat", "-l", "warning", "--pidfile", "", "-s", str(folder / "schedule"))


def _until_it_answers(host: str, port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        wire = HTTPConnection(host, port, timeout=2)
        try:
            wire.request("GET", "/healthz")
            if wire.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.2)
        finally:
            wire.close()
    raise SystemExit(f"Nobody answers at {host}:{port}.")


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
