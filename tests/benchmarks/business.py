"""Reports on recurring payments: making their past, keeping it up, and every page against SQL written by hand."""

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from reports.business import ahead, keeping, retention, revenue, states
from reports.models import Episode
from reports.periods import CHOICES, today
from subscriptions.models import Change, RecurringPayment, Store
from subscriptions.records import build
from subscriptions.services import apply_records
from tests.benchmarks import crowd
from tests.benchmarks.figures import Figure

# people and payments; each payment has three changes
SIZES = {"postgresql": (400_000, 1_000_000), "sqlite": (40_000, 100_000)}
ROUNDS = 5
# Payments a second whose past is made, which is done once.
MADE = 2_000
# What is counted against SQL written by hand, and how long a page and the first page may take, in seconds.
BY_HAND = 2.0
PAGE = 2.0
HOME = 0.5
# Below it there is nothing to compare but the noise.
A_MOMENT = 0.005
NEWS = 200
_PAYMENT = "subscriptions_recurringpayment"
_MOVES = "SELECT {month}, kind, SUM(amount), COUNT(*) FROM reports_movement WHERE currency = 'USD' GROUP BY 1, 2"
_COHORTS = (
    "SELECT cohort, {month}, SUM(CASE kind WHEN 'churn' THEN -1 WHEN 'new' THEN 1 WHEN 'reactivation' THEN 1 ELSE 0 "
    "END), SUM(amount) FROM reports_movement WHERE currency = 'USD' GROUP BY 1, 2"
)
_ENDED = (
    "SELECT {until}, outcome, currency, COUNT(*), SUM(amount) FROM reports_episode WHERE kind = 'failed' "
    "GROUP BY 1, 2, 3"
)
_BEGAN = "SELECT {since}, kind, COUNT(*) FROM reports_episode GROUP BY 1, 2"
_NEXT = (
    f"SELECT currency, COUNT(*), SUM(payment_amount) FROM {_PAYMENT} WHERE status = 'active' AND "
    "cancel_at_period_end IS NOT TRUE AND next_payment_date >= {now} AND next_payment_date < {then} GROUP BY 1"
)
_WORDS = {
    "postgresql": {
        "month": "date_trunc('month', day)",
        "until": "date_trunc('month', until)",
        "since": "date_trunc('month', since)",
        "now": "now()",
        "then": "now() + interval '90 days'",
    },
    "sqlite": {
        "month": "strftime('%Y-%m', day)",
        "until": "strftime('%Y-%m', until)",
        "since": "strftime('%Y-%m', since)",
        "now": "datetime('now')",
        "then": "datetime('now', '90 days')",
    },
}
_PAGES = ("revenue", "customers", "states", "retention", "at-risk", "coming-up")


def measure(database: str, quick: bool) -> None:
    """Make the payments with their changes, and measure everything that is told of them."""
    people, payments = (size // 10 if quick else size for size in SIZES[database])
    crowd.gather(people=people, payments=payments)
    crowd.give_pasts()
    _made(database)
    _kept_up(database)
    _against_sql(database)
    _pages(database, payments)


def _made(database: str) -> None:
    """Make the past of all payments."""
    count = RecurringPayment.objects.count()
    start = time.perf_counter()
    while keeping.work(seconds=60):
        pass
    rate = count / (time.perf_counter() - start)
    crowd.settle()
    Figure(
        name="past_made",
        database=database,
        value=rate,
        unit="payments/s",
        yardstick=f"{MADE:,} a second; {count:,} payments, {Change.objects.count():,} changes",
        ratio=rate / MADE,
        goal=1.0,
    ).emit()


def _kept_up(database: str) -> None:
    """Count news of some payments among very many."""
    store = Store.objects.get(name="crowd")
    ids = list(RecurringPayment.objects.order_by("pk").values_list("store_recurring_payment_id", flat=True)[:NEWS])
    now = timezone.now()
    records = [
        build(
            {"store_recurring_payment_id": one, "payment_amount": "77"},
            items=None,
            as_of=now,
            sequence="",
            occurred_at=now,
            profile=None,
            announce_creation=True,
        )
        for one in ids
    ]
    apply_records(store, records, source=Change.Source.WEBHOOK, announce=False)
    start = time.perf_counter()
    keeping.work(seconds=60)
    seconds = time.perf_counter() - start
    Figure(
        name="past_kept_up",
        database=database,
        value=1000 * seconds,
        unit="ms",
        yardstick=f"2 s, until {NEWS} changes are counted among all",
        ratio=seconds / 2,
        goal=1.0,
        more_is_better=False,
    ).emit()


def _against_sql(database: str) -> None:
    words = _WORDS[database]
    months = CHOICES["last_12_months"][1](today()).months()
    money = revenue.money("USD", ["USD"])
    asked: dict[str, tuple[Callable[[], Any], str]] = {
        "revenue": (lambda: revenue.months(months, money), _MOVES),
        "retention": (lambda: retention.cohorts(months, "USD"), _COHORTS),
        "states": (lambda: states.at_ends(months), _BEGAN),
        "recovery": (lambda: states.ended(Episode.Kind.FAILED, months), _ENDED),
        "renewals": (lambda: ahead.spans("renewals", by="charge"), _NEXT),
    }
    for name, (ours, sql) in asked.items():
        seconds, by_hand = _best(ours), _best(lambda sql=sql: _run(sql.format(**words)))
        Figure(
            name=f"report_{name}",
            database=database,
            value=1000 * seconds,
            unit="ms",
            yardstick=f"SQL written by hand over the rows, {1000 * by_hand:.1f} ms",
            ratio=max(seconds, A_MOMENT) / max(by_hand, A_MOMENT),
            goal=BY_HAND,
            more_is_better=False,
        ).emit()


def _pages(database: str, payments: int) -> None:
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(User.objects.create_superuser("reader", "reader@example.com"))
    for name, address, most in (
        ("home", "/admin/home/", HOME),
        *((page, f"/admin/reports/{page}/", PAGE) for page in _PAGES),
    ):
        answer = browser.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers with {answer.status_code}.")
        seconds = _best(lambda address=address: browser.get(address).content)
        Figure(
            name=f"page_{name}",
            database=database,
            value=1000 * seconds,
            unit="ms",
            yardstick=f"{most} s, warm, with {payments:,} payments",
            ratio=seconds / most,
            goal=1.0,
            more_is_better=False,
        ).emit()


def _best(ask: Callable[[], Any]) -> float:
    ask()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return min(times)


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()
