"""Saved segments with their versions, and which of them ask for which."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class SegmentQuerySet(models.QuerySet["Segment"]):
    """Reusable filters of segments."""

    def living(self) -> "SegmentQuerySet":
        """Those that are not archived."""
        return self.filter(archived_at=None)


class Segment(models.Model):
    """A saved segment; its name is one word however it is capitalised.

    `tree` is the JSON that `segments.reading` writes, and `version` the number of the newest `SegmentVersion`, which
    holds the same. `revision` counts every change that somebody saved, of the name too, so that of two who work on it
    at once the second is told.
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
    tree = models.JSONField(_("conditions"))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
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

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]
        constraints = [
            # read by whoever names a segment
            models.UniqueConstraint(Lower("name"), name="segment_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class SegmentVersion(models.Model):
    """A segment's conditions as somebody saved them once."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    tree = models.JSONField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved"), auto_now_add=True)

    class Meta:
        verbose_name = _("version of a segment")
        verbose_name_plural = _("versions of segments")
        ordering = ["-number"]
        constraints = [
            # read by a segment's history, and by whoever saves: of two who save at once, the second is told
            models.UniqueConstraint(fields=["segment", "number"], name="segment_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.segment} #{self.number}"


class SegmentReference(models.Model):
    """That a segment's newest conditions ask whether people are in another one, which therefore has to stay."""

    asker = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="references")
    asked = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="referred_by")

    class Meta:
        verbose_name = _("reference to a segment")
        verbose_name_plural = _("references to segments")
        constraints = [
            # read by whoever saves a segment
            models.UniqueConstraint(fields=["asker", "asked"], name="segment_reference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.asker_id} → {self.asked_id}"
