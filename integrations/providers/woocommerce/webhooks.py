"""Our webhooks at the shop: registered by us, and switched on again when the shop has switched them off.

Woo has one webhook for each topic, and disables one after about five failures in a row.
"""

import secrets
import string
from typing import TYPE_CHECKING

from integrations.problems import Problem
from integrations.providers.base import ProviderError
from integrations.providers.woocommerce import api
from integrations.watching import Watched

if TYPE_CHECKING:
    from integrations.models import Connection

TOPICS = ("subscription.created", "subscription.updated", "subscription.deleted", "subscription.switched",
          "product.updated", "order.updated")  # fmt: skip
# What a key that may only read is answered.
_DENIED = frozenset({Problem.PERMISSION, Problem.KEY_REFUSED, Problem.REFUSED})
_LETTERS = string.ascii_letters + string.digits
_SECRET_LENGTH = 40


def new_secret() -> str:
    """Make a secret of letters and digits only: Woo garbles other characters."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_SECRET_LENGTH))


def register(connection: "Connection") -> list[str]:
    """Make what is missing of our webhooks, switch on what is off, and return the topics that needed it.

    A secret that the shop does not know yet is told to each. Raise ProviderError, for instance where the key may only
    read.
    """
    ours = _ours(connection)
    mended = []
    for topic in TOPICS:
        known = ours.get(topic)
        if known is None:
            _change(connection, "POST", "webhooks", _wanted(connection, topic))
            mended.append(topic)
        elif known.get("status") != "active" or connection.secret_untold:
            _change(connection, "PUT", f"webhooks/{known['id']}", _wanted(connection, topic))
            mended.append(topic)
    if connection.secret_untold:
        connection.told_secret()
        connection.save(update_fields=["secret_untold", "old_secret_until"])
    return mended


def watch(connection: "Connection") -> Watched:
    """See whether our webhooks are there and active, and mend those that are not."""
    if not connection.webhook_secret:
        return Watched.NONE
    try:
        is_mended = bool(register(connection))
    except ProviderError as error:
        if error.problem not in _DENIED:
            raise
        return _seen(connection)
    return Watched.MENDED if is_mended else Watched.IN_ORDER


def _seen(connection: "Connection") -> Watched:
    """Tell a webhook that we may see and not mend from one that we may not even see."""
    try:
        _all(connection)
    except ProviderError as error:
        if error.problem not in _DENIED:
            raise
        return Watched.UNSEEN
    return Watched.OFF


def prove(connection: "Connection") -> None:
    """Change one of our webhooks into what it is, if there is any: a key that may not raises ProviderError."""
    one = next(iter(_ours(connection).values()), None)
    if one:
        _change(connection, "PUT", f"webhooks/{one['id']}", {"name": _name(one["topic"])})


def _change(connection: "Connection", method: str, path: str, body: dict[str, str]) -> None:
    """Change a webhook; Woo refuses a key that may only read as if it were none, though it has let it read just now."""
    try:
        api.send(connection, method, path, body)
    except ProviderError as error:
        if error.problem is not Problem.KEY_REFUSED:
            raise
        raise ProviderError(Problem.PERMISSION, error.detail, permanent=True) from error


def _ours(connection: "Connection") -> dict[str, dict[str, str]]:
    """Return our webhooks by their topics."""
    return {one["topic"]: one for one in _all(connection) if one.get("delivery_url") == connection.webhook_url}


def _name(topic: str) -> str:
    return f"Ritournelle: {topic}"


def unregister(connection: "Connection") -> None:
    """Remove what there is of our webhooks. Raise ProviderError."""
    for one in _all(connection):
        if one.get("delivery_url") == connection.webhook_url:
            _change(connection, "DELETE", f"webhooks/{one['id']}", {"force": "true"})


def _wanted(connection: "Connection", topic: str) -> dict[str, str]:
    return {
        "name": _name(topic),
        "topic": topic,
        "delivery_url": connection.webhook_url,
        "secret": connection.webhook_secret,
        "status": "active",
    }


def _all(connection: "Connection") -> list[dict[str, str]]:
    found, number = [], 1
    while True:
        answer = api.get(connection, "webhooks", per_page=100, page=number)
        found += [one for one in answer.data if isinstance(one, dict) and "topic" in one]
        if answer.is_last(number):
            return found
        number += 1
