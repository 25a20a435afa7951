"""Applying history without the network: against a plain bulk_create of the same rows and line items."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import batched, count, islice

from django.db import connection, transaction

from integrations.providers.stripe import history
from subscriptions.models import Change, LineItem, RecurringPayment, Store
from subscriptions.records import IDENTITY, ITEM_KINDS, Record
from subscriptions.services import CHUNK, apply_records
from tests.benchmarks.figures import Figure
from tests.benchmarks.shops import connected, shop

TEMPLATES = 1000
GOAL = 0.5
# Megabytes that applying a hundred thousand may take more than applying ten thousand.
MORE_MEMORY = 50
ROUNDS = 3


def measure(database: str, quick: bool) -> None:
    """Compare the rates at both sizes, round by round in turn, and the memory at them."""
    templates = read_templates()
    sizes = (500, 2_000) if quick else (10_000, 100_000)
    for size in sizes:
        _compare(database, templates, size, rounds=ROUNDS if size <= 10_000 else 1)
    small, large = (_peak(size) for size in sizes)
    Figure(
        name="applying_memory",
        database=database,
        value=large - small,
        unit="MB more",
        yardstick=f"{MORE_MEMORY} MB more for {sizes[1]:,} than for {sizes[0]:,}",
        ratio=(large - small) / MORE_MEMORY,
        goal=1.0,
        more_is_better=False,
    ).emit()


def _compare(database: str, templates: list[Record], size: int, *, rounds: int) -> None:
    ratios = []
    for _ in range(rounds):
        plain = _rate(_bulk_create, templates, size)
        ours = _rate(apply, templates, size)
        ratios.append((ours / plain, ours, plain))
    ratio, ours, plain = sorted(ratios)[len(ratios) // 2]
    Figure(
        name=f"applying_{size}",
        database=database,
        value=ours,
        unit="payments/s",
        yardstick=f"a plain bulk_create of the same rows and items, {plain:,.0f} a second",
        ratio=ratio,
        goal=GOAL,
    ).emit()


def read_templates() -> list[Record]:
    """Read records of realistic subscriptions from a pretend shop."""
    with shop(TEMPLATES) as address:
        made = connected(f"templates {address}", address)
        cursor, memory, records = "", {}, []
        while not records or cursor:
            page = history.page(made, cursor, memory)
            records += page.records
            cursor = page.cursor
    return records


def many(templates: list[Record], size: int) -> Iterator[Record]:
    """Make as many different records as wanted, each with people of its own, without holding them all."""
    for number in islice(count(), size):
        like = templates[number % len(templates)]
        turn = number // len(templates)
        changed = {
            IDENTITY: f"{like.id}_{turn}",
            "email": f"{turn}.{like.values.get('email', '')}",
            "store_customer_id": f"{like.values['store_customer_id']}_{turn}",
        }
        yield replace(like, values=like.values | changed)


def _rate(write: Callable[[Store, Iterator[Record]], None], templates: list[Record], size: int) -> float:
    empty()
    store = Store.objects.create(name="applying", provider="stripe")
    start = time.perf_counter()
    write(store, many(templates, size))
    return size / (time.perf_counter() - start)


def apply(store: Store, records: Iterator[Record]) -> None:
    apply_records(store, records, source=Change.Source.HISTORY, announce=False)


def _bulk_create(store: Store, records: Iterator[Record]) -> None:
    for chunk in batched(records, CHUNK):
        with transaction.atomic():
            rows = [RecurringPayment(store=store, as_of=record.as_of, **record.values) for record in chunk]
            RecurringPayment.objects.bulk_create(rows)
            LineItem.objects.bulk_create(
                LineItem(payment=row, position=place, **{name: getattr(item, name) for name in ITEM_KINDS})
                for row, record in zip(rows, chunk, strict=True)
                for place, item in enumerate(record.items or ())
            )


def empty() -> None:
    """Start each round from empty tables, as fast as the database can empty them."""
    tables = ["change", "lineitem", "storecustomer", "recurringpayment"]
    names = [*(f"subscriptions_{name}" for name in tables), "contacts_contact"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)} CASCADE")
            return
        for name in names:
            cursor.execute(f"DELETE FROM {name}")


def _peak(size: int) -> float:
    """Return how much memory a process of its own takes at most, in MB, that applies so many."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", str(size)]
    answer = subprocess.run(command, env=os.environ, stdout=subprocess.PIPE, text=True, check=True)
    return float(answer.stdout)
