"""The keys by which stores speak to us."""

import math
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.models.connection import Connection


class Scope(models.TextChoices):
    """What a key may do."""

    READ = "read", _("Read")
    WRITE = "write", _("Write")
    # of the account only: whoever has it sees people whatever store they buy in
    SEGMENTS = "segments", _("Segments")
    AUTOMATIONS = "automations", _("Automations")
    REPORTS = "reports", _("Reports")


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Reusable filters of keys."""

    def unrevoked(self) -> "ApiKeyQuerySet":
        """Keys that nobody has revoked; they may have expired."""
        return self.filter(revoked_at=None)

    def valid(self) -> "ApiKeyQuerySet":
        """Keys that open something now."""
        return self.unrevoked().filter(models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now()))


class ApiKey(models.Model):
    """One key of a store, or, without a connection, of the account: such a one makes and fills API connections.

    Only `digest` is kept of it, the SHA-256 of the whole key. A plain hash is right here: a key is 32 random bytes,
    which nobody finds by trying, so a slow hash would only slow down every request. `prefix` is the part that is
    shown and looked up; it says nothing of the rest.
    """

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, null=True, blank=True, related_name="keys", verbose_name=_("connection")
    )
    name = models.CharField(_("name"), max_length=200)
    prefix = models.CharField(_("prefix"), max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # empty for a key that lives until it is revoked
    expires_at = models.DateTimeField(_("expires"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    # read and moved by `throttling`: the moment at which the key's whole allowance is there again
    full_at = models.FloatField(default=0, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def has_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def days_left(self) -> int | None:
        """The days until it expires, one that has begun counted whole; None if it never does."""
        return None if self.expires_at is None else math.ceil((self.expires_at - timezone.now()) / timedelta(days=1))

    def may(self, scope: str) -> bool:
        """Tell whether the key has a scope, by its name."""
        return scope in self.scopes
