"""One scenario in a process of its own: python -m tests.chaos.run ORDER, a file; the outcome is put beside it."""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.automations.cluster import Cluster
from tests.chaos.ground import Database, Disk, Ground
from tests.chaos.house import House, Place, has_false_clock
from tests.chaos.scenarios import SCENARIOS


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is wanted: which scenario, from which chances, for how long, where, and on which databases.

    `cluster` is the folder of the database server, `port` its port; `disk` the small disk, empty where there is none.
    """

    scenario: str
    seed: int
    seconds: float
    data: str
    logs: str
    database: str
    clean: str
    cluster: str
    port: int
    disk: str

    def write(self, file: Path) -> None:
        """Keep it as a file."""
        file.write_text(json.dumps(asdict(self)))


def outcome_of(file: Path) -> Path:
    """Name the file in which the outcome of an order stands."""
    return file.with_suffix(".outcome")


def main(file: Path) -> None:
    """Do what is ordered."""
    order = Order(**json.loads(file.read_text()))
    scenario = SCENARIOS[order.scenario]
    is_server = order.database.startswith("postgres")
    place = Place(data=Path(order.data), logs=Path(order.logs), database=order.database, seed=order.seed)
    with House(place) as house:
        os.environ.update(house.environment | {"DATABASE_URL": order.database})
        import django

        django.setup()
        from tests.chaos import course  # which needs the settings

        ground = Ground(
            house=house,
            database=Database(_cluster(order)) if is_server else None,
            disk=Disk(Path(order.disk)) if order.disk else None,
        )
        has = {name for name, there in _there(ground).items() if there}
        outcome = course.go(
            ground,
            scenario.possible(has),
            seed=order.seed,
            seconds=order.seconds,
            at_once=scenario.at_once,
            clean=order.clean,
        )
    outcome_of(file).write_text(outcome.written())


def _there(ground: Ground) -> dict[str, bool]:
    return {"server": ground.database is not None, "disk": ground.disk is not None, "clock": has_false_clock()}


def _cluster(order: Order) -> Cluster:
    known = Cluster(Path(order.cluster).parent)
    known.port = order.port
    known.url = f"postgres://tester@127.0.0.1:{order.port}/postgres"
    return known


if __name__ == "__main__":
    main(Path(sys.argv[1]))
