"""An allowance that fills up again evenly: the generic cell rate algorithm, one row for each who tries.

It is moved by one statement a try, so that it holds over all processes and machines and needs no cache server. A try
that is refused writes nothing, and costs one statement too.
"""

import time
from dataclasses import dataclass

from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from config.limits.models import Allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`burst` tries at once, which are all back after `seconds`; the first of them is back after a `step`."""

    name: str
    burst: int
    seconds: float

    @property
    def step(self) -> float:
        """The seconds after which one try is back."""
        return self.seconds / self.burst


def take(limit: Limit, *who: str, count: int = 1) -> float:
    """Take one try; return 0.0 if there was one, else the longest that the next one can be away, in seconds.

    With a `count` so many are taken, all or none of them.
    """
    now, span = time.time(), limit.step * count
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [_name(limit, who), now + span, now, now, span, now + limit.seconds - span])
        return 0.0 if cursor.fetchone() else span


def give_back(limit: Limit, *who: str) -> None:
    """Return a try that turned out to be a good one."""
    Allowance.objects.filter(name=_name(limit, who)).update(full_at=F("full_at") - limit.step)


def sweep() -> int:
    """Forget whoever has the whole allowance again, which is what having no row means; return how many they were."""
    return Allowance.objects.filter(full_at__lte=time.time()).delete()[0]


def _name(limit: Limit, who: tuple[str, ...]) -> str:
    return salted_hmac("limits", "\0".join((limit.name, *who)), algorithm="sha256").hexdigest()


# One statement, so that no two processes take the same try.
_TAKE = """
    INSERT INTO limits_allowance (name, full_at) VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE
    SET full_at = CASE WHEN limits_allowance.full_at > %s THEN limits_allowance.full_at ELSE %s END + %s
    WHERE limits_allowance.full_at <= %s
    RETURNING full_at
"""
