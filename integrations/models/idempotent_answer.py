"""Answers that are given again to a store which repeats its request."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.models.api_key import ApiKey


class IdempotentAnswer(models.Model):
    """The first answer to a request that named itself; `status` is empty while the request is being worked on."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="answers")
    name = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    claim = models.CharField(max_length=32)
    claimed_until = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("repeatable answer")
        verbose_name_plural = _("repeatable answers")
        constraints = [
            # read by whoever gets a request that named itself
            models.UniqueConstraint(fields=["key", "name"], name="answer_once"),
        ]
        indexes = [
            # read by the sweep
            models.Index(fields=["expires_at"], name="answer_expires"),
        ]

    def __str__(self) -> str:
        return self.name
