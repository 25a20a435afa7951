"""Authenticator apps of members, and the codes that members have put away."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.encryption import EncryptedTextField


class Authenticator(models.Model):
    """The secret that a member's app shares with us; it counts once the member has shown a code of it.

    `last_step` is the step of 30 seconds whose code was taken last: neither that nor an older one counts again.
    """

    member = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="authenticator")
    secret = EncryptedTextField()  # in base 32, as apps take it
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.member_id}"


class RecoveryCode(models.Model):
    """A code that stands in for the app once. It is 80 random bits, so that a bare digest of it tells nothing."""

    authenticator = models.ForeignKey(Authenticator, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        default_permissions = ()
        constraints = [
            # read by whoever takes a code
            models.UniqueConstraint(fields=["authenticator", "digest"], name="recovery_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.authenticator_id}"
