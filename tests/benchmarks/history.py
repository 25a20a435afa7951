"""Reading a shop's whole history over HTTP: how many recurring payments a second, at once and over a slow line."""

import time

from integrations import history
from integrations.models import Connection, HistoricalSync
from tests.benchmarks.figures import Figure
from tests.benchmarks.shops import connected, shop

# name -> seconds that every answer of the shop takes longer, recurring payments a second that are wanted
CASES = {"history": (0.0, 1000), "history_slow": (0.1, 300)}


def measure(database: str, quick: bool) -> None:
    """Read the whole history of a shop that nobody has read before."""
    size = 600 if quick else 20_000
    for name, (delay, wanted) in CASES.items():
        with shop(size, delay=delay) as address:
            rate = size / seconds_of(connected(f"{name} {address}", address), size)
        Figure(
            name=name,
            database=database,
            value=rate,
            unit="payments/s",
            yardstick=f"{wanted} a second with {delay * 1000:.0f} ms an answer",
            ratio=rate / wanted,
            goal=1.0,
        ).emit()


def seconds_of(connection: Connection, size: int) -> float:
    """Read a whole history, and return how long it took."""
    sync = history.start(connection)
    start = time.perf_counter()
    sync = history.run(sync.pk)
    seconds = time.perf_counter() - start
    if sync.state != HistoricalSync.State.FINISHED or sync.done != size:
        raise SystemExit(f"The history was not read: {sync.state}, {sync.done} of {size}. {sync.problem_detail}")
    return seconds
