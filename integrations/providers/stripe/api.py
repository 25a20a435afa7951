"""Asking Stripe, through the official library: at the connection's pace, with every fault told apart."""

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import stripe
from django.conf import settings

from integrations import pace
from integrations.problems import Problem
from integrations.providers.base import ProviderError, retry_after

if TYPE_CHECKING:
    from integrations.models import Connection

stripe.enable_telemetry = False

# Where the body of an answer stands among its headers; no header of HTTP has this name.
_BODY = ":body"
# Read access to these is all that the product needs.
_NEEDED = ("subscriptions", "customers", "invoices", "payment_methods", "products", "prices")


def get(connection: "Connection", path: str, **params: Any) -> dict[str, Any]:
    """Fetch one object or list as plain JSON; raise ProviderError. Sleeps until the store's pace allows it."""
    return send(connection, "get", path, **params)


def send(connection: "Connection", method: str, path: str, **params: Any) -> dict[str, Any]:
    """Ask anything, as `get` does."""
    pace.wait(connection)
    try:
        answer = _client(connection.api_key, connection.api_address).raw_request(method, f"/v1/{path}", **params)
    except stripe.StripeError as error:
        raise _translated(connection, error) from error
    return _parsed(answer.headers.get(_BODY, b""), path)


def _parsed(body: bytes, path: str) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or "object" not in answer:
        raise ProviderError(Problem.NOT_A_STORE, path)
    return answer


def check(connection: "Connection") -> None:
    """Ask for one of everything that is needed; raise ProviderError where the key, or the address, is no good.

    The first answer tells that; of the others only a permission that is lacking counts.
    """
    get(connection, _NEEDED[0], limit=1)
    for name in _NEEDED[1:]:
        params = {"type": "card"} if name == "payment_methods" else {}
        try:
            get(connection, name, limit=1, **params)
        except ProviderError as error:
            if error.problem is Problem.PERMISSION:
                raise


class _Unparsed(stripe.RequestsClient):
    """Hand a good answer over as it came, in place of a header; the library would make ordered dicts of it.

    A page of a hundred subscriptions is a megabyte: parsing it that way, and writing it into a log line that nobody
    reads, took a quarter of the time that reading history took, and a third of that this way.
    """

    def request(self, *args: Any, **kwargs: Any) -> tuple[Any, int, Any]:
        """Ask as the library does; its errors need the body where it expects it."""
        body, status, headers = super().request(*args, **kwargs)
        return ("{}", status, {**headers, _BODY: body}) if status == 200 else (body, status, headers)


@lru_cache(maxsize=64)
def _client(api_key: str, address: str) -> stripe.StripeClient:
    """Keep one client a key, for its open connections. Retries are ours: the library never retries a plain 429."""
    return stripe.StripeClient(
        api_key,
        base_addresses={"api": address} if address else None,
        http_client=_Unparsed(timeout=settings.STORE_TIMEOUT),
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
    seconds = retry_after(error.headers)
    if seconds:
        pace.hold(connection, seconds)
    return ProviderError(problem, _detail(error), permanent=permanent, retry_after=seconds)


def _of_answer(error: stripe.StripeError) -> Problem:
    """Tell a store's own fault, in its own words, from somebody else answering at its address."""
    return Problem.STORE_FAULT if _is_stripes(error) or (error.http_status or 0) >= 500 else Problem.NOT_A_STORE


def _detail(error: stripe.StripeError) -> str:
    """Say what the store said, briefly; the library quotes whole pages of HTML, which help nobody."""
    if _is_stripes(error):
        return str(error.user_message or error)[:300]
    return f"HTTP {error.http_status}" if error.http_status else type(error).__name__


def _is_stripes(error: stripe.StripeError) -> bool:
    """Whether Stripe's own words came; where no JSON came, the library puts the headers in the body's place."""
    return isinstance(error.json_body, dict) and "error" in error.json_body
