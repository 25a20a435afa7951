"""One reading of a store, a page at a time."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.models.claimed import Claimed
from integrations.models.connection import Connection
from integrations.problems import PROBLEMS


class Sweep(Claimed):
    """One reading of what a store holds, a page at a time; `cursor` is where it goes on."""

    class State(models.TextChoices):
        """Where a sweep stands."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    COUNTS: ClassVar[tuple[str, ...]] = ("created", "updated", "unchanged", "stale", "failed")
    connection: "models.ForeignKey[Connection, Connection]"

    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    cursor = models.CharField(max_length=255, blank=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    stale = models.PositiveIntegerField(_("older than stored"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    problem = models.CharField(max_length=32, blank=True, choices=PROBLEMS)
    problem_detail = models.CharField(max_length=500, blank=True)
    cancel_requested = models.BooleanField(default=False)
    started_at = models.DateTimeField(_("started"), default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.connection} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def done(self) -> int:
        """How many recurring payments have been read so far."""
        return sum(getattr(self, name) for name in self.COUNTS)
