"""Sending saved reports by e-mail at certain times, and each single e-mail that comes of it."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.turns import Claimed
from reports.models.reports import Report


class Schedule(models.Model):
    """When a report is sent, and to whom; days and hours are those of the account's time zone.

    `day` is that of the week, from 1 for Monday, or that of the month, where a shorter month's last day takes the place
    of one that it has not. `next_at` is when it is due; None where it is switched off.
    """

    class Rhythm(models.TextChoices):
        """How often it is sent."""

        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Every week")
        MONTHLY = "monthly", _("Every month")

    class File(models.TextChoices):
        """What is attached."""

        XLSX = "xlsx", _("Excel file")
        CSV = "csv", _("CSV file")
        NONE = "", _("No file")

    DAYS_OF_WEEK: ClassVar = [(number + 1, name) for number, name in WEEKDAYS.items()]

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="schedules", verbose_name=_("report"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("owner")
    )
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("recipients"))
    rhythm = models.CharField(_("how often"), max_length=8, choices=Rhythm, default=Rhythm.WEEKLY)
    day = models.PositiveSmallIntegerField(
        _("day"), default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    hour = models.PositiveSmallIntegerField(_("hour"), default=8, validators=[MaxValueValidator(23)])
    file = models.CharField(_("file"), max_length=4, choices=File, default=File.XLSX, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    next_at = models.DateTimeField(_("next e-mail"), null=True)
    # why the report could not be made the last time, in the schedule's language
    problem = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("scheduled report")
        verbose_name_plural = _("scheduled reports")
        default_permissions = ()
        ordering = ["pk"]
        indexes = [
            # read by the sweep, every few seconds
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="schedule_due"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.rhythm} {self.hour}:00"


class ReportMail(Claimed):
    """One e-mail with a report, or about one that failed, to one member of the team; sent once at most."""

    class State(models.TextChoices):
        """Where the e-mail stands; between `handed` and `sent` a crash leaves it unknown whether it went out."""

        WAITING = "waiting", pgettext_lazy("an e-mail", "Waiting")
        RUNNING = "running", pgettext_lazy("an e-mail", "Being sent")
        HANDED = "handed", pgettext_lazy("an e-mail", "Handed over")
        SENT = "sent", pgettext_lazy("an e-mail", "Sent")
        FAILED = "failed", pgettext_lazy("an e-mail", "Failed")
        NEEDLESS = "needless", pgettext_lazy("an e-mail", "Not sent")

    class Kind(models.TextChoices):
        """What it is about."""

        REPORT = "report", _("Report")
        PROBLEM = "problem", _("Problem")

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="mails")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.REPORT)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("e-mail with a report")
        verbose_name_plural = _("e-mails with reports")
        default_permissions = ()
        ordering = ["-due_at", "-pk"]
        constraints = [
            # read by whoever makes them: of two sweeps at once only one has them sent
            models.UniqueConstraint(fields=["schedule", "recipient", "kind", "due_at"], name="report_mail_once"),
        ]
        indexes = [
            # read by the sweep, every few seconds
            models.Index(
                fields=["claimed_until"],
                condition=models.Q(state__in=["waiting", "running", "handed"]),
                name="report_mail_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.recipient_id} {self.due_at:%Y-%m-%d %H:%M}"
