"""What each number means, in words; pages show those that they need."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.models import Episode, Movement

Kind = Movement.Kind
_TITLES: dict[str, Any] = {
    "mrr": _("Monthly recurring revenue"),
    "reconciles": _("Opening and closing"),
    "customer": _("Customer"),
    "customer_churn": _("Customer churn"),
    "gross_churn": _("Gross revenue churn"),
    "net_churn": _("Net revenue churn"),
    "each": _("Average per customer"),
    "trial_conversion": _("Trial conversion"),
    "recovery": _("Recovery"),
    "at_risk": _("At risk"),
    "past": _("What was before your store was connected"),
    "cohort": _("Retention"),
    **{str(kind): kind.label for kind in Kind},
    **{str(kind): kind.label for kind in Episode.Kind},
}
MEANINGS: dict[str, Any] = {
    "mrr": _(
        "What all recurring payments that are active, or whose last charge failed, are worth a month: the "
        "amount of each without its tax, spread over its interval (a year has 12 months, 52 weeks and 365 "
        "days). Trials, paused and ended ones count nothing."
    ),
    "reconciles": _(
        "The opening of a month is the closing of the one before; opening and movements make the closing "
        "exactly. What a customer does and undoes on one day is no movement. A store that tells of something "
        "late changes the month in which it happened."
    ),
    Kind.NEW: _("Revenue of customers who pay for the first time in this currency."),
    Kind.EXPANSION: _("What customers pay more than before: a dearer plan, or one more recurring payment."),
    Kind.REACTIVATION: _("Revenue of customers who had left and pay again."),
    Kind.CONTRACTION: _("What customers pay less than before, while they still pay something."),
    Kind.CHURN: _("Revenue of customers who pay nothing any more: all they had was cancelled, expired or paused."),
    "customer": _(
        "A contact with at least one recurring payment that brings in something, in one currency. A payment "
        "without a contact is a customer of its own."
    ),
    "customer_churn": _("Customers who left, as a share of those at the beginning."),
    "gross_churn": _("Revenue lost by churn and contraction, as a share of the opening."),
    "net_churn": _(
        "The same less expansion and reactivation. Below zero, those who stayed or came back brought more "
        "than was lost."
    ),
    "each": _("The closing revenue, divided by the customers at the end."),
    "trial_conversion": _(
        "Of the trials that ended in the month and are decided: how many became paying ones. Those that "
        "neither pay nor have ended yet, such as one whose first charge failed, are counted apart."
    ),
    "recovery": _(
        "Of the failed payments that were settled in the month: how many were paid after all, and how many "
        "ended. Amounts are what they are worth a month, each currency by itself."
    ),
    "at_risk": _("What is paid now and may not be paid again, each set with what it is worth a month."),
    "past": _(
        "A store’s history tells how a recurring payment is, not how it was. One that is active is taken to "
        "have been so since its start date; one that had ended, until its cancelled date, if it was ever "
        "paid. From the first moment on everything is as it was told."
    ),
    "cohort": _(
        "Customers who paid for the first time in a month, and how many of them still paid at the end of each "
        "month after it. Month 0 is the month in which they began; the last column of a row is the month that "
        "goes on."
    ),
    Episode.Kind.ACTIVE: _("Active and not in a trial."),
    Episode.Kind.TRIAL: _("Active and in a trial."),
    Episode.Kind.PAUSED: _("Paused, by the customer or the store."),
    Episode.Kind.FAILED: _("The last charge failed, and the store still tries, or waits."),
}


def of(*names: str) -> list[tuple[Any, Any]]:
    """Return names and meanings."""
    return [(_TITLES[name], MEANINGS[name]) for name in names]
