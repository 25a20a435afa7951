"""One line of the audit log."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.audit import sentences
from config.audit.via import Via


class Entry(models.Model):
    """One act; the database refuses to change or delete it.

    It points at nothing, so that it outlives what it speaks of. Django does not manage the table, since a flush, which
    empties every managed one, would fail on it; its migration made it, and later ones must say so for themselves.
    """

    at = models.DateTimeField(_("when"), default=timezone.now)
    # a member's user name, or the prefix of a key; empty for a command
    actor = models.CharField(_("who"), max_length=150, blank=True)
    actor_id = models.CharField(max_length=64, blank=True)
    via = models.CharField(_("by way of"), max_length=16, choices=Via)
    action = models.CharField(_("action"), max_length=64)
    object_type = models.CharField(max_length=100, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    object_label = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    address = models.CharField(_("address"), max_length=45, blank=True)

    class Meta:
        managed = False
        db_table = "audit_entry"
        verbose_name = _("audit log entry")
        verbose_name_plural = _("audit log entries")
        default_permissions = ("view", "export")
        ordering = ["-at", "-pk"]
        indexes = [
            # read by the page, newest first
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            # read by an object's own page
            models.Index(fields=["object_type", "object_id"], name="audit_of_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"

    @property
    def sentence(self) -> str:
        """What happened, in the reader's language."""
        return sentences.sentence(self)

    @property
    def changed_fields(self) -> str:
        """The names of the fields that were changed; empty where none are told."""
        return sentences.fields(self)
