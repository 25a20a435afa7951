"""Our webhook at PayPal: registered by us, so that nobody has to paste anything."""

from typing import TYPE_CHECKING

from integrations.problems import Problem
from integrations.providers.base import ProviderError
from integrations.providers.paypal import api
from integrations.providers.reading import list_at, text_at
from integrations.watching import Watched

if TYPE_CHECKING:
    from integrations.models import Connection

_PATH = "v1/notifications/webhooks"
_OF_SUBSCRIPTIONS = ("CREATED", "ACTIVATED", "UPDATED", "EXPIRED", "CANCELLED", "SUSPENDED", "RE-ACTIVATED",
                     "PAYMENT.FAILED")  # fmt: skip
_OF_SALES = ("COMPLETED", "REFUNDED", "REVERSED")
_OF_ORDERS = ("APPROVED", "COMPLETED")
# resource -> the events that it needs
EVENTS = {
    "subscriptions": [
        *(f"BILLING.SUBSCRIPTION.{name}" for name in _OF_SUBSCRIPTIONS),
        *(f"PAYMENT.SALE.{name}" for name in _OF_SALES),
    ],
    "orders": [f"CHECKOUT.ORDER.{name}" for name in _OF_ORDERS],
}


def register(connection: "Connection") -> str:
    """Make our webhook, or bring the one at our address up to date; return PayPal's ID of it. Raise ProviderError."""
    wanted = [{"name": name} for events in EVENTS.values() for name in events]
    known = _ours(connection)
    if known:
        patch = [{"op": "replace", "path": "/event_types", "value": wanted}]
        api.send(connection, "PATCH", f"{_PATH}/{known}", body=patch)
        return known
    made = api.send(connection, "POST", _PATH, body={"url": connection.webhook_url, "event_types": wanted})
    if not (identity := text_at(made, "id")):
        raise ProviderError(Problem.NOT_A_STORE, _PATH)
    return identity


def watch(connection: "Connection") -> Watched:
    """See whether our webhook is there with all the events that we need; make or mend it where it is not."""
    if not connection.webhook_id:
        return Watched.NONE
    try:
        if _is_in_order(connection):
            return Watched.IN_ORDER
    except ProviderError as error:
        if error.problem is not Problem.PERMISSION:
            raise
        return Watched.UNSEEN
    try:
        connection.webhook_id = register(connection)
    except ProviderError as error:
        if not error.permanent and error.problem is not Problem.PERMISSION:
            raise
        return Watched.OFF
    connection.save(update_fields=["webhook_id"])
    return Watched.MENDED


def _is_in_order(connection: "Connection") -> bool:
    """Look by address and by ID: what stands between PayPal and us may have an address of its own."""
    found = list_at(api.get(connection, _PATH), "webhooks")
    ours = (connection.webhook_url, connection.webhook_id)
    types = (
        {text_at(kind, "name") for kind in list_at(one, "event_types")}
        for one in found
        if text_at(one, "id") == ours[1] or text_at(one, "url") == ours[0]
    )
    needed = {name for names in EVENTS.values() for name in names}
    return any("*" in known or needed <= known for known in types)


def _ours(connection: "Connection") -> str:
    found = list_at(api.get(connection, _PATH), "webhooks")
    return next((text_at(one, "id") for one in found if text_at(one, "url") == connection.webhook_url), "")
