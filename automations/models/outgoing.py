"""What leaves the house: e-mails and calls of webhooks, each once for an enrolment and step or a mailing and person."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from automations.models.campaigns import Campaign, Sheet
from automations.models.enrolments import Enrolment
from automations.models.mailings import Mailing
from config.turns import Claimed
from contacts.models import Contact


class Outgoing(Claimed):
    """One thing that is sent for one step of one enrolment, where the person waits until it is over.

    `problem` is a word of the reasons that the pages know.
    """

    # may still become something else
    UNSENT: ClassVar[tuple[str, ...]] = (*Claimed.OPEN, "handed")

    step = models.CharField(max_length=16)
    problem = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Message(Outgoing):
    """One e-mail of a step, or of a mailing. What was sent is kept as it was sent.

    That of a campaign is in `body`, by its difference from its `sheet`; a note for a colleague is in `text`, and
    `contact` is whom it is about. `variant` is which of two subjects it tries, and empty where it tries none.
    `sent_at` is when the mail server took it for the first time, whatever became of it since.
    `again_at` is set when it came back and may arrive later: from then on it is sent once more as it was sent.
    """

    VARIANTS: ClassVar[tuple[str, str]] = ("a", "b")

    class State(models.TextChoices):
        """Where it stands; after a crash between `handed` and `sent` it is not known whether it went out."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being prepared")
        HANDED = "handed", _("Handed to the mail server")
        SENT = "sent", _("Sent")
        UNCERTAIN = "uncertain", _("It is not known whether it was sent")
        SUPPRESSED = "suppressed", _("Not sent")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Not needed any more")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="messages")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, null=True, related_name="messages")
    mailing = models.ForeignKey(Mailing, on_delete=models.PROTECT, null=True, related_name="messages")
    variant = models.CharField(max_length=1, blank=True)
    sent_at = models.DateTimeField(null=True)
    again_at = models.DateTimeField(null=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    number = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    subject = models.TextField(_("subject"), blank=True)
    text = models.TextField(_("text"), blank=True)
    # None for a note; the index of what was sent begins with it
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="messages", db_index=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, null=True, related_name="messages")
    body = models.BinaryField(default=bytes)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            # read by whoever makes it: one e-mail for an enrolment and step, whatever happens
            models.UniqueConstraint(fields=["enrolment", "step"], name="message_once"),
            # the same: one e-mail for a mailing and person, whose step is empty, unless two became one afterwards
            models.UniqueConstraint(fields=["mailing", "contact", "step"], name="message_once_a_mailing"),
            # read by nobody: a message is of a way or of a mailing
            models.CheckConstraint(condition=models.Q(enrolment=None) ^ models.Q(mailing=None), name="message_of_one"),
        ]
        indexes = [
            # read by whoever sends, and by the sweep
            models.Index(fields=["mailing", "state", "claimed_until"], name="message_open"),
            # the same, of those that came back
            models.Index(fields=["again_at"], condition=models.Q(again_at__isnull=False), name="message_again"),
            # read by the numbers of campaigns: what was sent on some days
            models.Index(fields=["campaign", "sent_at"], name="message_sent"),
            # read by the people behind such a number, newest first
            models.Index(fields=["-sent_at", "-id"], name="message_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id or self.mailing_id} {self.step}"


class Call(Outgoing):
    """One call of a webhook for a step; `number` is what its receiver can tell a repetition by."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being sent")
        SENT = "sent", _("Answered")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Not needed any more")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="calls")
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    number = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = _("call of a webhook")
        verbose_name_plural = _("calls of webhooks")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            # read by whoever makes it: one call for an enrolment and step
            models.UniqueConstraint(fields=["enrolment", "step"], name="call_once"),
        ]
        indexes = [
            # read by whoever calls, and by the sweep
            models.Index(fields=["state", "claimed_until"], name="call_open"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.step}"
