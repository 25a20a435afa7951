"""The comparison of a store with what we know of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.models.connection import Connection
from integrations.models.sweep import Sweep
from integrations.watching import Watched


class Reconciliation(Sweep):
    """One search for what no webhook told, `since` a moment; everything is compared where it `is_full`."""

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="reconciliations", verbose_name=_("connection")
    )
    since = models.DateTimeField()
    is_full = models.BooleanField(default=False)
    # where those that go round start the next time
    mark = models.CharField(max_length=100, blank=True)
    checked = models.PositiveIntegerField(default=0)
    # events that the store has and that never reached the inbox; they are read by way of it
    found = models.PositiveIntegerField(default=0)
    webhook = models.CharField(max_length=16, blank=True, choices=Watched)
    # the provider's own word for how it had to compare, where that is not the usual way
    remark = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        ordering = ["-started_at", "-pk"]
        constraints = [
            # read by whoever starts one: one comparison a connection at a time
            models.UniqueConstraint(
                fields=["connection"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="one_open_reconciliation",
            ),
        ]

    @property
    def repaired(self) -> int:
        """How many recurring payments it has put right so far."""
        return self.created + self.updated
