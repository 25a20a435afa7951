"""What has happened and is not yet looked at by triggers, beside the changes of recurring payments."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from automations.models.automations import Trigger
from contacts.models import Contact
from subscriptions.models import Change


class Occurrence(models.Model):
    """Something that happened to a person: a tag they got, or a list they are now subscribed to.

    `subject` is the tag's or the list's number. `depth` counts the automations that led to it.
    """

    class Kind(models.TextChoices):
        """What happened."""

        TAGGED = "tagged", _("Tag added")
        SUBSCRIBED = "subscribed", _("Subscribed to a list")

    kind = models.CharField(max_length=16, choices=Kind)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="occurrences")
    subject = models.PositiveBigIntegerField()
    depth = models.PositiveSmallIntegerField(default=0)
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("occurrence")
        verbose_name_plural = _("occurrences")
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.contact_id}"


class Pending(models.Model):
    """A change that starts somebody if it still stands at `due_at`."""

    trigger = models.ForeignKey(Trigger, on_delete=models.CASCADE, related_name="pending")
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()

    class Meta:
        verbose_name = _("pending change")
        verbose_name_plural = _("pending changes")
        default_permissions = ()
        ordering = ["due_at"]
        constraints = [
            # read by whoever looks what a change starts
            models.UniqueConstraint(fields=["trigger", "change"], name="pending_once"),
        ]
        indexes = [
            # read by the sweep
            models.Index(fields=["due_at"], name="pending_due"),
        ]

    def __str__(self) -> str:
        return f"{self.trigger_id} {self.change_id}"
