"""The change log."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.models.payments import RecurringPayment


class Change(models.Model):
    """One real change of one recurring payment; what automations and reports are fed from.

    `fields` maps each field's name to its value before and after, as the kind's `dump` writes them. `occurred_at` is
    the store's time, `recorded_at` ours. `announce` tells whether it may start automations: history never does.
    `is_pending` is set until somebody has looked what it starts; ids are not committed in order, so that nobody could
    go by the last one seen.
    """

    class Kind(models.TextChoices):
        """What happened to the payment."""

        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")

    class Source(models.TextChoices):
        """By which way the news came."""

        WEBHOOK = "webhook", _("Webhook")
        HISTORY = "history", _("Historical sync")
        API = "api", _("API")
        RECONCILE = "reconcile", _("Comparison with the store")

    payment = models.ForeignKey(RecurringPayment, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=16, choices=Kind)
    source = models.CharField(max_length=16, choices=Source)
    fields = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    announce = models.BooleanField()
    is_pending = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-occurred_at", "-pk"]
        indexes = [
            # read by the payment's timeline, newest first
            models.Index(fields=["payment", "-occurred_at", "-id"], name="change_timeline"),
            # read by a connection's page: what comparisons have repaired lately
            models.Index(fields=["-recorded_at"], condition=models.Q(source="reconcile"), name="change_repaired"),
            # read by whoever looks what changes start; by the id SQLite would go through the whole table instead
            models.Index(fields=["recorded_at"], condition=models.Q(is_pending=True), name="change_pending"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at:%Y-%m-%d %H:%M}"
