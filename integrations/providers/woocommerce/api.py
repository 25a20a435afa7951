"""Asking a WooCommerce shop through its REST API, at the connection's pace, with every fault told apart."""

from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import requests
from django.conf import settings

from config import outgoing
from integrations import pace
from integrations.problems import Problem
from integrations.providers.base import ProviderError, retry_after

if TYPE_CHECKING:
    from integrations.models import Connection

# Oldest version of Woo Subscriptions that speaks this API; older ones have no such route at all.
OLDEST = (3, 1)
PLUGIN = "woocommerce-subscriptions/"
# Shops are slow: a page of subscriptions takes seconds.
TIMEOUT = 45.0
_ROUTES = "/wp-json/wc/v3/"
_DENIED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
# Shops whose host takes the Authorization header away, by address and key.
_without_header: set[tuple[str, str]] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a shop answered: parsed JSON, and of lists how many rows and pages there are, and whether one follows.

    Hosts take headers away, so what the shop counted and linked is None where it did not come.
    """

    data: Any
    total: int | None = None
    pages: int | None = None
    has_next: bool | None = None

    def is_last(self, number: int) -> bool:
        """Whether this was the last page, being that number; a short page says nothing, for rows may be missing."""
        if self.pages is not None:
            return number >= self.pages
        return not self.data if self.has_next is None else not self.has_next


def get(connection: "Connection", path: str, **params: Any) -> Answer:
    """Fetch one object or a page of a list; raise ProviderError. Sleeps until the shop's pace allows it."""
    return _asked(connection, "GET", path, params)


def send(connection: "Connection", method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
    """Create, change or delete something of ours at the shop; raise ProviderError."""
    return _asked(connection, method, path, {}, body)


def check(connection: "Connection") -> None:
    """Ask whether the shop has Woo Subscriptions, recent enough, and whether the key may read what is needed."""
    get(connection, "subscriptions/statuses")
    for name in ("subscriptions", "products"):
        get(connection, name, per_page=1)
    version = plugin_version(connection)
    if version and version < OLDEST:
        raise ProviderError(Problem.PLUGIN_MISSING, ".".join(map(str, version)), permanent=True)


def plugin_version(connection: "Connection") -> tuple[int, ...] | None:
    """Return the version of Woo Subscriptions; None where the key may not see it or the shop does not tell."""
    try:
        status = get(connection, "system_status").data
    except ProviderError as error:
        if error.problem in (Problem.PERMISSION, Problem.KEY_REFUSED, Problem.REFUSED):
            return None
        raise
    plugins = status.get("active_plugins") if isinstance(status, dict) else None
    found = (one for one in plugins or () if isinstance(one, dict) and str(one.get("plugin")).startswith(PLUGIN))
    return _version(next(found, {}).get("version"))


def _version(text: Any) -> tuple[int, ...] | None:
    parts = str(text or "").split(".")[:2]
    return tuple(int(part) for part in parts) if all(part.isascii() and part.isdecimal() for part in parts) else None


def _asked(
    connection: "Connection", method: str, path: str, params: dict[str, Any], body: dict[str, Any] | None = None
) -> Answer:
    shop = (connection.api_address, connection.client_id)
    answer = _requested(connection, method, path, params, body, in_query=shop in _without_header)
    if answer.status_code == HTTPStatus.UNAUTHORIZED and shop not in _without_header and _is_safe(connection):
        again = _requested(connection, method, path, params, body, in_query=True)
        if again.status_code not in _DENIED:
            _without_header.add(shop)
            answer = again
    return _read(connection, answer)


def _is_safe(connection: "Connection") -> bool:
    """Whether keys may stand in an address: only where TLS hides it, and in tests."""
    return connection.api_address.startswith("https://") or settings.SANDBOX


def _requested(
    connection: "Connection",
    method: str,
    path: str,
    params: dict[str, Any],
    body: dict[str, Any] | None,
    *,
    in_query: bool,
) -> requests.Response:
    keys = (connection.client_id, connection.api_key)
    if in_query:
        params = params | {"consumer_key": keys[0], "consumer_secret": keys[1]}
    pace.wait(connection)
    try:
        return _session(connection.may_be_private).request(
            method,
            f"{connection.api_address}{_ROUTES}{path}",
            params={name: _written(value) for name, value in params.items()},
            json=body,
            auth=None if in_query else keys,
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        if error.response is not None:
            return error.response  # it leads elsewhere, and nobody follows
        # the exception's own words quote the address, which may hold the keys
        raise ProviderError(Problem.UNREACHABLE, type(error).__name__) from None


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list) else value


@lru_cache(maxsize=2)
def _session(may_be_private: bool) -> requests.Session:
    return outgoing.session(may_be_private=may_be_private)


def _read(connection: "Connection", answer: requests.Response) -> Answer:
    data = _parsed(answer)
    if answer.ok and data is not None:
        return Answer(
            data=data,
            total=_number(answer, "X-WP-Total"),
            pages=_number(answer, "X-WP-TotalPages"),
            has_next="next" in answer.links if answer.links else None,
        )
    raise _fault(connection, answer, data if isinstance(data, dict) else {})


def _parsed(answer: requests.Response) -> Any:
    """Return the JSON; None for anything else, such as the page of a shop under maintenance."""
    try:
        return answer.json() if not answer.is_redirect else None
    except (ValueError, RecursionError):
        return None


def _number(answer: requests.Response, name: str) -> int | None:
    value = answer.headers.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() else None


def _fault(connection: "Connection", answer: requests.Response, error: dict[str, Any]) -> ProviderError:
    status, code = answer.status_code, str(error.get("code", ""))
    seconds = retry_after(answer.headers)
    if seconds:
        pace.hold(connection, seconds)
    detail = str(error.get("message") or "")[:300] or _plainly(answer)
    problem, permanent = _problem(status, code, is_json=bool(error))
    return ProviderError(problem, detail, permanent=permanent, retry_after=seconds)


def _problem(status: int, code: str, *, is_json: bool) -> tuple[Problem, bool]:
    """Tell what kind of trouble it is, and whether asking again is in vain."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Problem.RATE_LIMITED, False
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Problem.STORE_FAULT, False
    if not is_json:
        return Problem.NOT_A_STORE, False
    if status in _DENIED:
        return (Problem.PERMISSION if "_cannot_" in code else Problem.KEY_REFUSED), False
    if code == "rest_no_route":
        return Problem.PLUGIN_MISSING, True
    return (Problem.NOT_FOUND if status == HTTPStatus.NOT_FOUND else Problem.REFUSED), True


def _plainly(answer: requests.Response) -> str:
    # without its query, which may hold the keys
    to = f" → {answer.headers['Location'].partition('?')[0][:200]}" if answer.is_redirect else ""
    return f"HTTP {answer.status_code}{to}"
