"""The scenarios: which faults each breaks the house with, on which database, and how many of them at once."""

from collections.abc import Collection
from dataclasses import dataclass

from tests.chaos.faults import FAULTS, GROUPS, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One run: a house of its own lives for `seconds`, while its faults come in an order that the seed says."""

    name: str
    words: str
    faults: tuple[str, ...] = ()
    database: str = "postgresql"
    at_once: int = 1
    seconds: float = 40

    def possible(self, has: Collection[str]) -> list[Fault]:
        """List those of its faults that this machine, with this database, can have."""
        return [fault for name in self.faults if not (fault := FAULTS[name]).needs or fault.needs in has]


def _of(*groups: str) -> tuple[str, ...]:
    return tuple(fault.name for group in groups for fault in GROUPS[group])


def _named(*parts: str) -> tuple[str, ...]:
    """Name the faults whose name has one of some parts."""
    return tuple(name for name in FAULTS if any(part in name for part in parts))


_EVERYTHING = _of(*(group for group in GROUPS if group != "clock"))

SCENARIOS = {
    one.name: one
    for one in (
        Scenario(name="calm", words="nothing but repeated and shuffled deliveries", seconds=20),
        Scenario(name="workers", words="workers are killed", faults=_named("worker")[:2]),
        Scenario(name="web", words="web servers are killed", faults=_named("web server")),
        Scenario(name="beat", words="no clock, and two of them", faults=_named("(beat)")),
        Scenario(name="broker", words="the broker dies with its memory, or is silent", faults=_named("broker")),
        Scenario(name="database", words="the database is killed, stopped, and cut off", faults=_of("database")),
        Scenario(name="shops", words="shops are down, slow, overloaded, or cut off in an answer", faults=_of("shops")),
        Scenario(name="mail", words="the mail server and the receiver of webhooks", faults=_of("mail")),
        Scenario(name="network", words="wires are slow, silent, or cut half-way", faults=_of("network"), at_once=2),
        Scenario(name="disk", words="the disk is full, the database's too", faults=_of("disk")),
        Scenario(name="clock", words="a worker's clock is an hour off", faults=_of("clock"), seconds=60),
        Scenario(name="random", words="all of it by chance", faults=_EVERYTHING, at_once=2, seconds=45),
        Scenario(
            name="sqlite",
            words="all of it by chance, on SQLite",
            faults=_EVERYTHING,
            database="sqlite",
            at_once=2,
            seconds=45,
        ),
    )
}
QUICK = "random"
