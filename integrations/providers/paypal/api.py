"""Asking PayPal: a token first, then at the connection's pace, with every fault told apart."""

import time
from hashlib import sha256
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

LIVE, SANDBOX = "https://api-m.paypal.com", "https://api-m.sandbox.paypal.com"
# Seconds before its end at which a token is no longer used.
_MARGIN = 60.0
# who asks where -> token and the moment of its end
_tokens: dict[tuple[str, str, str], tuple[str, float]] = {}
_session = outgoing.session(may_be_private=True)  # PayPal's own address, or that of a test


def address(connection: "Connection") -> str:
    """Return where this connection's PayPal answers."""
    return connection.api_address or (LIVE if connection.livemode else SANDBOX)


def get(connection: "Connection", path: str, **params: Any) -> dict[str, Any]:
    """Fetch one object or list; raise ProviderError. Sleeps until the connection's pace allows it."""
    return send(connection, "GET", path, params=params)


def send(
    connection: "Connection", method: str, path: str, *, params: dict[str, Any] | None = None, body: Any = None
) -> dict[str, Any]:
    """Ask anything; a token that PayPal no longer takes is replaced once."""
    answer = _requested(connection, method, path, params=params, json=body, headers=_bearer(connection))
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        _tokens.pop(_who(connection), None)
        answer = _requested(connection, method, path, params=params, json=body, headers=_bearer(connection))
    return _read(connection, answer)


def check(connection: "Connection") -> None:
    """Ask for a token, which proves the credentials; raise ProviderError."""
    _tokens.pop(_who(connection), None)
    _bearer(connection)


def _bearer(connection: "Connection") -> dict[str, str]:
    who = _who(connection)
    token, ends_at = _tokens.get(who, ("", 0.0))
    if ends_at <= time.monotonic():  # two threads may both ask: a lock would let one account that hangs hold up all
        token, ends_at = _new_token(connection)
        _tokens[who] = token, ends_at
    return {"Authorization": f"Bearer {token}"}


def _who(connection: "Connection") -> tuple[str, str, str]:
    return address(connection), connection.client_id, sha256(connection.api_key.encode()).hexdigest()


def _new_token(connection: "Connection") -> tuple[str, float]:
    answer = _requested(
        connection,
        "POST",
        "v1/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(connection.client_id, connection.api_key),
    )
    granted = _read(connection, answer)
    lasts = granted.get("expires_in")
    if not isinstance(granted.get("access_token"), str) or not isinstance(lasts, int):
        raise ProviderError(Problem.NOT_A_STORE, "v1/oauth2/token")
    return granted["access_token"], time.monotonic() + max(lasts - _MARGIN, 1.0)


def _requested(connection: "Connection", method: str, path: str, **options: Any) -> requests.Response:
    pace.wait(connection)
    try:
        return _session.request(
            method,
            f"{address(connection)}/{path}",
            timeout=settings.STORE_TIMEOUT,
            allow_redirects=False,
            **options,
        )
    except requests.RequestException as error:
        raise ProviderError(Problem.UNREACHABLE, type(error).__name__) from error


def _read(connection: "Connection", answer: requests.Response) -> dict[str, Any]:
    if answer.status_code == HTTPStatus.NO_CONTENT:
        return {}
    try:
        data = answer.json() if not answer.is_redirect else None
    except (ValueError, RecursionError):
        data = None
    if answer.ok and isinstance(data, dict):
        return data
    raise _fault(connection, answer, data if isinstance(data, dict) else {})


# status -> the problem, and whether asking again is in vain
_FAULTS: dict[int, tuple[Problem, bool]] = {
    HTTPStatus.UNAUTHORIZED: (Problem.KEY_REFUSED, False),
    HTTPStatus.FORBIDDEN: (Problem.PERMISSION, False),
    HTTPStatus.NOT_FOUND: (Problem.NOT_FOUND, True),
    HTTPStatus.TOO_MANY_REQUESTS: (Problem.RATE_LIMITED, False),
}


def _fault(connection: "Connection", answer: requests.Response, error: dict[str, Any]) -> ProviderError:
    """Tell PayPal's own refusals from somebody else answering in its place."""
    seconds = retry_after(answer.headers)
    if seconds:
        pace.hold(connection, seconds)
    words = error.get("message") or error.get("error_description") or error.get("name") or error.get("error")
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        problem, permanent = Problem.STORE_FAULT, False
    elif not words and answer.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        problem, permanent = Problem.NOT_A_STORE, False
    else:
        problem, permanent = _FAULTS.get(answer.status_code, (Problem.REFUSED, True))
    detail = str(words)[:300] if words else f"HTTP {answer.status_code}"
    return ProviderError(problem, detail, permanent=permanent, retry_after=seconds)
