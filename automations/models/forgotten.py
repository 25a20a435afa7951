"""How far what is old has been forgotten."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Forgotten(models.Model):
    """Of one kind of rows, the number of the last that was old enough and has been looked at; one row a kind."""

    kind = models.CharField(max_length=16, primary_key=True)
    until = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("how far something is forgotten")
        verbose_name_plural = _("how far things are forgotten")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.until}"
