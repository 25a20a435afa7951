"""The inbox: what stores have sent."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.models.connection import Connection
from integrations.models.reconciliation import Reconciliation


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Reusable filters of the inbox."""

    def due(self) -> "DeliveryQuerySet":
        """Deliveries that may be worked on now: waiting ones whose time has come and that nobody holds.

        Those of a connection that rests wait until it is resumed.
        """
        now = timezone.now()
        waiting = self.filter(state=Delivery.State.WAITING, due_at__lte=now, claimed_until__lte=now)
        return waiting.exclude(connection__in=Connection.objects.at_rest())


class Delivery(models.Model):
    """One thing that a store sent, verified and kept as it came; the inbox is the rows that are waiting."""

    class State(models.TextChoices):
        """Where a delivery stands."""

        WAITING = "waiting", _("Waiting")
        APPLIED = "applied", _("Applied")
        IGNORED = "ignored", _("Ignored")
        FAILED = "failed", _("Failed")

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("connection")
    )
    key = models.CharField(_("event ID"), max_length=255)
    event_type = models.CharField(_("event"), max_length=100)
    occurred_at = models.DateTimeField(_("sent by the store"))
    received_at = models.DateTimeField(_("received"))
    subject = models.CharField(max_length=255, blank=True)
    body = models.TextField(_("content"))
    cursor = models.CharField(max_length=255, blank=True)
    # the comparison that found it at the store, where no webhook brought it
    found_by = models.ForeignKey(
        Reconciliation, on_delete=models.SET_NULL, null=True, related_name="deliveries", db_index=False
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    reason = models.TextField(_("reason"), blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"))
    claimed_until = models.DateTimeField()
    claim = models.CharField(max_length=32, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = [("retry_delivery", "Can retry events")]
        ordering = ["-received_at", "-pk"]
        constraints = [
            # read by the receiver: an event that comes again changes nothing
            models.UniqueConstraint(fields=["connection", "key"], name="delivery_once"),
        ]
        indexes = [
            # read by whoever claims what is due
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="delivery_due"),
            # read by whoever takes along what is about the same
            models.Index(
                fields=["connection", "subject"], condition=models.Q(state="waiting"), name="delivery_waiting_about"
            ),
            # read by the list of events, newest first
            models.Index(fields=["-received_at", "-id"], name="delivery_newest"),
            # read by whoever forgets a comparison
            models.Index(fields=["found_by"], condition=models.Q(found_by__isnull=False), name="delivery_found_by"),
            # read by a connection's page
            models.Index(fields=["connection", "-received_at"], name="delivery_of_connection"),
            # read by whoever retries what failed
            models.Index(fields=["connection"], condition=models.Q(state="failed"), name="delivery_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.key}"
