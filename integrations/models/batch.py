"""Many recurring payments that a store has sent at once, to be worked off in slices."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.models.api_key import ApiKey
from integrations.models.claimed import Claimed
from integrations.models.connection import Connection


class Batch(Claimed):
    """Rows that wait, in slices; its id is what the store asks by. Without a connection it is for several stores."""

    class State(models.TextChoices):
        """Where a batch stands."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="batches",
        verbose_name=_("connection"),
    )
    key = models.ForeignKey(ApiKey, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    size = models.PositiveIntegerField(_("rows"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-received_at"]
        indexes = [
            # read by whoever looks for abandoned batches
            models.Index(
                fields=["claimed_until"], condition=models.Q(state__in=["waiting", "running"]), name="batch_open"
            ),
            # read by the sweep, which throws old ones away
            models.Index(fields=["finished_at"], name="batch_finished"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
