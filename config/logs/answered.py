"""One line, and one count, for each request that was answered: method, route, status, and how long it took."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.logs import request_id
from config.logs.formatting import route
from config.metrics import counters

logger = logging.getLogger("ritournelle.requests")

# Machines ask these every few seconds.
_QUIET = frozenset({"healthz", "readyz", "metrics"})
_STATIC = f"/{settings.STATIC_URL.strip('/')}/"


class Answered:
    """Gives each request its id, and notes what became of it. The first of all middleware, so that it sees all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the id, and note the answer."""
        started, known = time.perf_counter(), request_id.take(request.headers.get(request_id.HEADER, ""))
        token = request_id.current.set(known)
        try:
            answer = self.get_response(request)
            answer[request_id.HEADER] = known
            _note(request, answer.status_code, time.perf_counter() - started)
            return answer
        finally:
            request_id.current.reset(token)


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    where = "(static)" if request.path.startswith(_STATIC) else route(request)
    counters.request(request.method or "", where, status, seconds)
    level = logging.DEBUG if where in _QUIET or where == "(static)" else logging.INFO
    told: dict[str, Any] = {"method": request.method, "route": where, "status": status, "ms": round(seconds * 1000, 1)}
    logger.log(level, "%s /%s %s", request.method, where, status, extra=told | _who(request))


def _who(request: HttpRequest) -> dict[str, int]:
    """Name who asked, where that is known already: nobody is looked up for it."""
    key, user = getattr(request, "auth", None), getattr(request, "_cached_user", None)
    if key is not None:
        return {"key_id": key.pk}
    return {"user_id": user.pk} if user is not None and user.pk else {}
