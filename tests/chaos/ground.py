"""What there is to be broken, and putting all of it in order again."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.automations.cluster import Cluster
from tests.chaos.house import BEAT, BROKER, SECOND_BEAT, SHOPS, WEBS, WORKERS, House, NotReady, until
from tests.chaos.life import tell_shop
from tests.chaos.sinks import Manner
from tests.chaos.wire import GOOD

# The stores repeat and shuffle what they tell, all the time.
ALWAYS = {"duplicate": 2, "reorder": 4}
_BALLAST = "ballast"
_PIECE = b"\0" * (1024 * 1024)


class Disk:
    """A small disk of our own that can be full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Write until nothing more fits."""
        with suppress(OSError), (self.folder / _BALLAST).open("ab", buffering=0) as file:
            while file.write(_PIECE):
                pass
        with suppress(OSError), (self.folder / _BALLAST).open("ab", buffering=0) as file:
            while file.write(b"\0" * 512):
                pass

    def free(self) -> None:
        """Take away what was written to fill it."""
        (self.folder / _BALLAST).unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Disk | None]:
    """Mount a disk of that size in memory while the block runs; None where only root might."""
    folder.mkdir(parents=True, exist_ok=True)
    told = ("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder))
    if os.geteuid() != 0 or subprocess.run(told, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield Disk(folder)
    finally:
        subprocess.run(("umount", "--lazy", str(folder)), capture_output=True, check=False)


class Database:
    """The cluster that the house's database is in."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def kill(self) -> None:
        """Kill its first process, as a machine does that runs out of memory; its children follow by themselves."""
        with suppress(OSError, ValueError):
            os.kill(int((self._cluster.folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def stop(self) -> None:
        """End it at once, without a word to those who work with it."""
        with suppress(AssertionError):  # it is down already
            self._cluster.stop()

    def start(self, *, seconds: float = 60) -> None:
        """Start it, for which those whom a killed one has left behind must be gone first."""
        deadline = time.monotonic() + seconds
        while not self.is_up():
            with suppress(AssertionError, subprocess.TimeoutExpired):
                self._cluster.start()
            if time.monotonic() > deadline:
                raise NotReady("the database does not start")
            time.sleep(0.2)

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            return bool(self._cluster.ask("select 1"))
        except Exception:  # whatever the driver says of a server that is not there
            return False


@dataclass(slots=True, kw_only=True)
class Ground:
    """The house and what it stands on; `hits` counts how often each thing was broken."""

    house: House
    database: Database | None
    disk: Disk | None
    hits: dict[str, int] = field(default_factory=dict)

    def mend(self) -> None:
        """Undo every fault, and start whatever is not running."""
        house = self.house
        if self.disk:
            self.disk.free()
        for wire in house.wires.values():
            wire.be(GOOD)
        house.mail.manner = house.hooks.manner = Manner.GOOD
        for kind in SHOPS:
            tell_shop(house, kind, "DELETE", "faults")
        if self.database:
            self.database.start()
        house.kill(SECOND_BEAT)
        house.start(BROKER, *WEBS, *WORKERS, BEAT)
        house.until_web_answers()

    def begin(self) -> None:
        """Have the stores begin to repeat and shuffle."""
        for kind in SHOPS:
            tell_shop(self.house, kind, "POST", "faults", ALWAYS)

    def check(self) -> None:
        """Raise NotReady where something does not run that should."""
        until(lambda: not self.house.down((BROKER, *WEBS, *WORKERS, BEAT)), what="all processes run")
