"""Recipes for those who stay: a year at once, and thanks."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from automations.recipes import letters
from automations.recipes.drawing import GOES_ON, IS_ACTIVE, NOT_TRIAL, date_comes, flow, goal, has, this, wait
from automations.recipes.recipe import Recipe

_BY_THE_MONTH = {"field": "billing_interval", "op": "is", "value": "monthly"}
_BY_THE_YEAR = {"field": "billing_interval", "op": "is", "value": "yearly"}
_TWELVE_MONTHS = {"field": "billing_interval_count", "op": "at_least", "value": 12}


def _yearly() -> dict[str, Any]:
    mail = letters.steps_of("yearly")
    changed = this(IS_ACTIVE, _BY_THE_YEAR)
    has_another = {"all": [has(IS_ACTIVE, _BY_THE_YEAR), {"not": changed}]}
    return flow(
        mail("offer", purpose="marketing"),
        wait("a-month", 30),
        goal("by-the-year", changed),
        mail("thanks"),
        goal("has-another", has_another, unmet="go_on"),
        on=[date_comes("start_date", 90, *GOES_ON, NOT_TRIAL, _BY_THE_MONTH, {"not": _TWELVE_MONTHS})],
        runs="once_a_contact",
    )


def _anniversary() -> dict[str, Any]:
    mail = letters.steps_of("anniversary")
    return flow(mail("thanks", purpose="marketing"), on=[date_comes("start_date", 0, *GOES_ON, yearly=True)])


THANKING = (
    Recipe(
        key="yearly",
        group="thanks",
        icon="calendar_month",
        title=_("From monthly to yearly"),
        summary=_("Offers after three months to pay by the year to those who pay by the month."),
        why=_(
            "Who has stayed for three months knows what they have. Paying by the year is one decision instead of "
            "twelve: fewer payments that can fail, and less work for both sides."
        ),
        happens=_(
            "Ninety days after the start, at nine in the morning, those who pay by the month and may get marketing "
            "read that they can pay by the year. Who does so within a month is thanked. It happens once for each "
            "person; who has a yearly one already gets no offer."
        ),
        adapt=_(
            "Put your yearly price and the link into the e-mail; what people save is the strongest reason. Change the "
            "ninety days."
        ),
        stores=_("It works with all stores; those that use the API have to send “Start date” and “Billing interval”."),
        flow=_yearly,
    ),
    Recipe(
        key="anniversary",
        group="thanks",
        icon="cake",
        title=_("Anniversary"),
        summary=_("Says thank you on each anniversary of the start, and wants nothing."),
        why=_(
            "Loyal customers hear from most companies only when something is due. A thank-you without any offer is "
            "rare, and is remembered."
        ),
        happens=_(
            "Every year on the day on which a recurring payment began, at nine in the morning, people who still have "
            "it, and may get marketing, are thanked."
        ),
        adapt=_("A gift, a code or a personal word from the founder makes it better still."),
        stores=_("It works with all stores; those that use the API have to send “Start date”."),
        flow=_anniversary,
    ),
)
