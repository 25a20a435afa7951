"""Webhook endpoints: making them, changing them, and the secrets that sign for them."""

from collections.abc import Mapping
from random import Random
from typing import Any

from integrations.sandbox.chances import letters
from integrations.sandbox.store import Record
from integrations.sandbox.stripe.eras import era_of
from integrations.sandbox.stripe.errors import StripeError, unknown_parameter
from integrations.sandbox.stripe.filters import boolean
from integrations.sandbox.stripe.ids import mint

_CREATE = frozenset({"url", "enabled_events", "api_version", "description", "metadata", "connect", "expand"})
_UPDATE = frozenset({"url", "enabled_events", "disabled", "description", "metadata", "expand"})


def new_endpoint(rng: Random, params: Mapping[str, Any], at: int) -> Record:
    """Make an endpoint with one secret. Raises StripeError."""
    _only(params, _CREATE)
    for name in ("url", "enabled_events"):
        if name not in params:
            raise StripeError(400, f"Missing required param: {name}.", code="parameter_missing", param=name)
    if params.get("api_version"):
        era_of(params["api_version"])
    return {
        "id": mint(rng, "webhook_endpoint"),
        "created": at,
        "status": "enabled",
        "api_version": params.get("api_version") or None,
        "secrets": [new_secret(rng)],
        **_checked(params),
    }


def changed_endpoint(endpoint: Record, params: Mapping[str, Any]) -> Record:
    """Change an endpoint. Raises StripeError."""
    _only(params, _UPDATE)
    status = {}
    if "disabled" in params:
        status = {"status": "disabled" if boolean(params["disabled"], "disabled") else "enabled"}
    return endpoint | _checked(params) | status


def new_secret(rng: Random) -> str:
    """Make a signing secret."""
    return f"whsec_{letters(rng, 32)}"


def _only(params: Mapping[str, Any], known: frozenset[str]) -> None:
    if unknown := next((name for name in params if name not in known), None):
        raise unknown_parameter(unknown)


def _checked(params: Mapping[str, Any]) -> Record:
    if "url" in params and not str(params["url"]).startswith(("http://", "https://")):
        raise StripeError(400, "Invalid URL: An explicit scheme (such as https) must be provided.", param="url")
    events = params.get("enabled_events", ["*"])
    if not isinstance(events, list) or not events or not all(isinstance(one, str) for one in events):
        raise StripeError(400, "Invalid array", param="enabled_events")
    return {name: params[name] for name in ("url", "enabled_events", "description", "metadata") if name in params}
