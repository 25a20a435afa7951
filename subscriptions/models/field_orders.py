"""The order of the fields."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldOrder(models.Model):
    """One saved order of the fields; the newest version holds, the older ones are its history and its undo."""

    version = models.PositiveIntegerField(unique=True)
    names = models.JSONField()
    action = models.CharField(max_length=16)
    field = models.CharField(max_length=64, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now_add=True)

    class Meta:
        verbose_name = _("field order")
        verbose_name_plural = _("field orders")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"#{self.version}"
