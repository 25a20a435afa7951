"""Connections to stores, the inbox of what they send, and the syncs of their history."""

import secrets
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.encryption import EncryptedTextField
from integrations.problems import PROBLEMS
from subscriptions.models import Store

# How long the old webhook secret stays valid beside the new one; Stripe's own longest overlap.
SECRET_OVERLAP = timedelta(hours=24)


def new_token() -> str:
    """Make the unguessable part of a webhook address."""
    return secrets.token_urlsafe(24)


class Connection(models.Model):
    """How one store is reached, and how it reaches us."""

    store = models.OneToOneField(Store, on_delete=models.CASCADE, related_name="connection", verbose_name=_("store"))
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    livemode = models.BooleanField(_("live mode"), default=True)
    api_key = EncryptedTextField(_("restricted API key"), blank=True)
    webhook_secret = EncryptedTextField(_("webhook secret"), blank=True)
    old_webhook_secret = EncryptedTextField(_("old webhook secret"), blank=True)
    old_secret_until = models.DateTimeField(_("old secret valid until"), null=True, blank=True)
    api_address = models.URLField(_("API address"), blank=True)
    external_id_key = models.CharField(_("metadata key of the external ID"), max_length=100, blank=True)
    status_overrides = models.JSONField(_("status overrides"), default=dict, blank=True)
    requests_per_second = models.PositiveSmallIntegerField(_("requests per second"), default=20)
    # read and moved by `pace`: when the next request may leave, whichever process sends it
    next_request_at = models.FloatField(default=0, editable=False)
    problem = models.CharField(max_length=32, blank=True, editable=False, choices=PROBLEMS)
    problem_detail = models.CharField(max_length=500, blank=True, editable=False)
    problem_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("connected"), auto_now_add=True)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["store__name"]

    def __str__(self) -> str:
        return self.store.name

    @classmethod
    def at(cls, provider: str, token: str) -> "Connection | None":
        """Return the connection at a webhook address, with the secrets that verify what comes there.

        The statement is written out since compiling it took longer than answering it, for every webhook.
        """
        return next(iter(cls.objects.raw(_AT_ADDRESS, [token, provider])), None)

    @property
    def name(self) -> str:
        """The store's name."""
        return self.store.name

    @property
    def provider_name(self) -> str:
        """Which provider speaks for the store."""
        return self.store.provider

    @property
    def webhook_url(self) -> str:
        """The address that the store must be told."""
        path = reverse("integrations:webhook", args=[self.provider_name, self.token])
        return f"{settings.PUBLIC_URL}{path}"

    def save_settings(self) -> None:
        """Write what people set, and leave alone what processes keep here meanwhile: the pace and the last problem."""
        self.save(update_fields=None if self._state.adding else SETTINGS)

    def webhook_secrets(self) -> list[str]:
        """The secrets that a delivery may be signed with now."""
        old_counts = self.old_secret_until is not None and timezone.now() < self.old_secret_until
        return [secret for secret in (self.webhook_secret, self.old_webhook_secret if old_counts else "") if secret]

    def take_webhook_secret(self, secret: str) -> None:
        """Make this the secret; the one before stays valid for a day, since the store may still sign with it."""
        if secret and self.webhook_secret and secret != self.webhook_secret:
            self.old_webhook_secret = self.webhook_secret
            self.old_secret_until = timezone.now() + SECRET_OVERLAP
        self.webhook_secret = secret


# What people set on a connection.
SETTINGS = (
    "livemode",
    "api_key",
    "webhook_secret",
    "old_webhook_secret",
    "old_secret_until",
    "api_address",
    "external_id_key",
    "status_overrides",
    "requests_per_second",
)
_AT_ADDRESS = """
    SELECT connection.id, connection.webhook_secret, connection.old_webhook_secret, connection.old_secret_until
    FROM integrations_connection AS connection
    JOIN subscriptions_store AS store ON store.id = connection.store_id
    WHERE connection.token = %s AND store.provider = %s
"""


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Reusable filters of the inbox."""

    def due(self) -> "DeliveryQuerySet":
        """Deliveries that may be worked on now: waiting ones whose time has come and that nobody holds."""
        now = timezone.now()
        return self.filter(state=Delivery.State.WAITING, due_at__lte=now, claimed_until__lte=now)


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
        ordering = ["-received_at", "-pk"]
        constraints = [
            # read by the receiver: an event that comes again changes nothing
            models.UniqueConstraint(fields=["connection", "key"], name="delivery_once"),
        ]
        indexes = [
            # read by whoever claims what is due
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="delivery_due"),
            # read by the list of events, newest first
            models.Index(fields=["-received_at", "-id"], name="delivery_newest"),
            # read by a connection's page
            models.Index(fields=["connection", "-received_at"], name="delivery_of_connection"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.key}"


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
