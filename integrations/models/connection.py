"""How one store is reached, and how it reaches us."""

import secrets
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from config.encryption import EncryptedTextField
from integrations.problems import PROBLEMS
from subscriptions.models import RecurringPayment, Store

# How long the old webhook secret stays valid beside the new one; Stripe's own longest overlap.
SECRET_OVERLAP = timedelta(hours=24)
# The type of what history could not read: kept among the events, though the store did not send it.
HISTORY = "history"


def new_token() -> str:
    """Make the unguessable part of a webhook address."""
    return secrets.token_urlsafe(24)


class ConnectionQuerySet(models.QuerySet["Connection"]):
    """Reusable filters of connections."""

    def at_rest(self) -> "ConnectionQuerySet":
        """Connections that nothing is worked off for: paused ones, and those that are being disconnected."""
        return self.filter(paused_at__isnull=False)

    def with_state(self) -> "ConnectionQuerySet":
        """Fetch along what tells how each is doing, so that rows of a list cost no queries of their own."""
        return self.select_related("store").annotate(
            known_key=models.Exists(_of_connection("ApiKey").valid()),
            known_event=models.Exists(_of_connection("Delivery").exclude(event_type=HISTORY)),
            known_payment=models.Exists(
                RecurringPayment.objects.filter(store=models.OuterRef("store")).values("pk").order_by()
            ),
        )


def _of_connection(model: str) -> Any:
    rows = apps.get_model("integrations", model)._default_manager.filter(connection=models.OuterRef("pk"))
    return rows.values("pk").order_by()


class Connection(models.Model):
    """How one store is reached, and how it reaches us."""

    store = models.OneToOneField(Store, on_delete=models.CASCADE, related_name="connection", verbose_name=_("store"))
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    # the public half of the credentials, where they have one: PayPal's client ID, WooCommerce's consumer key
    client_id = models.CharField(max_length=255, blank=True)
    livemode = models.BooleanField(_("live mode"), default=True)
    api_key = EncryptedTextField(_("restricted API key"), blank=True)
    # our webhook at the store, by the store's own ID
    webhook_id = models.CharField(max_length=100, blank=True)
    webhook_secret = EncryptedTextField(_("webhook secret"), blank=True)
    old_webhook_secret = EncryptedTextField(_("old webhook secret"), blank=True)
    old_secret_until = models.DateTimeField(_("old secret valid until"), null=True, blank=True)
    # whether the store has still to be told the webhook secret, in whole or in part: so long the old one counts
    secret_untold = models.BooleanField(default=False, editable=False)
    api_address = models.URLField(_("API address"), blank=True)
    # whether the deployer has named this address, so that it may be one of a private network
    may_be_private = models.BooleanField(default=False, editable=False)
    # whether a probe found that this account lists its recurring payments, though its maker does not document that
    lists_payments = models.BooleanField(default=False, editable=False)
    external_id_key = models.CharField(_("metadata key of the external ID"), max_length=100, blank=True)
    # the provider's resources that are connected, by name; none named are all of them
    resources = models.JSONField(_("resources"), default=list, blank=True)
    status_overrides = models.JSONField(_("status overrides"), default=dict, blank=True)
    requests_per_second = models.PositiveSmallIntegerField(_("requests per second"), default=20)
    # read and moved by `pace`: when the next request may leave, whichever process sends it
    next_request_at = models.FloatField(default=0, editable=False)
    # whether whoever makes it has come to the end of the set-up
    is_set_up = models.BooleanField(default=True, editable=False)
    # since when what arrives is kept and not worked off, and nothing is asked of the store
    paused_at = models.DateTimeField(_("paused"), null=True, editable=False)
    # set while it is being disconnected: "keep" or "remove", for its recurring payments
    leaving = models.CharField(max_length=8, blank=True, editable=False)
    problem = models.CharField(max_length=32, blank=True, editable=False, choices=PROBLEMS)
    problem_detail = models.CharField(max_length=500, blank=True, editable=False)
    problem_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("connected"), auto_now_add=True)

    objects = ConnectionQuerySet.as_manager()

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
        """The address that a store which sends webhooks must be told."""
        path = reverse("integrations:webhook", args=[self.provider_name, self.token])
        return f"{settings.PUBLIC_URL}{path}"

    @property
    def lacks(self) -> str:
        """What is missing before it can work: "key", "webhook_secret" or "webhook_id"; empty where nothing is."""
        proof = self.proof
        if not proof:
            has_key = getattr(self, "known_key", None)
            return "" if (self.keys.valid().exists() if has_key is None else has_key) else "key"
        is_told = getattr(self, proof) and (self.old_webhook_secret or not self.secret_untold)
        return "key" if not self.api_key else "" if is_told else proof

    @property
    def proof(self) -> str:
        """Which field proves the store's deliveries; empty where it sends none."""
        return _PROOFS.get(self.provider_name, "")

    @property
    def has_been_heard(self) -> bool:
        """Whether the store has sent an event, or, where it writes by itself, a recurring payment."""
        if self.proof:
            known = getattr(self, "known_event", None)
            return self.deliveries.exclude(event_type=HISTORY).exists() if known is None else bool(known)
        known = getattr(self, "known_payment", None)
        return self.store.recurring_payments.exists() if known is None else bool(known)

    def save_settings(self) -> None:
        """Write what people set, and leave alone what processes keep here meanwhile: the pace and the last problem."""
        self.save(update_fields=None if self._state.adding else SETTINGS)

    def webhook_secrets(self) -> list[str]:
        """The secrets that a delivery may be signed with now."""
        in_time = self.old_secret_until is not None and timezone.now() < self.old_secret_until
        old_counts = in_time or self.secret_untold
        return [secret for secret in (self.webhook_secret, self.old_webhook_secret if old_counts else "") if secret]

    def take_webhook_secret(self, secret: str) -> None:
        """Make this the secret; the one before stays valid for a day, since the store may still sign with it."""
        if secret and self.webhook_secret and not constant_time_compare(secret, self.webhook_secret):
            self.old_webhook_secret = self.webhook_secret
            self.old_secret_until = timezone.now() + SECRET_OVERLAP
        self.webhook_secret = secret

    def told_secret(self) -> None:
        """Remember that the store signs with the new secret; from now on the old one has its day."""
        self.secret_untold = False
        self.old_secret_until = timezone.now() + SECRET_OVERLAP if self.old_webhook_secret else None


# kind of store -> what proves its deliveries; others send none and have keys of ours
_PROOFS = {"stripe": "webhook_secret", "paypal": "webhook_id", "woocommerce": "webhook_secret"}
# What people set on a connection.
SETTINGS = (
    "client_id",
    "livemode",
    "api_key",
    "webhook_id",
    "webhook_secret",
    "old_webhook_secret",
    "old_secret_until",
    "secret_untold",
    "api_address",
    "may_be_private",
    "external_id_key",
    "resources",
    "status_overrides",
    "requests_per_second",
)
_AT_ADDRESS = """
    SELECT connection.id, connection.api_address, connection.webhook_id, connection.livemode, connection.webhook_secret,
            connection.old_webhook_secret, connection.old_secret_until, connection.secret_untold, connection.resources
    FROM integrations_connection AS connection
    JOIN subscriptions_store AS store ON store.id = connection.store_id
    WHERE connection.token = %s AND store.provider = %s
"""
