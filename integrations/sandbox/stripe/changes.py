"""Change any object by hand and tell so: raw fields, deletions, and events about anything."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.store import Record
from integrations.sandbox.stripe import verbs
from integrations.sandbox.stripe.desk import Document
from integrations.sandbox.stripe.documents import document, find
from integrations.sandbox.stripe.eras import Era
from integrations.sandbox.stripe.events import Write
from integrations.sandbox.stripe.ids import kind_of, mint
from integrations.sandbox.stripe.population import gone
from integrations.sandbox.stripe.turns import Turn

UPDATED = {
    "customer": "customer.updated",
    "subscription": "customer.subscription.updated",
    "payment_method": "payment_method.updated",
    "product": "product.updated",
    "price": "price.updated",
    "charge": "charge.updated",
    "invoice": "invoice.updated",
}

_ITEM = ("id", "created", "price", "quantity", "current_period_start", "current_period_end")


def update(turn: Turn, identity: str, raw: Mapping[str, Any]) -> Record:
    """Set raw fields of an object and tell so. Raises KeyError for an unknown id.

    Items of a subscription may be given as the API shows them, or each with as much as differs from its first item.
    """
    kind = kind_of(identity)
    before = turn.table(kind)[identity]
    after = turn.put(changed(turn, before, raw))
    turn.tell(UPDATED[kind], after, before)
    return after


def delete_customer(turn: Turn, identity: str) -> None:
    """Delete a customer, which ends their subscriptions first."""
    customer = turn.table("customer")[identity]
    for subscription in turn.table("subscription").owned(identity):
        if verbs.VERBS["cancel"].allows(subscription):
            verbs.cancel(turn, subscription)
    turn.tell("customer.deleted", customer)
    turn.put(gone(customer))


def tell_anything(
    turn: Turn, type_: str, object_: Document | str | None, *, created: int | None, extra: Record
) -> None:
    """Publish an event about a document, or about the object with an id, written as it is now."""
    identity = object_ if isinstance(object_, str) else (object_ or {}).get("id")
    if extra.get("object") == "v2.core.event" and isinstance(object_, str):
        extra = {"related_object": _related(object_)} | extra
    turn.publish(
        type_,
        _writer(turn, object_),
        about=(identity,),
        customer=_customer_of(turn, identity),
        created=created,
        extra=extra,
    )


def changed(turn: Turn, record: Record, raw: Mapping[str, Any]) -> Record:
    """Put raw fields over a record, with what items leave out taken from its first item."""
    if "items" not in raw:
        return record | dict(raw)
    given = raw["items"]["data"] if isinstance(raw["items"], dict) else raw["items"]
    return record | dict(raw) | {"items": [_item(turn, item, record["items"][0]) for item in given]}


def _item(turn: Turn, raw: Record, usual: Record) -> Record:
    told = {name: _id(raw[name]) for name in _ITEM if name in raw}
    return usual | {"id": mint(turn.rng, "subscription_item")} | told


def _id(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) else value


def _writer(turn: Turn, object_: Document | str | None) -> Write:
    if not isinstance(object_, str):
        return lambda era: object_ or {}
    kind, record = kind_of(object_), find(turn.shop.desk, kind_of(object_), object_)
    if record is None:
        raise KeyError(f"There is no {kind} {object_}.")

    def write(era: Era) -> Document:
        return document(turn.shop.desk, kind, record, era)

    return write


def _related(identity: str) -> Document:
    kind = kind_of(identity)
    return {"id": identity, "type": kind, "url": f"/v1/{kind}s/{identity}"}


def _customer_of(turn: Turn, identity: object) -> str | None:
    try:
        kind = kind_of(str(identity))
    except KeyError:
        return None
    record = find(turn.shop.desk, kind, str(identity)) or {}
    return str(identity) if kind == "customer" else record.get("customer")
