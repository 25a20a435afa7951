"""The reading of a store's history."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.models.connection import Connection
from integrations.problems import PROBLEMS


class HistoricalSync(models.Model):
    """One sweep over everything that a store holds, a page at a time; `cursor` is where it goes on."""

    class State(models.TextChoices):
        """Where a sync stands."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    OPEN: ClassVar[tuple[str, ...]] = ("waiting", "running")
    COUNTS: ClassVar[tuple[str, ...]] = ("created", "updated", "unchanged", "stale", "failed")

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="syncs", verbose_name=_("connection")
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    cursor = models.CharField(max_length=255, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    pages = models.PositiveIntegerField(_("pages"), default=0)
    total = models.PositiveIntegerField(_("total"), null=True)
    total_is_least = models.BooleanField(default=False)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    stale = models.PositiveIntegerField(_("older than stored"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    problem = models.CharField(max_length=32, blank=True, choices=PROBLEMS)
    problem_detail = models.CharField(max_length=500, blank=True)
    # whether automations may start on what it brings
    announces = models.BooleanField(_("starts automations"), default=False)
    cancel_requested = models.BooleanField(default=False)
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("historical sync")
        verbose_name_plural = _("historical syncs")
        ordering = ["-started_at", "-pk"]
        constraints = [
            # read by whoever starts a sync: one sweep a connection at a time
            models.UniqueConstraint(
                fields=["connection"], condition=models.Q(state__in=["waiting", "running"]), name="one_open_sync"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.connection} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def done(self) -> int:
        """How many recurring payments have been read so far."""
        return sum(getattr(self, name) for name in self.COUNTS)

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way."""
        return self.state in self.OPEN

    def counts(self) -> dict[str, int]:
        """The counts by outcome, each with its name for the reader."""
        fields = {field.name: field for field in self._meta.concrete_fields}
        return {str(fields[name].verbose_name): getattr(self, name) for name in self.COUNTS}
