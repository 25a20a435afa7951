"""Our webhook at PayPal: registered by us, so that nobody has to paste anything."""

from typing import TYPE_CHECKING

from integrations.problems import Problem
from integrations.providers.base import ProviderError, changing_webhooks
from integrations.providers.paypal import api, resources
from integrations.providers.reading import list_at, text_at
from integrations.watching import Watched

if TYPE_CHECKING:
    from integrations.models import Connection

_PATH = "v1/notifications/webhooks"


def register(connection: "Connection") -> str:
    """Set our webhook up at PayPal for the connected resources, and keep its ID. Raise ProviderError."""
    with changing_webhooks():
        connection.webhook_id = _registered(connection)
    connection.save(update_fields=["webhook_id"])
    return ""


def _registered(connection: "Connection") -> str:
    """Make our webhook, or bring the one at our address up to date; return PayPal's ID of it."""
    wanted = [{"name": name} for name in resources.events(connection)]
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
        register(connection)
    except ProviderError as error:
        if not error.permanent and error.problem not in (Problem.PERMISSION, Problem.WEBHOOK_PERMISSION):
            raise
        return Watched.OFF
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
    needed = set(resources.events(connection))
    return any("*" in known or needed <= known for known in types)


def unregister(connection: "Connection") -> None:
    """Remove our webhook, if it is there. Raise ProviderError."""
    if known := _ours(connection):
        api.send(connection, "DELETE", f"{_PATH}/{known}")


def _ours(connection: "Connection") -> str:
    found = list_at(api.get(connection, _PATH), "webhooks")
    return next((text_at(one, "id") for one in found if text_at(one, "url") == connection.webhook_url), "")
