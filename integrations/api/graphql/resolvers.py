"""What the one mutation and the one query do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from graphql import GraphQLError

from integrations import bell
from integrations.api import access, batches, rows, writing
from integrations.api.graphql import filtering, variables
from integrations.api.graphql import rows as graphql_rows
from integrations.models import ApiKey, Connection, Scope
from subscriptions.models import RecurringPayment
from subscriptions.records import IDENTITY, Record, RecordError

LEGACY, RECORDS = "legacyConnectionId", "recurringPayments"
# Records are checked before the answer, 2,500 of them a second (measured), so fewer fit than into a batch of REST.
LARGEST = 10_000


@dataclass(slots=True, kw_only=True)
class Refusal:
    """A record that was refused: its place, its id, and its reasons by path."""

    path: str
    index: int
    id: str
    errors: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Context:
    """One request: whose key it came with, which records are not of their type, and which were refused."""

    key: ApiKey
    unread: variables.Unread = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


def search(_root: Any, info: Any, filter: Mapping[str, Any] | None = None) -> list[RecurringPayment]:
    """Find the recurring payments of the key's connections; the name of the argument is the API's."""
    key = _key(info, Scope.READ)
    wanted = filtering.read(filter)
    found = RecurringPayment.objects.filter(wanted.condition, store__connection__in=access.connections(key))
    ordered = found.order_by(*wanted.order).prefetch_related("line_items")
    return list(ordered[wanted.offset : wanted.offset + wanted.limit])


def bulk_upsert(_root: Any, info: Any, recurringPayments: Sequence[Any] | None = None) -> Any:
    """Keep the records as a batch and answer with its id; those that are refused are told beside it, not kept."""
    key = _key(info, Scope.WRITE)
    told = variables.whole(info, RECORDS, list(recurringPayments or ()), info.context.unread)
    if not 0 < len(told) <= LARGEST:
        raise GraphQLError(f"{RECORDS} must have 1 to {LARGEST} records.")
    reach = _reached(key, told)
    good: list[batches.Addressed] = []
    for index, record in enumerate(told):
        row, errors = _checked(record, reach)
        if errors:
            info.context.refusals.append(_refusal(info, index, row, errors))
        else:
            good.append((record[LEGACY], not record.get("suppressAutomations"), row))
    return {"recordId": str(_kept(key, reach, good))} if good else None


def _kept(key: ApiKey, reach: Mapping[int, Connection], good: list[batches.Addressed]) -> Any:
    stores = {store for store, *_ in good}
    connection = reach[stores.pop()] if len(stores) == 1 else None
    with transaction.atomic():
        batch = batches.accept(key, connection, good)
        transaction.on_commit(partial(bell.ring_for_batch, batch.pk))
    return batch.pk


def _key(info: Any, scope: Scope) -> ApiKey:
    key: ApiKey = info.context.key
    if not key.may(scope):
        raise GraphQLError(f"This key lacks the scope “{scope.value}”.")
    return key


def _reached(key: ApiKey, told: Sequence[Any]) -> dict[int, Connection]:
    named = {record[LEGACY] for record in told if isinstance(record, dict) and record.get(LEGACY) is not None}
    return {one.store_id: one for one in access.connections(key).filter(store_id__in=named)}


def _checked(record: Any, reach: Mapping[int, Connection]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the row that a record stands for, and what is wrong with it, by the API's names."""
    if isinstance(record, variables.Unreadable):
        return {IDENTITY: record.id}, dict(record.errors)
    if record is None:
        return {}, {"": "must be an object"}
    row = graphql_rows.row(record)
    reading = writing.reading(row, now=timezone.now())
    errors = {} if isinstance(reading, Record) else _renamed(reading)
    if record.get(LEGACY) is None:
        errors[LEGACY] = "is missing"
    elif record[LEGACY] not in reach:
        errors[LEGACY] = "is no connection of this key"
    elif reach[record[LEGACY]].paused_at:
        errors[LEGACY] = "is a connection that is paused: send the record again once it has been resumed"
    return row, errors


def _renamed(error: RecordError) -> dict[str, str]:
    return {graphql_rows.api_path(path): reason for path, reason in error.errors.items()}


def _refusal(info: Any, index: int, row: Mapping[str, Any], errors: Mapping[str, str]) -> Refusal:
    return Refusal(path=info.path.key, index=index, id=rows.named_id(row) or "", errors=errors)
