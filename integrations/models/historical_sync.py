"""The reading of a store's history."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.models.connection import Connection
from integrations.models.sweep import Sweep


class HistoricalSync(Sweep):
    """One sweep over everything that a store holds."""

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="syncs", verbose_name=_("connection")
    )
    total = models.PositiveIntegerField(_("total"), null=True)
    total_is_least = models.BooleanField(default=False)
    # whether automations may start on what it brings
    announces = models.BooleanField(_("starts automations"), default=False)

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

    def counts(self) -> dict[str, int]:
        """The counts by outcome, each with its name for the reader."""
        fields = {field.name: field for field in self._meta.concrete_fields}
        return {str(fields[name].verbose_name): getattr(self, name) for name in self.COUNTS}
