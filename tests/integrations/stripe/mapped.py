"""The usual subscription as a record, changed at some paths."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.providers.stripe.mapping import Reading, record
from subscriptions.records import Record
from tests.integrations.stripe.documents import SINCE, object_of, told

NOW = datetime(2026, 10, 20, 14, 5, 30, tzinfo=UTC)
BEGUN = datetime(2026, 9, 15, 8, 30, tzinfo=UTC)
RENEWS = datetime(2026, 12, 15, 8, 30, tzinfo=UTC)
READING = Reading(
    as_of=NOW,
    modified=NOW - timedelta(minutes=1),
    external_id_key="order",
    connected_at=BEGUN - timedelta(days=1),
    products={"prod_Loom0001": object_of("product")},
)


def mapped(changes: Mapping[str, Any] | None = None, *, shape: str = SINCE, **reading: Any) -> Record:
    """Map the usual subscription, changed at some paths."""
    return record(told(changes, shape=shape), replace(READING, **reading))
