"""How many requests a key may make: an allowance that fills up again evenly.

It stands on the key's row, moved by one statement a request, so that it holds over all processes and machines, and
needs no broker: the generic cell rate algorithm, as `pace` has it for our own requests, with a burst of a whole minute.
"""

import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from integrations.models import ApiKey

PERIOD = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a key may do: requests a minute, how many at once from now on, and the seconds until all are back."""

    limit: int
    remaining: int
    reset: float
    wait: float = 0.0

    def headers(self) -> dict[str, str]:
        """Write it as stores read it."""
        told = {"Limit": self.limit, "Remaining": self.remaining, "Reset": math.ceil(self.reset)}
        return {f"RateLimit-{name}": str(number) for name, number in told.items()}


def take(key: ApiKey) -> Allowance:
    """Take one request from the key's allowance; `wait` is 0 if there was one, else the seconds until there is."""
    limit = settings.API_REQUESTS_PER_MINUTE
    step = PERIOD / limit
    now = time.time()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [now, now, step, key.pk, now + PERIOD - step])
        row = cursor.fetchone()
    if row is None:
        full_at = ApiKey.objects.values_list("full_at", flat=True).get(pk=key.pk)
        wait = max(full_at - (now + PERIOD - step), step / 10)
        return Allowance(limit=limit, remaining=0, reset=max(full_at - now, 0.0), wait=wait)
    left = row[0] - now
    return Allowance(limit=limit, remaining=int((PERIOD - left + step / 2) // step), reset=left)


# One statement, so that no two processes take the same request.
_TAKE = """
    UPDATE integrations_apikey SET full_at = CASE WHEN full_at > %s THEN full_at ELSE %s END + %s
    WHERE id = %s AND full_at <= %s
    RETURNING full_at
"""


class PerKey(BaseThrottle):
    """Throttles each key by itself; strangers have been refused before."""

    allowance: Allowance | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Take one request of the key's, and leave on the request what is left."""
        if not isinstance(request.auth, ApiKey):
            return True
        self.allowance = take(request.auth)
        request.allowance = self.allowance  # type: ignore[attr-defined]
        return not self.allowance.wait

    def wait(self) -> float | None:
        """Return the seconds until the next request."""
        return self.allowance.wait if self.allowance else None
