"""Segments over very many people: counts against SQL written by hand, the live count, and one person against many."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection

from contacts.models import Contact
from subscriptions.segments import matching, reading, tallies
from subscriptions.segments.compiler import World
from subscriptions.segments.counting import SECONDS, Count, count
from subscriptions.segments.haste import Deadline, hurried
from subscriptions.segments.reach import reachable
from subscriptions.segments.tree import Node
from tests.benchmarks.crowd import gather, settle
from tests.benchmarks.figures import Figure

# people and payments
SIZES = {"postgresql": (400_000, 1_000_000), "sqlite": (40_000, 100_000)}
ROUNDS = 9
GOAL = 1.5
# Below it there is nothing to compare but the noise.
A_MOMENT = 0.001
LIVE = 0.3
REACH = 1.0
# What giving up and telling may take beyond the time that is given.
A_LITTLE = 0.25
SEGMENTS = 1000

PAYMENT, ITEM, CONTACT = "subscriptions_recurringpayment", "subscriptions_lineitem", "contacts_contact"
_MONTH = {
    "postgresql": "CURRENT_TIMESTAMP AND CURRENT_TIMESTAMP + INTERVAL '30 days'",
    "sqlite": "datetime('now') AND datetime('now', '30 days')",
}
_FOLD = {"postgresql": "LOWER(BTRIM({}))", "sqlite": "LOWER(TRIM({}))"}
# what an index holds beside its key, so that no row need be read; SQLite has nothing like it
_HOLDS = {"postgresql": "INCLUDE ({})", "sqlite": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical:
    """A segment that people build, the best SQL that we can write for it, and the indexes which that wants."""

    name: str
    tree: dict[str, Any]
    sql: str
    wants: tuple[str, ...]

    @property
    def node(self) -> Node:
        """What is counted."""
        return reading.read(self.tree)


def _is(name: str, value: Any, op: str = "is") -> dict[str, Any]:
    return {"field": name, "op": op, "value": value}


def _paying(*parts: dict[str, Any], match: Any = "any") -> dict[str, Any]:
    return {"recurring_payment": {"all": list(parts)}, "match": match}


def _typical(database: str) -> tuple[Typical, ...]:
    city, sku = (_FOLD[database].format(column) for column in ("billing_city", "sku"))
    holds = _HOLDS[database].format
    by_person = f"{PAYMENT} (status, contact_id)"
    return (
        Typical(
            name="status_and_dates",
            tree=_paying(_is("status", "paused"), _is("next_payment_date", {"n": 30, "unit": "days"}, "in_the_next")),
            sql=f"SELECT COUNT(DISTINCT contact_id) FROM {PAYMENT} "
            f"WHERE status = 'paused' AND next_payment_date BETWEEN {_MONTH[database]}",
            wants=(f"{PAYMENT} (status, next_payment_date, contact_id)",),
        ),
        Typical(
            name="city_and_sku",
            tree=_paying(_is("billing_city", "Chicago"), _is("line_item_sku", "SKU-7", "any_is")),
            sql=f"SELECT COUNT(DISTINCT p.contact_id) FROM {PAYMENT} p JOIN {ITEM} i ON i.payment_id = p.id "
            f"WHERE {city} = 'chicago' AND {sku} = 'sku-7'",
            wants=(
                f"{PAYMENT} (({city})) {holds('billing_city, contact_id, id')}",
                f"{ITEM} (({sku})) {holds('sku, payment_id')}",
            ),
        ),
        Typical(
            name="none",
            tree=_paying(_is("status", "active"), match="none"),
            sql=f"SELECT (SELECT COUNT(*) FROM {CONTACT}) - "
            f"(SELECT COUNT(*) FROM (SELECT DISTINCT contact_id FROM {PAYMENT} WHERE status = 'active') AS active)",
            wants=(by_person,),
        ),
        Typical(
            name="at_least_2",
            tree=_paying(_is("status", "active"), match={"at_least": 2}),
            sql=f"SELECT COUNT(*) FROM (SELECT contact_id FROM {PAYMENT} WHERE status = 'active' "
            "GROUP BY contact_id HAVING COUNT(*) >= 2) AS active",
            wants=(by_person,),
        ),
    )


def measure(database: str, quick: bool) -> None:
    """Make the people, and measure everything about them."""
    people, payments = (size // 40 if quick else size for size in SIZES[database])
    gather(people=people, payments=payments)
    typical = _typical(database)
    _against_sql(database, typical)
    _live(database, typical)
    _reach(database, typical)
    _given_up(database)
    _one_against_many(database, typical)


def _against_sql(database: str, typical: tuple[Typical, ...]) -> None:
    """Count in our way first, with our indexes alone, and then by hand, with those that it wants."""
    ours = {one.name: timed(partial(tallies.total, one.node, World())) for one in typical}
    with _indexes(dict.fromkeys(wanted for one in typical for wanted in one.wants)):
        by_hand = {one.name: timed(partial(_asked, one.sql)) for one in typical}
    for name, (people, seconds) in ours.items():
        right, best = by_hand[name]
        if people != right:
            raise SystemExit(f"{name} counts {people}, and SQL written by hand {right}.")
        Figure(
            name=f"segment_{name}",
            database=database,
            value=seconds * 1000,
            unit="ms",
            yardstick=f"SQL written by hand with the indexes that it wants, {best * 1000:.1f} ms; {people:,} people",
            ratio=max(seconds, A_MOMENT) / max(best, A_MOMENT),
            goal=GOAL,
            more_is_better=False,
        ).emit()


def timed(ask: Callable[[], int]) -> tuple[int, float]:
    """Return what is counted, and how long the database takes for it where least else disturbs it."""
    answers, times = [ask()], []
    for _ in range(ROUNDS):
        taken: list[float] = []
        with hurried(Deadline(60)), connection.execute_wrapper(_watch(taken)):
            answers.append(ask())
        times.append(sum(taken))
    return answers[0], min(times)


def _watch(taken: list[float]) -> Callable[..., Any]:
    def watch(execute: Callable[..., Any], *statement: Any) -> Any:
        start = time.perf_counter()
        answer = execute(*statement)
        taken.append(time.perf_counter() - start)
        return answer

    return watch


def _asked(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


@contextmanager
def _indexes(wanted: Iterable[str]) -> Iterator[None]:
    """Have some indexes for a while."""
    names = {f"bench_{number}": on for number, on in enumerate(wanted)}
    for name, on in names.items():
        _run(f"CREATE INDEX {name} ON {on}")
    settle()
    yield
    for name in names:
        _run(f"DROP INDEX {name}")


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _live(database: str, typical: tuple[Typical, ...]) -> None:
    """Take the slowest of the live counts, in the middle of all rounds."""
    slowest = max(statistics.median(_seconds(one.node)[0] for _ in range(ROUNDS)) for one in typical)
    _within(database, "segment_live_count", slowest, LIVE, "which is when somebody who types begins to wait")


def _reach(database: str, typical: tuple[Typical, ...]) -> None:
    """Take the slowest of what comes a little after the live count."""
    slowest = max(statistics.median(_seconds(reachable(one.node))[0] for _ in range(ROUNDS)) for one in typical)
    _within(database, "segment_can_be_mailed", slowest, REACH, "which is when somebody who has the count looks away")


def _given_up(database: str) -> None:
    """Count what no index helps with: what is said in notes, of every payment and of the latest."""
    gift = _is("notes", "monday", "any_contains")
    tree = {"all": [_paying(gift, match=match) for match in ("every", "latest", {"at_least": 2}, "every", "latest")]}
    seconds, counted = _seconds(reading.read(tree))
    if counted.is_estimate and not counted.sample:
        raise SystemExit("There was no time for an estimate.")
    way = f"estimated of {counted.sample:,} people" if counted.is_estimate else "counted"
    _within(database, "segment_given_up", seconds, SECONDS + A_LITTLE, f"{way}; what is held at most, and a little")


def _seconds(node: Node) -> tuple[float, Count]:
    start = time.perf_counter()
    counted = count(node)
    return time.perf_counter() - start, counted


def _within(database: str, name: str, seconds: float, most: float, words: str) -> None:
    Figure(
        name=name,
        database=database,
        value=seconds * 1000,
        unit="ms",
        yardstick=f"{most * 1000:,.0f} ms, {words}",
        ratio=seconds / most,
        goal=1.0,
        more_is_better=False,
    ).emit()


def _one_against_many(database: str, typical: tuple[Typical, ...]) -> None:
    """Ask about one person whether they match very many segments, and count the queries."""
    trees = {number: typical[number % len(typical)].tree for number in range(SEGMENTS)}
    taken: list[float] = []
    start = time.perf_counter()
    with connection.execute_wrapper(_watch(taken)):
        matching.of_person(trees, Contact.objects.values_list("pk", flat=True)[0])
    seconds = time.perf_counter() - start
    queries = len(taken) - 1  # one of them chooses the person
    Figure(
        name="segments_of_one",
        database=database,
        value=queries,
        unit="queries",
        yardstick=f"one query for {matching.AT_ONCE} of {SEGMENTS:,} segments; all of it took {seconds * 1000:,.0f} ms",
        ratio=queries * matching.AT_ONCE / SEGMENTS,
        goal=1.0,
        more_is_better=False,
    ).emit()
