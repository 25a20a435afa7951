"""Direct campaigns on their way: to whom, when, which of two subjects, and how far each is."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from automations.models.campaigns import Campaign, CampaignVersion
from config.turns import Claimed
from contacts.models import ContactList


class Mailing(Claimed):
    """A campaign that goes out once, to those who are subscribed to one of `lists` as it begins.

    `segment` is the number of a saved one that they are in too, or None. They are taken in the order of their numbers:
    `place` is behind those who have their message, and `is_filled` says that it is all of them.
    With a `tested_share`, in percent, that share gets the one subject or the other by chance, and the others get what
    is the `winner` after `tested_hours`, counted from `tested_at`, the end of the test's sending.
    """

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", _("Planned")
        RUNNING = "running", _("Being sent")
        PAUSED = "paused", pgettext_lazy("a mailing", "Paused")
        FINISHED = "finished", pgettext_lazy("a mailing", "Sent")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    class Measure(models.TextChoices):
        """What the better subject has more of."""

        OPENED = "opened", _("more people who open it")
        CLICKED = "clicked", _("more people who click a link")

    # may still send something
    LIVING: ClassVar[tuple[str, ...]] = (*Claimed.OPEN, "paused")

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="mailing")
    version = models.ForeignKey(CampaignVersion, on_delete=models.RESTRICT, related_name="mailings")
    lists = models.ManyToManyField(ContactList, related_name="mailings", verbose_name=_("lists"))
    segment = models.PositiveBigIntegerField(null=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    starts_at = models.DateTimeField(_("starts"), default=timezone.now)
    place = models.PositiveBigIntegerField(default=0)
    is_filled = models.BooleanField(default=False)
    problem = models.CharField(max_length=40, blank=True)
    tested_share = models.PositiveSmallIntegerField(
        default=0, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    tested_hours = models.PositiveSmallIntegerField(default=4)
    tested_by = models.CharField(max_length=16, choices=Measure, default=Measure.OPENED)
    tested_at = models.DateTimeField(null=True)
    winner = models.CharField(max_length=1, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started"), auto_now_add=True)

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        default_permissions = ()
        ordering = ["-pk"]
        indexes = [
            # read by whoever sends, and by the sweep
            models.Index(fields=["state", "claimed_until"], name="mailing_open"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} #{self.pk}"

    @property
    def is_living(self) -> bool:
        """Whether it may still send something."""
        return self.state in self.LIVING
