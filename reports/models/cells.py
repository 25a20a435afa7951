"""What became of e-mails and of people in automations, counted once and kept by days.

All of it follows from the messages with what was done with them, and from the ways through automations, and can be
counted again from them at any time.
"""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Cell(models.Model):
    """What became until now of the messages of a campaign that were sent on a day, by one automation or by none (0).

    All but `opens`, `machine_opens` and `clicks`, which are times, count messages: `opened` by a person, who may only
    have clicked, `by_machines` by programs alone.
    """

    campaign = models.BigIntegerField()
    automation = models.BigIntegerField(default=0)
    day = models.DateField()
    sent = models.BigIntegerField()
    confirmed = models.BigIntegerField()
    opened = models.BigIntegerField()
    opens = models.BigIntegerField()
    by_machines = models.BigIntegerField()
    machine_opens = models.BigIntegerField()
    clicked = models.BigIntegerField()
    clicks = models.BigIntegerField()
    replied = models.BigIntegerField()
    bounced = models.BigIntegerField()
    soft_bounced = models.BigIntegerField()
    unsubscribed = models.BigIntegerField()
    complained = models.BigIntegerField()

    class Meta:
        verbose_name = _("kept count of e-mails")
        verbose_name_plural = _("kept counts of e-mails")
        default_permissions = ()
        constraints = [
            # read by the reports, and by whoever counts again
            models.UniqueConstraint(fields=["campaign", "day", "automation"], name="cell_once"),
        ]
        indexes = [
            # read by the report on one automation
            models.Index(fields=["automation", "day"], name="cell_of_automation"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.automation} {self.day}"


class WayCell(models.Model):
    """What people did in an automation on a day: of the whole where `step` is empty, else at one step.

    `entered`, `finished` and `ended`, before the end, are of the whole. `passed` and, of a goal, `reached` are of a
    step; `left` counts the ways that were over there before the end.
    """

    automation = models.BigIntegerField()
    day = models.DateField()
    step = models.CharField(max_length=16, blank=True)
    entered = models.BigIntegerField(default=0)
    finished = models.BigIntegerField(default=0)
    ended = models.BigIntegerField(default=0)
    passed = models.BigIntegerField(default=0)
    reached = models.BigIntegerField(default=0)
    left = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("kept count of people in automations")
        verbose_name_plural = _("kept counts of people in automations")
        default_permissions = ()
        constraints = [
            # read by the reports, and by whoever counts again
            models.UniqueConstraint(fields=["automation", "day", "step"], name="way_cell_once"),
        ]

    def __str__(self) -> str:
        return f"{self.automation} {self.day} {self.step}"


class DueCell(models.Model):
    """A campaign or an automation, and a moment on whose day it is to be counted again, or None for all days; written
    by the database itself.
    """

    campaign = models.BigIntegerField(null=True)
    automation = models.BigIntegerField(null=True)
    moment = models.DateTimeField(null=True)
    noted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("count that is due")
        verbose_name_plural = _("counts that are due")
        default_permissions = ()
        indexes = [
            # read by whoever counts again
            models.Index(fields=["campaign", "automation", "moment"], name="due_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.automation} {self.moment}"


class CellUpkeep(models.Model):
    """How the counts are kept: one row, which whoever counts holds.

    `zone` is that of their days, empty where all is to be counted anew. What was there then has notes up to the number
    `first_until`: the counts are whole once these are worked off.
    """

    ONLY = 1

    zone = models.CharField(max_length=100, blank=True)
    first_until = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("upkeep of the counts")
        verbose_name_plural = _("upkeep of the counts")
        default_permissions = ()
        constraints = [
            # read by everybody who counts: there is one
            models.CheckConstraint(condition=models.Q(id=1), name="cell_upkeep_only_one"),
        ]

    def __str__(self) -> str:
        return self.zone
