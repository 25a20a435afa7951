"""Five custom reports that people build, over very many payments, against SQL written by hand for the same tables."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import connection

from contacts.models import Contact, Tag
from reports.custom import asking, reading, spans
from reports.periods import begin, today
from subscriptions.models import RecurringPayment
from subscriptions.segments.haste import Deadline, hurried
from tests.benchmarks.crowd import gather, settle
from tests.benchmarks.figures import Figure

# people and payments
SIZES = {"postgresql": (400_000, 1_000_000), "sqlite": (20_000, 50_000)}
ROUNDS = 5
GOAL = 2.0
SECONDS = 2.0
# Below it there is nothing to compare but the noise.
A_MOMENT = 0.02
STORES, TAGS = 8, 12
PAYMENT, TAGGED = "subscriptions_recurringpayment", "contacts_contact_tags"
_FOLD = {"postgresql": 'LOWER(BTRIM({})) COLLATE "C"', "sqlite": "LOWER(TRIM({}))"}
_MONTH = {
    "postgresql": "DATE_TRUNC('month', start_date AT TIME ZONE 'UTC')",
    "sqlite": "strftime('%%Y-%%m-01', start_date)",
}
_PARTS = {"postgresql": "{} * 10000", "sqlite": "CAST(ROUND({} * 10000) AS BIGINT)"}
_MEDIAN = {
    "postgresql": "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY payment_amount::float8) * 10000",
    "sqlite": "report_median(CAST(ROUND(payment_amount * 10000) AS BIGINT))",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical:
    """A report, the best SQL that we can write for its rows, and that for its totals."""

    name: str
    definition: dict[str, Any]
    rows: str
    totals: str
    params: tuple[Any, ...] = ()


def _mrr(database: str) -> str:
    """Return what a payment of these currencies is worth a month, in ten-thousandths, rounded to the cent."""
    amount = _PARTS[database].format("(payment_amount - COALESCE(tax_amount, 0))")
    if database == "sqlite":
        amount = f"({_PARTS[database].format('payment_amount')} - COALESCE({_PARTS[database].format('tax_amount')}, 0))"
    yearly = {"monthly": 12, "yearly": 1, "weekly": 52, "daily": 365}
    times = f"CASE billing_interval {' '.join(f"WHEN '{one}' THEN {count}" for one, count in yearly.items())} END"
    step = f"12 * COALESCE(billing_interval_count, 1) * {100}"
    exact = f"({amount} * 2 * {times} + {step}) / (2 * {step})"
    whole = f"FLOOR({exact})" if database == "postgresql" else f"({exact})"
    return f"CASE WHEN status IN ('active', 'payment_failed') AND is_trial IS NOT TRUE THEN {whole} * 100 ELSE 0 END"


def _typical(database: str) -> tuple[Typical, ...]:
    name, city = (_FOLD[database].format(column) for column in ("name", "billing_city"))
    worth, quarter = f"SUM({_mrr(database)})", spans.days("this_quarter", today())
    failed = f"FROM {PAYMENT} WHERE status = 'payment_failed' AND next_payment_date >= %s AND next_payment_date < %s"
    tagged = f"FROM {PAYMENT} p LEFT JOIN {TAGGED} t ON t.contact_id = p.contact_id"
    month = _MONTH[database]
    return (
        Typical(
            name="status",
            definition={"groups": [{"by": "status"}], "measures": [{"of": "payments"}]},
            rows=f"SELECT status, COUNT(*) FROM {PAYMENT} GROUP BY 1",
            totals=f"SELECT COUNT(*) FROM {PAYMENT}",
        ),
        Typical(
            name="mrr_by_month",
            definition={"groups": [{"by": "start_date", "unit": "month"}], "measures": [{"of": "mrr"}]},
            rows=f"SELECT {month}, currency, {worth} FROM {PAYMENT} GROUP BY 1, 2",
            totals=f"SELECT currency, {worth} FROM {PAYMENT} GROUP BY 1",
        ),
        Typical(
            name="at_risk_by_plan_and_city",
            definition={
                "groups": [{"by": "name"}, {"by": "billing_city"}],
                "measures": [{"of": "mrr"}],
                "where": {"field": "status", "op": "is", "value": "payment_failed"},
                "during": {"of": "next_payment_date", "span": "this_quarter"},
                "limit": 100,
            },
            rows=f"SELECT {name}, {city}, currency, {worth} {failed} GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 100",
            totals=f"SELECT currency, {worth} {failed} GROUP BY 1",
            params=(begin(quarter[0]), begin(spans.days("next_quarter", today())[0])),
        ),
        Typical(
            name="median_by_store",
            definition={
                "groups": [{"by": "legacy_connection_id"}],
                "measures": [{"of": "payment_amount", "as": "median"}],
            },
            rows=f"SELECT store_id, currency, {_MEDIAN[database]} FROM {PAYMENT} GROUP BY 1, 2",
            totals=f"SELECT currency, {_MEDIAN[database]} FROM {PAYMENT} GROUP BY 1",
        ),
        Typical(
            name="tag_and_status",
            definition={
                "groups": [{"by": "contact.tag"}],
                "across": {"by": "status"},
                "measures": [{"of": "payments"}],
            },
            rows=f"SELECT t.tag_id, p.status, COUNT(*) {tagged} GROUP BY 1, 2",
            totals=f"SELECT status, COUNT(*) FROM {PAYMENT} GROUP BY 1",
        ),
    )


def measure(database: str, quick: bool) -> None:
    """Make the payments, and measure each report."""
    people, payments = (size // 10 if quick else size for size in SIZES[database])
    gather(people=people, payments=payments, stores=STORES)
    _tag(people)
    for one in _typical(database):
        _against_sql(database, one)


def _tag(people: int) -> None:
    """Give people no, one or two tags."""
    tags = sorted(tag.pk for tag in Tag.objects.bulk_create(Tag(name=f"crowd tag {number}") for number in range(TAGS)))
    last = Contact.objects.order_by("-pk").values_list("pk", flat=True)[0]
    with connection.cursor() as cursor:
        for turn, share in ((1, 2), (5, 3)):
            cursor.execute(
                f"INSERT INTO {TAGGED} (contact_id, tag_id) SELECT id, %s + id * {turn} %% %s "
                f"FROM contacts_contact WHERE id > %s AND id %% {share} = 0 ON CONFLICT DO NOTHING",
                (tags[0], TAGS, last - people),
            )
    settle()


def _against_sql(database: str, one: Typical) -> None:
    asked = reading.read({"about": "payments", "limit": 1000} | one.definition)
    ours, seconds = _timed(partial(asking.run, asked))
    by_hand, best = _timed(partial(_by_hand, one))
    told = sum(cell.value or 0 for row in ours.rows for cell in row.cells if cell.place and "across" not in cell.place)
    right = sum(Decimal(row[-1] or 0) for row in by_hand)
    if not _same(told, right, one):
        raise SystemExit(f"{one.name} tells {told} altogether, and SQL written by hand {right}.")
    if database == "postgresql":  # SQLite reckons much of it in functions of ours, and is for few payments
        told_by = f"SQL written by hand, {best * 1000:.0f} ms; {_size():,} payments"
        _emit(database, f"report_{one.name}", seconds, told_by, max(seconds, A_MOMENT) / max(best, A_MOMENT), GOAL)
    told_by = f"{SECONDS:.0f} s, which is when somebody begins to wait; {_size():,} payments"
    _emit(database, f"report_{one.name}_warm", seconds, told_by, seconds / SECONDS, 1.0)


def _same(told: Any, right: Decimal, one: Typical) -> bool:
    """Compare amounts in units with ten-thousandths, a median's part of one aside."""
    is_money = one.definition["measures"][0]["of"] != "payments"
    return abs(Decimal(told) * (10_000 if is_money else 1) - right) < len(one.name) * (10 if is_money else 1)


def _by_hand(one: Typical) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(one.totals, one.params)
        cursor.fetchall()
        cursor.execute(one.rows, one.params)
        return cursor.fetchall()


def _timed[Answer](ask: Callable[[], Answer]) -> tuple[Answer, float]:
    """Return the answer, and how long it takes in the middle of some rounds, once it has been asked for."""
    answer, times = ask(), []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        with hurried(Deadline(60)):
            ask()
        times.append(time.perf_counter() - start)
    return answer, statistics.median(times)


def _size() -> int:
    return RecurringPayment.objects.count()


def _emit(database: str, name: str, seconds: float, yardstick: str, ratio: float, goal: float) -> None:
    Figure(
        name=name,
        database=database,
        value=seconds * 1000,
        unit="ms",
        yardstick=yardstick,
        ratio=ratio,
        goal=goal,
        more_is_better=False,
    ).emit()
