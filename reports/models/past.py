"""What is kept up of the payments' past, so that no report has to go through all changes.

All of it follows from the payments and their change log, and can be made again from them at any time. Amounts are whole
numbers of ten-thousandths of the currency's unit, so that sums are exact in every database.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Contact
from subscriptions.models import RecurringPayment


def _told_of(model: type[models.Model], **options: Any) -> "models.ForeignKey[Any, Any]":
    """Point at a row without holding it: whoever keeps the past up takes out what is of nobody any more, and needs it
    until then to know by how much the totals are less.
    """
    return models.ForeignKey(model, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", **options)


class Movement(models.Model):
    """How much more or less a customer pays a month from a day on, in one currency; nothing that is undone on that day.

    A customer is a contact, or a `payment` that has none. `cohort` is the month in which they first paid.
    """

    class Kind(models.TextChoices):
        """Why the monthly recurring revenue moved."""

        NEW = "new", pgettext_lazy("revenue", "New")
        EXPANSION = "expansion", pgettext_lazy("revenue", "Expansion")
        CONTRACTION = "contraction", pgettext_lazy("revenue", "Contraction")
        CHURN = "churn", pgettext_lazy("revenue", "Churn")
        REACTIVATION = "reactivation", pgettext_lazy("revenue", "Reactivation")

    contact = _told_of(Contact, null=True)
    payment = _told_of(RecurringPayment, null=True)
    currency = models.CharField(max_length=3)
    day = models.DateField()
    kind = models.CharField(max_length=16, choices=Kind)
    amount = models.BigIntegerField()
    cohort = models.DateField()

    class Meta:
        verbose_name = _("movement of revenue")
        verbose_name_plural = _("movements of revenue")
        default_permissions = ()
        constraints = [
            # read by nobody: a customer is one or the other
            models.CheckConstraint(
                condition=models.Q(contact=None) ^ models.Q(payment=None), name="movement_of_one_customer"
            ),
        ]
        indexes = [
            # read by the list of customers behind a number
            models.Index(fields=["day", "kind"], name="movement_day"),
            # the same, behind a number of those who began in one month
            models.Index(fields=["cohort", "day"], name="movement_cohort"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.amount} {self.currency}"


class MovementTotal(models.Model):
    """The movements of one month, currency, kind and month of beginning: how many customers, and how much."""

    month = models.DateField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=16)
    cohort = models.DateField()
    customers = models.BigIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        verbose_name = _("total of movements")
        verbose_name_plural = _("totals of movements")
        default_permissions = ()
        constraints = [
            # read by the reports, and by whoever adds to them
            models.UniqueConstraint(fields=["month", "currency", "kind", "cohort"], name="movement_total_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.kind} {self.amount} {self.currency}"


class Episode(models.Model):
    """A time in which a payment was active, in trial, paused or failed, and how it ended; `until` None is now.

    `contact` is whose the payment is, and `amount` what it was worth a month in the end.
    """

    class Kind(models.TextChoices):
        """How the payment was."""

        ACTIVE = "active", pgettext_lazy("a time of a payment", "Active")
        TRIAL = "trial", pgettext_lazy("a time of a payment", "In trial")
        PAUSED = "paused", pgettext_lazy("a time of a payment", "Paused")
        FAILED = "failed", pgettext_lazy("a time of a payment", "Payment failed")

    class Outcome(models.TextChoices):
        """What came after it."""

        OPEN = "open", pgettext_lazy("a time of a payment", "Still so")
        RECOVERED = "recovered", pgettext_lazy("a time of a payment", "Paid again")
        CONVERTED = "converted", pgettext_lazy("a time of a payment", "Became a paying one")
        LOST = "lost", pgettext_lazy("a time of a payment", "Ended")
        ELSE = "else", pgettext_lazy("a time of a payment", "Became something else")

    payment = _told_of(RecurringPayment)
    contact = _told_of(Contact, null=True)
    kind = models.CharField(max_length=8, choices=Kind)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        verbose_name = _("time of a payment")
        verbose_name_plural = _("times of payments")
        default_permissions = ()
        indexes = [
            # read by the list of payments behind a number: those that ended, and those that began
            models.Index(fields=["kind", "until"], name="episode_until"),
            models.Index(fields=["kind", "since"], name="episode_since"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.kind} {self.outcome}"


class StateTotal(models.Model):
    """How many times of payments began or ended in a month, by kind, outcome and currency; an empty `outcome` counts
    those that began.
    """

    month = models.DateField()
    kind = models.CharField(max_length=8)
    outcome = models.CharField(max_length=16, blank=True)
    currency = models.CharField(max_length=3)
    payments = models.BigIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        verbose_name = _("total of times of payments")
        verbose_name_plural = _("totals of times of payments")
        default_permissions = ()
        constraints = [
            # read by the reports, and by whoever adds to them
            models.UniqueConstraint(fields=["month", "kind", "outcome", "currency"], name="state_total_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.kind} {self.outcome} {self.payments}"


class Due(models.Model):
    """A payment, or a contact, whose past has to be looked at again; the database writes it (`business.triggers`)."""

    payment = models.BigIntegerField(null=True)
    contact = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("past to be looked at")
        verbose_name_plural = _("pasts to be looked at")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.payment} {self.contact}"


class Upkeep(models.Model):
    """How far the past is kept up: one row, which whoever works on it holds.

    `rules` names the definitions and the zone by which it was made; others mean that all is to be made again, customer
    by customer: `contact` and `payment` are the last of them, until it `is_whole`. Every change before `fresh_at` is
    counted.
    """

    ONLY = 1

    rules = models.CharField(max_length=100, blank=True)
    contact = models.BigIntegerField(default=0)
    payment = models.BigIntegerField(default=0)
    is_whole = models.BooleanField(default=False)
    fresh_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("upkeep of the past")
        verbose_name_plural = _("upkeep of the past")
        default_permissions = ()
        constraints = [
            # read by everybody who keeps it up: there is one
            models.CheckConstraint(condition=models.Q(id=1), name="upkeep_only_one"),
        ]

    def __str__(self) -> str:
        return f"{self.rules} {self.fresh_at}"
