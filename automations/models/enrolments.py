"""People in automations: where each is, and the way that led there."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from automations.models.automations import Automation, AutomationVersion
from contacts.models import Contact
from subscriptions.models import Change, RecurringPayment


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Reusable filters of people in automations."""

    def inside(self) -> "EnrolmentQuerySet":
        """Those who have neither finished nor been ended."""
        return self.filter(state__in=Enrolment.INSIDE)

    def end(self, reason: str, now: datetime) -> int:
        """End the ways of those who are inside where they are, and return how many; what waits to be sent is not."""
        ended = {"state": Enrolment.State.ENDED, "reason": reason, "ended_at": now}
        return self.inside().update(wake_at=None, until=None, watches=False, **ended)

    def due(self, now: datetime) -> "EnrolmentQuerySet":
        """Those who go on now."""
        active = Automation.State.ACTIVE
        return self.filter(state=Enrolment.State.ACTIVE, wake_at__lte=now, automation__state=active)


class Enrolment(models.Model):
    """One person's way through one automation, once.

    `run_key` holds the rule how often a person may run through it. `step` is the one that is to be done next, or that
    is waited at, and empty at the end. `arrived_at` is when the person came to it, `until` when waiting there is over,
    `wake_at` when it is looked at next; None until something happens. `watches` says that a segment may move them.
    `depth` counts the automations that started each other before this.
    """

    class State(models.TextChoices):
        """Where it stands."""

        ACTIVE = "active", _("Under way")
        HELD = "held", _("Held while the automation is paused")
        PARKED = "parked", _("Stopped by a problem")
        FINISHED = "finished", _("Finished")
        ENDED = "ended", _("Ended before the end")

    INSIDE = (State.ACTIVE, State.HELD, State.PARKED)

    automation = models.ForeignKey(Automation, on_delete=models.CASCADE, related_name="enrolments")
    version = models.ForeignKey(AutomationVersion, on_delete=models.CASCADE, related_name="enrolments")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="enrolments")
    # the one that started it; None where something else did, or where it is gone
    payment = models.ForeignKey(RecurringPayment, on_delete=models.SET_NULL, null=True, related_name="enrolments")
    change = models.ForeignKey(Change, on_delete=models.SET_NULL, null=True, related_name="enrolments")
    trigger = models.CharField(max_length=16, blank=True)
    run_key = models.CharField(max_length=120)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.ACTIVE)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    step = models.CharField(max_length=16, blank=True)
    arrived_at = models.DateTimeField(default=timezone.now)
    has_begun = models.BooleanField(default=False)
    until = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True, default=timezone.now)
    watches = models.BooleanField(default=False)
    has_moved = models.BooleanField(default=False)  # between versions, so that a step may have been passed before
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    depth = models.PositiveSmallIntegerField(default=0)
    entered_at = models.DateTimeField(_("entered"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("person in an automation")
        verbose_name_plural = _("people in automations")
        ordering = ["-entered_at", "-pk"]
        constraints = [
            # read by whoever enrols: it is what "once" means, and what makes a change start a person once
            models.UniqueConstraint(fields=["automation", "run_key"], name="enrolment_once"),
        ]
        indexes = [
            # read by whoever advances people: who is due. A partial one would be smaller, and SQLite, which is asked
            # with parameters, would not see that it fits.
            models.Index(fields=["state", "wake_at"], name="enrolment_due"),
            # read when something happens to a person, and by the minute: whom a segment may move
            models.Index(
                fields=["version", "step", "contact"],
                condition=Q(watches=True),
                name="enrolment_watching",
            ),
            # read by the flow's page: how many people are where
            models.Index(
                fields=["automation", "step"],
                condition=Q(state__in=["active", "held", "parked"]),
                name="enrolment_inside",
            ),
            # read by the list of an automation's people, newest first
            models.Index(fields=["automation", "-entered_at", "-id"], name="enrolment_newest"),
            # read by reports: who finished when
            models.Index(fields=["automation", "state", "ended_at"], name="enrolment_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.automation_id} {self.run_key}"

    @property
    def is_inside(self) -> bool:
        """Whether it has neither finished nor been ended."""
        return self.state in self.INSIDE


class Passage(models.Model):
    """A step that is behind a person, when they came to it and left it, and what came of it there.

    `outcome` is a word of the step's kind, for an if the branch that was taken; `facts` are what a reader may want to
    know of it, as plain data.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="passages")
    # the index of passed steps begins with it
    version = models.ForeignKey(AutomationVersion, on_delete=models.CASCADE, related_name="+", db_index=False)
    step = models.CharField(max_length=16)
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField()
    outcome = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("passed step")
        verbose_name_plural = _("passed steps")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            # read by a person's way, and by whoever advances: nobody passes a step twice
            models.UniqueConstraint(fields=["enrolment", "step"], name="passage_once"),
        ]
        indexes = [
            # read by reports: how many passed which step when, and reached a goal
            models.Index(fields=["version", "left_at", "step", "outcome"], name="passage_of_version"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.step}"
