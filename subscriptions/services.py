"""apply_records: the one writer of recurring payments, for one webhook or for ten thousand rows of history."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import batched
from typing import Any

from django.db import transaction
from django.utils import timezone

from contacts.services import Profile
from subscriptions import bulk, matching, newcomers
from subscriptions.catalogue import BY_NAME, OF_ITEMS, STORED, LastPaymentStatus
from subscriptions.models import Change, LineItem, RecurringPayment, Store
from subscriptions.records import IDENTITY, ITEM_KINDS, Item, Record
from subscriptions.signals import changes_recorded

CHUNK = 500
# What a new payment has where its store says nothing that we understand.
INITIAL = {name: field.initial for name, field in STORED.items() if field.initial}
# Written along with real news, and no news by itself.
QUIET = frozenset({"store_modified_date"})
REFUNDED = frozenset({LastPaymentStatus.REFUNDED.value, LastPaymentStatus.PARTIALLY_REFUNDED.value})
_UPDATED_COLUMNS = [*STORED, "contact", "as_of", "sequence", "updated_at"]


class Outcome(StrEnum):
    """What became of one record."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    STALE = "stale"


@dataclass(slots=True)
class _Writes:
    """What one chunk will write, gathered first, so that each table is written once.

    Items and changes name their payment by the store's id of it, since a new one has no key yet.
    """

    created: list[dict[str, Any]] = field(default_factory=list)
    updated: list[RecurringPayment] = field(default_factory=list)
    touched: list[RecurringPayment] = field(default_factory=list)
    linked: list[RecurringPayment] = field(default_factory=list)
    items: list[tuple[str, list[Item]]] = field(default_factory=list)
    emptied: list[RecurringPayment] = field(default_factory=list)
    changes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def apply_records(store: Store, records: Iterable[Record], *, source: Change.Source, announce: bool) -> list[Outcome]:
    """Bring the store's recurring payments to the state that the records tell, and say what became of each.

    Records may come in any order and again: the newest version wins, older ones are stale, equal ones write nothing.
    Each chunk of 500 is one transaction of a fixed number of statements; a real change leaves one row in the change
    log, and `changes_recorded` rings after the commit. `announce` False (history) keeps automations from starting.
    """
    outcomes: list[Outcome] = []
    for chunk in batched(records, CHUNK):
        with transaction.atomic():
            outcomes += _apply_chunk(store, chunk, source=source, announce=announce)
    return outcomes


def _apply_chunk(store: Store, records: tuple[Record, ...], *, source: Change.Source, announce: bool) -> list[Outcome]:
    # One writer a store at a time: it makes two reports of one new payment meet here and not at a constraint.
    store = Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    stored = _stored(store, {record.id for record in records})
    stale = [_is_stale(record, stored.get(record.id)) for record in records]
    newest = _fold((record for record, old in zip(records, stale, strict=True) if not old), stored)
    matches = matching.match(store, ((record, stored.get(key)) for key, record in newest.items()))
    writes = _Writes()
    results = {}
    for key, record in newest.items():
        contact = matches.contacts[key]
        payment = stored.get(key)
        if payment is None:
            results[key] = _create(store, record, contact, writes)
        else:
            results[key] = _update(payment, record, contact, writes)
    pks = {key: payment.pk for key, payment in stored.items()}
    if matches.customers:
        matching.save_customers(store, matches.customers)
        _link_waiting(store, matches.customers, newest, writes, pks)
    _write(store, writes, pks, source=source, announce=announce)
    newcomers.welcome(store, matches.newcomers, matching.consents(matches, newest.values()), announce=announce)
    return [Outcome.STALE if old else results[record.id] for record, old in zip(records, stale, strict=True)]


def _link_waiting(
    store: Store, customers: dict[str, int], told: Container[str], writes: _Writes, pks: dict[str, int]
) -> None:
    """Link the payments that waited for a customer's contact, and of which no record speaks now."""
    for payment in matching.waiting_for(store, customers):
        if (key := payment.store_recurring_payment_id) not in told:
            payment.contact_id = customers[payment.store_customer_id]
            pks[key] = payment.pk
            writes.linked.append(payment)
            news = {"contact": [None, payment.contact_id]}
            writes.changes.append(_change(key, Change.Kind.UPDATED, news, timezone.now()))


def _stored(store: Store, ids: set[str]) -> dict[str, RecurringPayment]:
    payments = RecurringPayment.objects.filter(store=store, store_recurring_payment_id__in=ids)
    return {payment.store_recurring_payment_id: payment for payment in payments.prefetch_related("line_items")}


def _is_stale(record: Record, payment: RecurringPayment | None) -> bool:
    return payment is not None and record.version < (payment.as_of, payment.sequence)


def _fold(records: Iterable[Record], stored: dict[str, RecurringPayment]) -> dict[str, Record]:
    """Fold several reports of one payment into one, the newest on top; each of them shares its outcome."""
    folded: dict[str, Record] = {}
    for record in sorted(records, key=lambda record: record.version):
        earlier = folded.get(record.id)
        folded[record.id] = _on_top(record, earlier, stored.get(record.id)) if earlier else record
    return folded


def _on_top(newer: Record, older: Record, payment: RecurringPayment | None) -> Record:
    known = (vars(payment) if payment else {}) | older.values
    told = {name: value for name, value in newer.values.items() if not _outlasts(name, known, newer.values)}
    return replace(
        newer,
        values=older.values | told,
        items=older.items if newer.items is None else newer.items,
        profile=_profile(newer.profile, older.profile),
        announce_creation=older.announce_creation and newer.announce_creation,
    )


def _profile(newer: Profile | None, older: Profile | None) -> Profile | None:
    """Take the newer one, which may say nothing of what the person accepts, as the older one did."""
    if newer is None or older is None or newer.accepts_marketing is not None:
        return newer or older
    return replace(newer, accepts_marketing=older.accepts_marketing)


def _create(store: Store, record: Record, contact: int | None, writes: _Writes) -> Outcome:
    values = INITIAL | record.values
    now = timezone.now()
    ours = {"store_id": store.pk, "contact_id": contact, "created_at": now, "updated_at": now}
    writes.created.append(values | ours | {"as_of": record.as_of, "sequence": record.sequence})
    news = {
        name: [None, BY_NAME[name].kind.dump(value)] for name, value in values.items() if value not in (None, "", [])
    }
    if record.items:
        writes.items.append((record.id, record.items))
        news |= _item_news([], record.items)
    when = values.get("store_created_date") or record.occurred_at or record.as_of
    writes.changes.append(_change(record.id, Change.Kind.CREATED, news, when, announce=record.announce_creation))
    return Outcome.CREATED


def _update(payment: RecurringPayment, record: Record, contact: int | None, writes: _Writes) -> Outcome:
    news = _take_values(payment, record)
    if contact != payment.contact_id:
        news["contact"] = [payment.contact_id, contact]
        payment.contact_id = contact
    news |= _take_items(payment, record, writes)
    if news or record.sequence:
        payment.as_of, payment.sequence = record.version
    if not news:
        # An event that changed nothing still tells that older events are old.
        writes.touched += [payment] if record.sequence else []
        return Outcome.UNCHANGED
    writes.updated.append(payment)
    if news.keys() <= QUIET:
        return Outcome.UNCHANGED
    writes.changes.append(_change(record.id, Change.Kind.UPDATED, news, record.occurred_at or record.as_of))
    return Outcome.UPDATED


def _take_values(payment: RecurringPayment, record: Record) -> dict[str, list[Any]]:
    """Set what differs on the payment and return it as old and new; what outlasts a newer report does not."""
    known = dict(vars(payment))
    news = {}
    for name, value in record.values.items():
        if known[name] == value or _outlasts(name, known, record.values):
            continue
        setattr(payment, name, value)
        dump = BY_NAME[name].kind.dump
        news[name] = [dump(known[name]), dump(value)]
    return news


def _outlasts(name: str, known: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Whether what is known of a field stands against a newer report: a date that never goes back, or a refund."""
    if name == "last_payment_status":
        return _undoes_refund(known, told)
    old, new = known.get(name), told[name]
    return BY_NAME[name].never_back and bool(old) and (not new or new < old)


def _undoes_refund(known: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Whether a report calls a payment completed that is known to be refunded: stores forget to tell it again."""
    paid_at = known.get("last_payment_date")
    return (
        known.get("last_payment_status") in REFUNDED
        and told["last_payment_status"] == LastPaymentStatus.COMPLETED
        and told.get("last_payment_date", paid_at) == paid_at
    )


def _take_items(payment: RecurringPayment, record: Record, writes: _Writes) -> dict[str, list[Any]]:
    if record.items is None:
        return {}
    old = [Item(**{name: getattr(row, name) for name in ITEM_KINDS}) for row in payment.line_items.all()]
    if old == record.items:
        return {}
    writes.emptied.append(payment)
    writes.items.append((record.id, record.items))
    return _item_news(old, record.items)


def _item_news(old: list[Item], new: list[Item]) -> dict[str, list[Any]]:
    """Say what the six item fields read before and now; else the items' numbers; else what went from item to item."""
    fields = {name: [field.value_of_items(old), field.value_of_items(new)] for name, field in OF_ITEMS.items()}
    numbers = {f"line_item_{name}": [_dumped(old, name), _dumped(new, name)] for name in ("quantity", "amount")}
    whole = {"line_items": [_told(old), _told(new)]}
    return _different(fields) or _different(numbers) or whole


def _different(news: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: values for name, values in news.items() if values[0] != values[1]}


def _dumped(items: list[Item], name: str) -> list[str]:
    return [ITEM_KINDS[name].dump(getattr(item, name)) or "" for item in items]


def _told(items: list[Item]) -> list[list[str]]:
    """List each item's name and whatever else is said of it in words."""
    words = ((i.name, i.sku, *i.categories, *i.brands, *i.tags, i.store_primary_id) for i in items)
    return [[word for word in texts if word] for texts in words]


def _change(
    key: str, kind: Change.Kind, news: dict[str, list[Any]], when: datetime, *, announce: bool = True
) -> tuple[str, dict[str, Any]]:
    row = {"kind": kind, "fields": news, "occurred_at": when, "recorded_at": timezone.now(), "announce": announce}
    return key, row


def _write(store: Store, writes: _Writes, pks: dict[str, int], *, source: Change.Source, announce: bool) -> None:
    bulk.insert(RecurringPayment, writes.created)
    pks |= _pks(store, [row[IDENTITY] for row in writes.created])
    _overwrite(writes.updated, _UPDATED_COLUMNS)
    _overwrite(writes.touched, ["as_of", "sequence"])
    _overwrite(writes.linked, ["contact", "updated_at"])
    if writes.emptied:
        LineItem.objects.filter(payment__in=writes.emptied).delete()
    bulk.insert(
        LineItem,
        (
            {name: getattr(item, name) for name in ITEM_KINDS} | {"payment_id": pks[key], "position": position}
            for key, items in writes.items
            for position, item in enumerate(items)
        ),
    )
    bulk.insert(
        Change,
        (
            row
            | {"payment_id": pks[key], "source": source}
            | dict.fromkeys(("announce", "is_pending"), announce and row["announce"])
            for key, row in writes.changes
        ),
    )
    if writes.changes:
        transaction.on_commit(lambda: changes_recorded.send(sender=RecurringPayment))


def _pks(store: Store, ids: list[str]) -> dict[str, int]:
    if not ids:
        return {}
    rows = RecurringPayment.objects.filter(store=store, store_recurring_payment_id__in=ids)
    return dict(rows.values_list(IDENTITY, "pk"))


def _overwrite(payments: list[RecurringPayment], columns: list[str]) -> None:
    """Update many rows with one statement: by their key they all conflict, so none is inserted."""
    if payments:
        RecurringPayment.objects.bulk_create(
            payments, update_conflicts=True, unique_fields=["pk"], update_fields=columns
        )
