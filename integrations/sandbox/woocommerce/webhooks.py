"""Webhooks: making them, changing them, and what counts as a failure."""

from collections.abc import Mapping
from random import Random
from typing import Any

from integrations.sandbox.chances import letters
from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce.dates import wall
from integrations.sandbox.woocommerce.errors import WooError, lacking, wrong

NEWEST = "wp_api_v3"
OLDEST = "wp_api_v1"
VERSIONS = (NEWEST, "wp_api_v2", OLDEST)
STATUSES = ("active", "paused", "disabled")
TOPICS = frozenset(
    [f"subscription.{event}" for event in ("created", "updated", "deleted", "switched")]
    + [f"{kind}.{event}" for kind in ("order", "product", "customer") for event in ("created", "updated", "deleted")]
)
_KEPT = ("name", "status", "topic", "delivery_url", "secret", "api_version")
_REQUIRED = ("topic", "delivery_url")
_TAKEN = range(200, 303)


def new_webhook(rng: Random, given: Mapping[str, Any], at: int) -> Record:
    """Make a webhook that has no number yet, with a secret of its own when none is given. Raises WooError."""
    if missing := [name for name in _REQUIRED if given.get(name) is None]:
        raise lacking(*missing)
    usual = {
        "name": f"Webhook created on {wall(at)}",
        "status": "active",
        "secret": letters(rng, 50),
        "api_version": NEWEST,
        "failures": 0,
        "is_pending": True,
    }
    return usual | _checked(given) | {"created": at, "modified": at}


def changed_webhook(webhook: Record, given: Mapping[str, Any], at: int) -> Record:
    """Change a webhook; one that is made active again starts to count its failures anew. Raises WooError."""
    after = webhook | _checked(given) | {"modified": at}
    is_revived = after["status"] == "active" != webhook["status"]
    is_moved = after["delivery_url"] != webhook["delivery_url"]
    return after | ({"failures": 0} if is_revived else {}) | ({"is_pending": True} if is_moved else {})


def cloned_webhook(webhook: Record, source: str) -> Record:
    """Make the webhook of a copied shop: the same number and secret, at another address."""
    return webhook | {"id": f"{webhook['id']}@{source}", "source": source}


def after_attempt(webhook: Record, status: int, allowed: int) -> Record:
    """Count a failure, or forget those before: 200 to 302 is a success. One failure too many disables the webhook."""
    if status in _TAKEN:
        return webhook | {"failures": 0}
    if webhook["failures"] > allowed:
        return webhook | {"status": "disabled"}
    return webhook | {"failures": webhook["failures"] + 1}


def _checked(given: Mapping[str, Any]) -> Record:
    kept = {name: given[name] for name in _KEPT if given.get(name) is not None}
    if bad := next((name for name, value in kept.items() if not isinstance(value, str)), None):
        raise wrong(bad, f"{bad} is not of type string.")
    if kept.get("topic", "order.created") not in TOPICS:
        raise WooError(400, "woocommerce_rest_shop_webhook_invalid_topic", "Webhook topic must be valid.")
    if not kept.get("delivery_url", "http://").startswith(("http://", "https://")):
        message = "Webhook delivery URL must be a valid URL starting with http:// or https://."
        raise WooError(400, "woocommerce_rest_shop_webhook_invalid_delivery_url", message)
    for name, options in (("status", STATUSES), ("api_version", VERSIONS)):
        if kept.get(name, options[0]) not in options:
            raise wrong(name, f"{name} is not one of {', '.join(options)}.", "rest_not_in_enum")
    return kept
