"""Files of contacts that are imported, in slices."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.turns import Claimed
from contacts.models.lists import ContactList


class ContactImport(Claimed):
    """One file of contacts, and what a marketer said about reading it; its rows lie in slices.

    `header` names the columns, empty where the file does not; `mapping` says of each column what it is read as.
    """

    class State(models.TextChoices):
        """Where an import stands."""

        DRAFT = "draft", _("Not started")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    COUNTS: ClassVar[tuple[str, ...]] = ("created", "changed", "unchanged", "failed")

    state = models.CharField(_("state"), max_length=16, choices=State, default=State.DRAFT)
    file_name = models.CharField(_("file"), max_length=200)
    encoding = models.CharField(max_length=16)
    delimiter = models.CharField(max_length=1)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    size = models.PositiveIntegerField(_("rows"), default=0)
    tag = models.CharField(_("tag"), max_length=100, blank=True)
    contact_list = models.ForeignKey(
        ContactList, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("list")
    )
    overwrites = models.BooleanField(default=False)
    cancel_requested = models.BooleanField(default=False)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    failed = models.PositiveIntegerField(_("with errors"), default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("imported by")
    )
    made_at = models.DateTimeField(_("uploaded"), default=timezone.now)

    # what the audit log calls it, which keeps names for good: a file may be named after a person
    audit_label = ""

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ("add",)
        ordering = ["-made_at", "-pk"]
        indexes = [
            # read by the sweep, every few seconds
            models.Index(
                fields=["claimed_until"], condition=models.Q(state__in=["waiting", "running"]), name="import_open"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def done(self) -> int:
        """How many rows have been worked off."""
        return sum(getattr(self, name) for name in self.COUNTS)

    @property
    def is_draft(self) -> bool:
        """Whether it has not been started."""
        return self.state == self.State.DRAFT


class ImportSlice(models.Model):
    """Some rows of a file until they are imported, then those of them that had errors.

    `rows` is JSON, [[number, [cell, ...]], ...], and empty once they are imported; `errors` is JSON, [[number,
    [cell, ...], reason, value], ...]. Both are text, since PostgreSQL's JSON refuses what a file may hold.
    """

    of = models.ForeignKey(ContactImport, on_delete=models.CASCADE, related_name="slices")
    start = models.PositiveIntegerField()  # the place of the first row among those of the file
    rows = models.TextField()
    errors = models.TextField(blank=True)
    is_done = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("slice of an import")
        verbose_name_plural = _("slices of an import")
        default_permissions = ()
        ordering = ["start"]
        constraints = [
            # read by whoever goes on with an import, and by the list of its errors
            models.UniqueConstraint(fields=["of", "start"], name="import_slice_start"),
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.start}"
