"""Turns: of all processes one works on a row at a time, under a claim that it renews and that runs out if it dies.

All apps have their long work done in this way. A worker works for a short turn and then leaves the row to whoever comes
next, so that what else waits for a worker, webhooks above all, never waits for the whole of it. All writes here count
for whoever holds the claim, and for nobody else.
"""

import random
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

CLAIM = timedelta(seconds=60)
LONGEST_PAUSE = 60.0


class Claimed(models.Model):
    """A row that has a `state`, and that goes from process to process."""

    OPEN: ClassVar[tuple[str, ...]] = ("waiting", "running")
    state: "models.CharField[str, str]"

    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way."""
        return self.state in self.OPEN

    @classmethod
    def free(cls, at: datetime) -> "QuerySet[Any]":
        """Select the rows that are not finished and that nobody has held since that moment."""
        rows: QuerySet[Any] = cls._default_manager.all()
        return rows.filter(state__in=cls.OPEN, claimed_until__lte=at)


class Lost(Exception):
    """The row is no longer to be worked on here: another process has taken it over, or it was cancelled."""


def unheld[Row: models.Model](rows: "QuerySet[Row]", *, no_key: bool = False) -> "QuerySet[Row]":
    """Lock rows until the end of the transaction, without those that somebody else holds, where the database can.

    With `no_key` others may still write rows that point at them.
    """
    skips = transaction.get_connection().features.has_select_for_update_skip_locked
    return rows.select_for_update(of=("self",), skip_locked=skips, no_key=no_key and skips)


def take(model: type[Claimed], pk: Any) -> bool:
    """Claim a row that is free, and return whether it is ours; whoever reads it afterwards reads the claim with it."""
    claim, until = secrets.token_hex(16), timezone.now() + CLAIM
    return bool(model.free(timezone.now()).filter(pk=pk).update(state="running", claim=claim, claimed_until=until))


def take_some(model: type[Claimed], pks: Sequence[Any]) -> "QuerySet[Any]":
    """Claim those of some rows that are free, in one statement, and select those that are ours, as long as they are."""
    claim, now = secrets.token_hex(16), timezone.now()
    model.free(now).filter(pk__in=pks).update(state="running", claim=claim, claimed_until=now + CLAIM)
    return model._default_manager.filter(pk__in=pks, claim=claim)


def ours(row: Claimed) -> "QuerySet[Any]":
    """Select the row as long as the claim on it is ours."""
    return type(row)._default_manager.filter(pk=row.pk, claim=row.claim)


def keep(row: Claimed, **still: Any) -> None:
    """Renew the claim; raise Lost if it was lost, or if what must still be true of the row is not."""
    if not ours(row).filter(**still).update(claimed_until=timezone.now() + CLAIM):
        raise Lost


def failed(row: Claimed) -> float:
    """Count a failure, and return the seconds until another attempt; they grow with each failure in a row."""
    row.failures += 1
    ours(row).update(failures=F("failures") + 1)
    return float(min(0.5 * 2**row.failures, LONGEST_PAUSE) * random.uniform(0.5, 1))


def leave(row: Claimed, seconds: float = 0) -> None:
    """Leave the row to whoever comes next, that many seconds from now at the earliest."""
    ours(row).update(claim="", claimed_until=timezone.now() + timedelta(seconds=seconds))


def try_again(row: Claimed, *, most: int, **fields: Any) -> None:
    """Leave a row that failed for another attempt, or close it as failed, with these fields, after the last of them."""
    pause = failed(row)
    if row.failures >= most:
        close(row, "failed", **fields)
    else:
        leave(row, pause)


def work(model: type[Claimed], one: Callable[[int, float], None], *, seconds: float) -> bool:
    """Have `one` go on with each row that nobody works on, until a moment of the monotonic clock, for some seconds;
    tell whether there is more that can be done at once.
    """
    ends = time.monotonic() + seconds
    for pk in abandoned(model):
        if take(model, pk):
            one(pk, ends)
        if time.monotonic() >= ends:
            return bool(abandoned(model))
    return False


def close(row: Claimed, state: str, **fields: Any) -> None:
    """End the work on the row."""
    now = timezone.now()
    ours(row).update(state=state, finished_at=now, claimed_until=now, **fields)


def abandoned(model: type[Claimed], *, since: timedelta = timedelta()) -> list[Any]:
    """Name the rows that nobody works on, and nobody has for that long, though their next turn is due."""
    return list(model.free(timezone.now() - since).order_by("claimed_until").values_list("pk", flat=True))
