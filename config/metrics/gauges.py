"""What the database says at the moment when it is asked: the same whichever process answers.

Each app registers what it knows when it is ready, since this belongs to no app.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from config.pulse import beats

logger = logging.getLogger(__name__)

# Rows are counted up to here: whoever sees this many needs no exact number, and asking stays cheap.
MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One figure by the values of its labels, `(("stripe",), 3.0)`; ages are in seconds."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    values: Mapping[tuple[str, ...], float]


type Teller = Callable[[], Iterable[Gauge]]
_TELLERS: dict[str, Teller] = {}


def register(app: str, teller: Teller) -> None:
    """Ask this app too, from now on."""
    _TELLERS[app] = teller


def one(name: str, help: str, value: float) -> Gauge:
    """Return a figure without labels."""
    return Gauge(name=name, help=help, values={(): value})


def by(label: str, name: str, help: str, values: Mapping[str, float]) -> Gauge:
    """Return a figure by the values of one label."""
    return Gauge(name=name, help=help, labels=(label,), values={(key,): float(one) for key, one in values.items()})


def counted(rows: "QuerySet[Any]") -> int:
    """Count rows, as far as somebody needs to know."""
    return rows.order_by().values("pk")[:MOST].count()


class Collector:
    """Asks all apps; one that cannot answer takes nothing from the others, and says so by `ritournelle_told` 0."""

    def collect(self) -> Iterator[Metric]:
        """Return all figures."""
        told = GaugeMetricFamily("ritournelle_told", "Whether a part could tell its figures", labels=["part"])
        for app, teller in _TELLERS.items():
            gauges = _asked(app, teller)
            told.add_metric([app], float(gauges is not None))
            yield from map(_written, gauges or ())
        yield told


def _asked(app: str, teller: Teller) -> list[Gauge] | None:
    try:
        return list(teller())
    except Exception:  # whatever the database says, the other figures count
        logger.exception("The figures of %s cannot be told", app)
        return None


def _written(gauge: Gauge) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"ritournelle_{gauge.name}", gauge.help, labels=gauge.labels)
    for labels, value in gauge.values.items():
        family.add_metric(labels, value)
    return family


def of_the_house() -> Iterator[Gauge]:
    """Tell what belongs to no app: the clock, and who is connected to the database."""
    yield by("task", "clock_age_seconds", "Since a task of the clock was done", beats.ages())
    yield one("clock_late", "Whether the clock has stopped", float(beats.late() is not None))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_CONNECTIONS)
            yield by("state", "database_connections", "Connections to the database", dict(cursor.fetchall()))


_CONNECTIONS = """
    SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1
"""
register("house", of_the_house)
