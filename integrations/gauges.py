"""What the database tells of stores: what waits, what failed, what is being read, and who is in trouble."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from config.metrics.gauges import Gauge, by, counted
from integrations.models import Batch, Connection, Delivery, HistoricalSync, Reconciliation

_KIND = "connection__store__provider"


def tell() -> Iterator[Gauge]:
    """Tell the figures, by kind of store."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    failed = Delivery.objects.filter(state=Delivery.State.FAILED)
    yield by("provider", "inbox_waiting", "Events that wait", _counts(waiting))
    yield by("provider", "inbox_oldest_seconds", "Age of the oldest event that waits", _ages(waiting))
    yield by("provider", "inbox_failed", "Events that somebody must look at", _counts(failed))
    yield by("kind", "readings_open", "Histories, comparisons and batches that go on", _readings())
    yield Gauge(
        name="connections_in_trouble",
        help="Connections whose last word was a problem",
        labels=("provider", "problem"),
        values=_troubles(),
    )
    yield by("provider", "connections_paused", "Connections that rest", _paused())


def _readings() -> dict[str, int]:
    return {
        "history": counted(HistoricalSync.objects.filter(state__in=HistoricalSync.OPEN)),
        "comparison": counted(Reconciliation.objects.filter(state__in=Reconciliation.OPEN)),
        "batch": counted(Batch.objects.filter(state__in=Batch.OPEN)),
    }


def _counts(rows: "QuerySet[Delivery]") -> dict[str, int]:
    return _every(rows.values_list(_KIND).annotate(Count("pk")).order_by())


def _ages(rows: "QuerySet[Delivery]") -> dict[str, float]:
    now, oldest = timezone.now(), rows.values_list(_KIND).annotate(Min("received_at")).order_by()
    return _every((kind, _seconds(now, first)) for kind, first in oldest)


def _seconds(now: datetime, first: datetime) -> float:
    return (now - first).total_seconds()


def _paused() -> dict[str, int]:
    return _every(Connection.objects.at_rest().values_list("store__provider").annotate(Count("pk")).order_by())


def _troubles() -> dict[tuple[str, ...], float]:
    rows = Connection.objects.exclude(problem="").values_list("store__provider", "problem")
    return {(kind, problem): float(count) for kind, problem, count in rows.annotate(Count("pk")).order_by()}


def _every(told: Any) -> dict[str, Any]:
    """Add a nought for each kind of store that is connected: what is not there cannot be watched."""
    kinds = Connection.objects.order_by().values_list("store__provider", flat=True).distinct()
    return dict.fromkeys(kinds, 0) | dict(told)
