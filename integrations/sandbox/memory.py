"""What outlives the process: every object, the deliveries, the clock, and the place in the sequence of chances."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.sandbox import delivery, state

if TYPE_CHECKING:
    from integrations.sandbox.shop import Shop

FORMAT = 1


def store(shop: "Shop", path: Path) -> None:
    """Save a shop; records are never changed in place, so only the lists are copied while the shop is held."""
    with shop.lock:
        head = {name: getattr(shop, name) for name in shop.kept}
        head |= {"format": FORMAT, "now": shop.clock.now() if shop.clock.stands_still else None}
        tables = [(kind, list(table)) for kind, table in shop.store.tables.items()]
        sent = [delivery.to_row(one) for one in shop.deliveries[-_MOST_DELIVERIES:]]
    rows: Iterator[Any] = ([kind, record] for kind, records in tables for record in records)
    state.write(path, (row for part in ([head], rows, (["delivery", one] for one in sent)) for row in part))


def recall(shop: "Shop", path: Path) -> None:
    """Load a shop, and take up its deliveries. Raises DamagedState."""
    rows = state.read(path)
    head = next(rows, None)
    if not isinstance(head, dict) or head.get("format") != FORMAT or not head.keys() >= set(shop.kept):
        raise state.DamagedState(f"{path} was written by another version or shop; delete it to start over.")
    for name in shop.kept:
        setattr(shop, name, head[name])
    if head["now"] is not None and shop.clock.stands_still:
        shop.clock.move_to(max(head["now"], shop.clock.now()))
    sent = []
    for kind, record in rows:
        if kind == "delivery":
            sent.append(delivery.from_row(record))
        else:
            shop.store[kind].put(record)
    shop.queue.resume(sent)


_MOST_DELIVERIES = 5_000
