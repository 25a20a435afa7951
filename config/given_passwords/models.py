"""Members whose password was chosen by somebody else."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class GivenPassword(models.Model):
    """Says that a member has still to choose their own password; it is gone once they have."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="given_password"
    )
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("given password")
        verbose_name_plural = _("given passwords")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.member_id}"
