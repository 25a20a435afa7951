"""Recipes around payments: before one is due, when one fails, when a card expires."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from automations.recipes import letters
from automations.recipes.drawing import (
    GOES_ON,
    IS_ACTIVE,
    NOT_TRIAL,
    changes,
    date_comes,
    flow,
    goal,
    over,
    this,
    wait,
)
from automations.recipes.recipe import Recipe


def _renewal() -> dict[str, Any]:
    mail = letters.steps_of("renewal_reminder")

    def before(days: int, interval: str) -> dict[str, Any]:
        paid_by = {"field": "billing_interval", "op": "is", "value": interval}
        return date_comes("next_payment_date", -days, *GOES_ON, NOT_TRIAL, paid_by)

    return flow(mail("reminder"), on=[before(3, "monthly"), before(14, "yearly")])


def _failed() -> dict[str, Any]:
    mail = letters.steps_of("failed_payment")
    return flow(
        mail("first"),
        wait("three-days", 3),
        mail("second"),
        wait("four-days", 4),
        mail("third"),
        wait("two-weeks", 14),
        goal("active-again", this(IS_ACTIVE)),
        mail("thanks"),
        over("cancelled", "expired", "paused"),
        on=[changes("status", "payment_failed")],
    )


def _card() -> dict[str, Any]:
    mail = letters.steps_of("card_expiring")
    ahead = {"field": "payment_method_expiration", "op": "more_than_ahead", "value": {"n": 1, "unit": "months"}}
    return flow(
        mail("first"),
        wait("two-weeks", 14),
        mail("second"),
        wait("rest-of-month", 18),
        goal("new-card", this(IS_ACTIVE, ahead)),
        mail("thanks"),
        over("cancelled", "expired"),
        on=[date_comes("payment_method_expiration", 0, *GOES_ON)],
    )


PAYING = (
    Recipe(
        key="renewal_reminder",
        group="payments",
        icon="event_upcoming",
        title=_("Renewal reminder"),
        summary=_("Reminds people of their next payment: of a yearly one two weeks before, of others three days."),
        why=_(
            "A payment that was announced is rarely disputed. Whoever has a new card or wants something else can say "
            "so in time, and in several countries the law asks for it where people pay by the year."
        ),
        happens=_(
            "At nine in the morning, three days before a payment that is made by the month and fourteen days before "
            "one that is made by the year, people read the day and the amount. Whoever is in a trial, or has cancelled "
            "already, gets nothing."
        ),
        adapt=_(
            "Remove the first trigger if you only want to write to those who pay by the year. Add the link to your "
            "customer area."
        ),
        stores=_(
            "It works with all stores; those that use the API have to send “Next payment date” and “Billing interval”."
        ),
        flow=_renewal,
    ),
    Recipe(
        key="failed_payment",
        group="payments",
        icon="credit_card_off",
        title=_("Failed payment"),
        summary=_("Three e-mails within a week when a payment fails, until it is active again."),
        why=_(
            "Many payments fail because a card has expired or an account was empty for a day. People who learn of it "
            "in friendly words put it right, and stay customers."
        ),
        happens=_(
            "As soon as a payment fails, people are told, with the amount and the day of the next attempt. After three "
            "days and after four more they are reminded. The moment it is active again they leave this series, "
            "wherever they are in it, and are thanked; if it is paused, or ends, nothing more is sent."
        ),
        adapt=_(
            "Put the link to the page where cards are changed into all three e-mails. If your store tries again within "
            "the hour, let the trigger ask that it “stays so” for so many minutes."
        ),
        stores=_("It works with all stores."),
        flow=_failed,
    ),
    Recipe(
        key="card_expiring",
        group="payments",
        icon="credit_card_clock",
        title=_("Card expiring"),
        summary=_("Asks for a new card in the month in which the old one expires."),
        why=_("Expired cards are a frequent reason why payments fail, and the only one that is known beforehand."),
        happens=_(
            "On the first day of the month in which the card expires, at nine in the morning, people are asked for a "
            "new one, and once more two weeks later. As soon as the store knows a card that is valid for longer they "
            "are thanked, and nothing more is sent."
        ),
        adapt=_(
            "Put the link to the page where cards are changed into both e-mails. For an earlier note let it begin "
            "some days before the date."
        ),
        stores=_(
            "It works with Stripe, with PayPal where people pay by card, and with stores that use the API if they send "
            "“Payment method expiration”. WooCommerce does not tell when a card expires: there “Failed payment” is the "
            "first that can be done."
        ),
        flow=_card,
    ),
)
