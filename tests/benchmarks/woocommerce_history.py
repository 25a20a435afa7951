"""Reading a WooCommerce shop's history: how little of the time is ours, beside what a real shop takes for its answers.

A real shop takes about 23 ms a subscription, which would be four minutes of waiting for 10,000. So the pretend shop
answers as fast as it can, what its answers took is measured there and subtracted, and the real shop's time is put in
its place.
"""

from tests.benchmarks.figures import Figure
from tests.benchmarks.history import seconds_of
from tests.benchmarks.shops import answering, connected_woo, shop

REAL = 0.023


def measure(database: str, quick: bool) -> None:
    """Read the whole history of a shop that nobody has read before."""
    size = 300 if quick else 10_000
    with shop(size, kind="woocommerce") as address:
        connection = connected_woo(f"woocommerce {address}", address)
        before = answering(address)
        ours = seconds_of(connection, size) - (answering(address) - before)
    Figure(
        name="woocommerce_history",
        database=database,
        value=ours / size * 1000,
        unit="ms/payment",
        yardstick=f"the whole, with a shop that takes {REAL * 1000:.0f} ms a payment",
        ratio=ours / (ours + REAL * size),
        goal=0.25,
        more_is_better=False,
    ).emit()
