"""What became of an e-mail after it was sent: opened, clicked, answered, bounced."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from automations.models.outgoing import Message


class EngagementQuerySet(models.QuerySet["Engagement"]):
    """Reusable filters of engagements."""

    def by_people(self) -> "EngagementQuerySet":
        """Those that a person did, and no program that looks at e-mails before they do."""
        return self.filter(is_machine=False)


class Engagement(models.Model):
    """One thing that was done with a message; `hit` is its own number, so that it is written once however often it is
    told. A click has the `target` that it led to, a bounce what the mail server said as its `detail`.
    """

    class Kind(models.TextChoices):
        """What was done."""

        DELIVERED = "delivered", pgettext_lazy("an e-mail", "Delivered")
        OPENED = "opened", pgettext_lazy("an e-mail", "Opened")
        CLICKED = "clicked", pgettext_lazy("an e-mail", "Clicked")
        UNSUBSCRIBED = "unsubscribed", pgettext_lazy("an e-mail", "Unsubscribed")
        REPLIED = "replied", pgettext_lazy("an e-mail", "Answered")
        BOUNCED = "bounced", pgettext_lazy("an e-mail", "Bounced")
        SOFT_BOUNCED = "soft_bounced", pgettext_lazy("an e-mail", "Refused for now")
        COMPLAINED = "complained", pgettext_lazy("an e-mail", "Reported as spam")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="engagements")
    kind = models.CharField(max_length=16, choices=Kind)
    at = models.DateTimeField()
    is_machine = models.BooleanField(default=False)
    target = models.TextField(blank=True)
    detail = models.CharField(max_length=300, blank=True)
    hit = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        default_permissions = ()
        ordering = ["at", "pk"]
        indexes = [
            # read by the numbers of a campaign and by a person's page
            models.Index(fields=["message", "kind"], name="engagement_of_message"),
        ]
        constraints = [
            # read by nobody: a click leads somewhere, and nothing else does
            models.CheckConstraint(condition=Q(kind="clicked") ^ Q(target=""), name="engagement_target"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.kind}"
