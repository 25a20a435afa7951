"""Letting in people from before: what somebody asked for, and how far it is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from automations.models.automations import Automation
from config.turns import Claimed


class Intake(Claimed):
    """One time that somebody let in whom the triggers of an automation had not known.

    `size` is how many entries were confirmed. The work goes trigger by trigger in the order of their keys, and there by
    number; `trigger` and `place` are behind what is done, `done` counts what was asked for.
    """

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    automation = models.ForeignKey(Automation, on_delete=models.CASCADE, related_name="intakes")
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    size = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    trigger = models.CharField(max_length=16, blank=True)
    place = models.PositiveBigIntegerField(default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started"), auto_now_add=True)

    class Meta:
        verbose_name = _("intake of an automation")
        verbose_name_plural = _("intakes of automations")
        default_permissions = ()
        ordering = ["-pk"]
        indexes = [
            # read by the sweep
            models.Index(fields=["state", "claimed_until"], name="intake_open"),
        ]

    def __str__(self) -> str:
        return f"{self.automation_id} #{self.pk}"
