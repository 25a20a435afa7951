"""Rows into records into the one writer, and one outcome a row, in order."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from integrations.api import rows
from subscriptions.models import Change, Store
from subscriptions.records import Record, RecordError
from subscriptions.services import Outcome, apply_records

ERROR = "error"
OUTCOMES = (*(outcome.value for outcome in Outcome), ERROR)

type Told = dict[str, Any]


def write(store: Store, told: Sequence[Any], *, now: datetime, announce: bool) -> list[Told]:
    """Bring a store's recurring payments to the state that the rows tell; return what became of each, in order.

    Each is {index, id, outcome} with an outcome of OUTCOMES, and for an error {errors: [{path, reason}]} beside it. A
    row that cannot be read keeps no other from being written.
    """
    readings = [reading(row, now=now) for row in told]
    records = [one for one in readings if isinstance(one, Record)]
    outcomes = iter(apply_records(store, records, source=Change.Source.API, announce=announce))
    return [
        refused(index, row, one) if isinstance(one, RecordError) else _done(index, one, next(outcomes))
        for index, (row, one) in enumerate(zip(told, readings, strict=True))
    ]


def reading(row: Any, *, now: datetime) -> Record | RecordError:
    """Read a row, or say why it cannot be read."""
    try:
        return rows.read(row, now=now)
    except RecordError as error:
        return error


def counted(outcomes: Iterable[Told]) -> dict[str, int]:
    """Count the outcomes by their kind; each kind is there."""
    counts = dict.fromkeys(OUTCOMES, 0)
    for one in outcomes:
        counts[one["outcome"]] += 1
    return counts


def refused(index: int, row: Any, error: RecordError) -> Told:
    """Say that a row was refused, and why, path by path."""
    errors = [{"path": path, "reason": reason} for path, reason in error.errors.items()]
    return {"index": index, "id": rows.named_id(row), "outcome": ERROR, "errors": errors}


def _done(index: int, record: Record, outcome: Outcome) -> Told:
    return {"index": index, "id": record.id, "outcome": outcome.value}
