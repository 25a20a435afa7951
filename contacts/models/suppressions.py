"""Addresses that nothing is sent to any more."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Suppression(models.Model):
    """An address that its mail server refuses for good, or whose owner has called what we send spam.

    `digest` is what it is known by, also once the person is erased; until then `email_key` says it in words.
    """

    class Reason(models.TextChoices):
        """Why nothing is sent there."""

        BOUNCED = "bounced", _("The address bounced")
        COMPLAINED = "complained", _("The person reported it as spam")

    digest = models.CharField(max_length=64, unique=True)
    # null once the person is erased
    email_key = models.CharField(max_length=254, null=True, unique=True)
    reason = models.CharField(max_length=16, choices=Reason)
    detail = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.reason} {self.since:%Y-%m-%d}"
