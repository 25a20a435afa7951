"""Our webhook endpoint at Stripe, where the key may write endpoints; Stripe tells an endpoint's secret only once."""

from typing import TYPE_CHECKING, Any

import stripe
from django.utils.translation import gettext

from integrations.problems import Problem
from integrations.providers.base import ProviderError, changing_webhooks
from integrations.providers.reading import Json, list_at, text_at
from integrations.providers.stripe import api
from integrations.providers.stripe.subjects import EVENTS

if TYPE_CHECKING:
    from integrations.models import Connection

_PATH = "webhook_endpoints"
_PAGE = 100
# Stripe tells of a paid invoice twice, and of what we ask ourselves not at all.
TYPES = sorted(EVENTS.keys() - {"invoice.payment_succeeded", "history"})
_KEPT = ("webhook_id", "webhook_secret", "old_webhook_secret", "old_secret_until")


def register(connection: "Connection") -> str:
    """Bring our endpoint up to date, or make it; say so where one had to go because nobody knows its secret.

    Raise ProviderError.
    """
    with changing_webhooks():
        ours = _ours(connection)
        known = _known(connection, ours)
        if known and connection.webhook_secret:
            api.send(connection, "post", f"{_PATH}/{known}", enabled_events=TYPES, disabled=False)
            connection.webhook_id = known
            connection.save(update_fields=["webhook_id"])
            return ""
        _make(connection)
        _delete(connection, ours)
    if not ours:
        return ""
    return gettext(
        "Stripe had an endpoint at our address, whose secret it tells nobody again: it was replaced by a new one."
    )


def rotate(connection: "Connection") -> None:
    """Make a second endpoint at our address, with a secret of its own; the first one and its secret go in a day.

    Stripe gives up what an endpoint still has to try again once it is deleted, so the first one stays as long as its
    secret counts. Events that come twice meanwhile are one event. Raise ProviderError.
    """
    with changing_webhooks():
        ours = _ours(connection)
        current = _known(connection, ours)
        _make(connection)
        _delete(connection, [one for one in ours if one != current])


def retire(connection: "Connection") -> None:
    """Delete the endpoints at our address whose secrets no longer count. Raise ProviderError."""
    with changing_webhooks():
        if connection.webhook_id:
            _delete(connection, [one for one in _ours(connection) if one != connection.webhook_id])


def unregister(connection: "Connection") -> None:
    """Delete the endpoints at our address. Raise ProviderError."""
    with changing_webhooks():
        _delete(connection, _ours(connection))


def _make(connection: "Connection") -> None:
    """Make an endpoint that speaks as our library does, and keep its secret at once."""
    made = api.send(
        connection,
        "post",
        _PATH,
        url=connection.webhook_url,
        enabled_events=TYPES,
        api_version=stripe.api_version,
        description="Ritournelle",
    )
    identity, secret = text_at(made, "id"), text_at(made, "secret")
    if not identity or not secret:
        raise ProviderError(Problem.NOT_A_STORE, _PATH)
    connection.webhook_id = identity
    connection.take_webhook_secret(secret)
    connection.save(update_fields=_KEPT)


def _delete(connection: "Connection", endpoints: list[str]) -> None:
    for one in endpoints:
        api.send(connection, "delete", f"{_PATH}/{one}")


def _known(connection: "Connection", ours: list[str]) -> str:
    """Return the endpoint whose secret we have; one that was made by hand is it where it is the only one."""
    if connection.webhook_id:
        return connection.webhook_id if connection.webhook_id in ours else ""
    return ours[0] if len(ours) == 1 else ""


def _ours(connection: "Connection") -> list[str]:
    """List the endpoints at our address, newest first."""
    found, more = list[Json](), dict[str, Any]()
    while True:
        page = api.get(connection, _PATH, limit=_PAGE, **more)
        rows = list_at(page, "data")
        found += rows
        if page.get("has_more") is not True or not rows:
            return [text_at(one, "id") for one in found if text_at(one, "url") == connection.webhook_url]
        more = {"starting_after": text_at(rows[-1], "id")}
