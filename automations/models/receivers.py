"""Addresses of webhooks that do not answer as they should."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# As long as an address in a flow may be.
_LONGEST = 2000


class Receiver(models.Model):
    """An address that has failed since it was last called with success; one that works has no row.

    `failures` counts the calls in a row that failed, whichever automations they were of. Once `off_at` is set it is
    called no more, until somebody switches it on again.
    """

    url = models.CharField(max_length=_LONGEST, unique=True)
    failures = models.PositiveIntegerField(default=1)
    failing_since = models.DateTimeField(default=timezone.now)
    off_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("receiver of webhooks")
        verbose_name_plural = _("receivers of webhooks")
        default_permissions = ()

    def __str__(self) -> str:
        return self.url
