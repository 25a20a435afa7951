"""Change objects by hand and tell so: raw fields, payers, and events about anything."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.paypal.documents import Document, subscription_document
from integrations.sandbox.paypal.people import name_parts
from integrations.sandbox.paypal.turns import Turn
from integrations.sandbox.store import Record

_OWN = frozenset({"status", "quantity", "custom_id"})
_PAYERS_OWN = frozenset({"email", "name", "address", "ship_to", "card"})


def update(turn: Turn, subscription: Record, raw: Mapping[str, Any]) -> None:
    """Set raw fields of a subscription, in the API's names, and tell so; None takes a field away."""
    turn.tell("UPDATED", turn.change("subscription", applied(subscription, raw)))


def applied(subscription: Record, raw: Mapping[str, Any]) -> Record:
    """Put raw fields over a subscription."""
    own = {name: value for name, value in raw.items() if name in _OWN}
    others = {name: value for name, value in raw.items() if name not in _OWN}
    return subscription | own | {"raw": subscription["raw"] | others}


def update_payer(turn: Turn, payer: Record, given: Mapping[str, Any]) -> None:
    """Change a payer, and tell so of each of their subscriptions. Raises ValueError for an unknown field."""
    if unknown := given.keys() - _PAYERS_OWN:
        raise ValueError(f"A payer has no {', '.join(sorted(unknown))}; there are {', '.join(sorted(_PAYERS_OWN))}.")
    split = {"name": name_parts(given["name"])} if isinstance(given.get("name"), str) else {}
    turn.put("payer", payer | dict(given) | split)
    for subscription in turn.table("subscription").owned(payer["id"]):
        turn.tell("UPDATED", turn.change("subscription", subscription))


def tell_anything(
    turn: Turn, type_: str, resource: Document | str | None, *, at: int | None, extra: Mapping[str, Any]
) -> None:
    """Publish an event about a document, or about the subscription with an id. Raises KeyError for an unknown id."""
    if not isinstance(resource, str):
        turn.publish(type_, resource or {}, at=at, extra=extra)
        return
    subscription = turn.table("subscription").get(resource)
    if subscription is None:
        raise KeyError(f"There is no subscription {resource}.")
    document = subscription_document(turn.shop.store, subscription, turn.home)
    turn.publish(type_, document, subscription=resource, at=at, extra=extra)
