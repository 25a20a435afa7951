"""One action on many people, and the slices that it is done in."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.turns import Claimed
from contacts.models import ContactList


class PeopleAction(Claimed):
    """One action: what, on whom, and how far it is.

    `tree` is the segment, asked for the moment `started_at`. `size` is None until it is known who they are; `done`
    counts people, `changed` those for whom something is different now. `columns` names the fields of an export.
    """

    class Kind(models.TextChoices):
        """What can be done; `kinds` says how."""

        TAG = "tag", _("Add a tag")
        UNTAG = "untag", _("Remove a tag")
        SUBSCRIBE = "subscribe", _("Subscribe to a list")
        UNSUBSCRIBE = "unsubscribe", _("Unsubscribe from a list")
        EXPORT = "export", _("Export as CSV")

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    tree = models.JSONField()
    tag = models.CharField(max_length=100, blank=True)
    # an action whose list is deleted meanwhile has nothing left to do
    contact_list = models.ForeignKey(ContactList, on_delete=models.CASCADE, null=True, related_name="+")
    # of whoever started it: what an export says, it says in this language
    language = models.CharField(max_length=16)
    columns: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    size = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started"), auto_now_add=True)

    class Meta:
        verbose_name = _("action on people")
        verbose_name_plural = _("actions on people")
        ordering = ["-pk"]
        indexes = [
            # read by the sweep: what nobody works on
            models.Index(
                fields=["claimed_until"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="people_action_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def what(self) -> str:
        """The tag or the list that it is about; empty for an export."""
        return self.tag or (self.contact_list.name if self.contact_list else "")

    @property
    def can_be_downloaded(self) -> bool:
        """Whether it has written a file that is still kept."""
        is_written = self.kind == self.Kind.EXPORT and self.state == self.State.FINISHED
        return is_written and (self.size == 0 or self.slices.exists())


class PeopleSlice(models.Model):
    """Some of an action's people, by their ids; `text` is what an export has made of them."""

    action = models.ForeignKey(PeopleAction, on_delete=models.CASCADE, related_name="slices")
    number = models.PositiveIntegerField()
    people: "models.JSONField[Any, Any]" = models.JSONField()
    is_done = models.BooleanField(default=False)
    text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("slice of an action")
        verbose_name_plural = _("slices of actions")
        ordering = ["number"]
        constraints = [
            # read by whoever works on the slices in order
            models.UniqueConstraint(fields=["action", "number"], name="people_slice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.number}"
