"""Notices that wait to be sent."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.turns import Claimed


class Notice(Claimed):
    """One e-mail that tells a member what has changed; it is gone once it is sent, or cannot be.

    `email` and `language` are the member's at the moment of the change: an old address may be the one to tell. `kind`
    is a word of `wording.KINDS`. It says nothing secret.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    state = models.CharField(max_length=16, default="waiting")
    kind = models.CharField(max_length=32)
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=10)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind}"
