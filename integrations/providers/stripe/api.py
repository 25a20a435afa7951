"""Asking Stripe, through the official library: at the connection's pace, with every fault told apart."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import stripe
from django.conf import settings

from integrations import pace
from integrations.problems import Problem
from integrations.providers.base import ProviderError

if TYPE_CHECKING:
    from integrations.models import Connection

stripe.enable_telemetry = False

# Read access to these is all that the product needs.
_NEEDED = ("subscriptions", "customers", "invoices", "payment_methods", "products", "prices")


def get(connection: "Connection", path: str, **params: Any) -> dict[str, Any]:
    """Fetch one object or list as plain JSON; raise ProviderError. Sleeps until the store's pace allows it."""
    pace.wait(connection)
    try:
        answer = _client(connection.api_key, connection.api_address).raw_request("get", f"/v1/{path}", **params)
    except stripe.StripeError as error:
        raise _translated(connection, error) from error
    if not isinstance(answer.data, dict) or "object" not in answer.data:
        raise ProviderError(Problem.NOT_A_STORE, path)
    return answer.data


def check(connection: "Connection") -> None:
    """Ask for one of everything that is needed; the first refusal says what is wrong with the key."""
    for name in _NEEDED:
        params = {"type": "card"} if name == "payment_methods" else {}
        get(connection, name, limit=1, **params)


@lru_cache(maxsize=64)
def _client(api_key: str, address: str) -> stripe.StripeClient:
    """Keep one client a key, for its open connections. Retries are ours: the library never retries a plain 429."""
    return stripe.StripeClient(
        api_key,
        base_addresses={"api": address} if address else None,
        http_client=stripe.RequestsClient(timeout=settings.STORE_TIMEOUT),
        max_network_retries=0,
    )


# The first class that fits decides: the problem, and whether asking again is in vain.
_FAULTS: tuple[tuple[type[stripe.StripeError], Problem, bool], ...] = (
    (stripe.AuthenticationError, Problem.KEY_REFUSED, False),
    (stripe.PermissionError, Problem.PERMISSION, False),
    (stripe.RateLimitError, Problem.RATE_LIMITED, False),
    (stripe.APIConnectionError, Problem.UNREACHABLE, False),
    (stripe.InvalidRequestError, Problem.REFUSED, True),
)


def _translated(connection: "Connection", error: stripe.StripeError) -> ProviderError:
    known = (row[1:] for row in _FAULTS if isinstance(error, row[0]))
    problem, permanent = next(known, (_of_answer(error), False))
    retry_after = _retry_after(error)
    if retry_after:
        pace.hold(connection, retry_after)
    return ProviderError(problem, _detail(error), permanent=permanent, retry_after=retry_after)


def _of_answer(error: stripe.StripeError) -> Problem:
    """Tell a store's own fault, in its own words, from somebody else answering at its address."""
    return Problem.STORE_FAULT if error.json_body or (error.http_status or 0) >= 500 else Problem.NOT_A_STORE


def _detail(error: stripe.StripeError) -> str:
    """Say what the store said, briefly; the library quotes whole pages of HTML, which help nobody."""
    if error.json_body is None:
        return f"HTTP {error.http_status}" if error.http_status else type(error).__name__
    return str(error.user_message or error)[:300]


def _retry_after(error: stripe.StripeError) -> float | None:
    value = str((error.headers or {}).get("Retry-After", ""))
    return min(float(value), 600.0) if value.isdigit() else None
