"""What the demo begins with beside stores: a list that their newcomers are on, and segments to open and change."""

from typing import Any

from contacts.models import ContactList
from integrations.models import Connection
from subscriptions.segments import saved

LIST = "Newsletter"


def put_newcomers_on_a_list(connection: Connection) -> None:
    """Let a store put whom it brings on the demo's list, from now on."""
    store = connection.store
    store.newcomer_list, _ = ContactList.objects.get_or_create(name=LIST)
    store.save(update_fields=["newcomer_list"])


def save_segments() -> None:
    """Save some segments, of which one asks for the others."""
    on_hold = saved.create(_paying(_is("status", "paused")), name="On hold", description="Who might come back")
    expiring = saved.create(
        _paying(_is("status", "active"), _is("payment_method_expiration", {"n": 60, "unit": "days"}, "in_the_next")),
        name="Card expires soon",
    )
    at_risk = [
        {"segment": on_hold.pk, "op": "in"},
        {"segment": expiring.pk, "op": "in"},
        _paying(_is("status", "payment_failed")),
    ]
    saved.create({"any": at_risk}, name="At risk", description="Write to them before they leave")


def _paying(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"recurring_payment": {"all": list(parts)}, "match": "any"}


def _is(name: str, value: Any, op: str = "is") -> dict[str, Any]:
    return {"field": name, "op": op, "value": value}
