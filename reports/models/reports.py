"""Saved reports: what somebody asked once, and whoever may see reports can ask again."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class ReportQuerySet(models.QuerySet["Report"]):
    """Reusable filters of reports."""

    def living(self) -> "ReportQuerySet":
        """Those that are not archived."""
        return self.filter(archived_at=None)


class Report(models.Model):
    """A saved report; its name is one word however it is capitalised.

    `definition` is the JSON that `custom.reading` reads. `revision` counts every change that somebody saved, so that
    of two who work on it at once the second is told.
    """

    name = models.CharField(_("name"), max_length=200)
    description = models.CharField(_("description"), max_length=1000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    definition = models.JSONField(_("definition"))
    revision = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["name"]
        constraints = [
            # read by whoever names a report
            models.UniqueConstraint(Lower("name"), name="report_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name
