"""Recipes for the first days: welcome, a sign-up that was not finished, a trial that ends."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from automations.recipes import letters
from automations.recipes.drawing import (
    GOES_ON,
    IS_ACTIVE,
    IS_TRIAL,
    NOT_TRIAL,
    changes,
    created,
    date_comes,
    flow,
    goal,
    has,
    status_is,
    this,
    wait,
)
from automations.recipes.recipe import Recipe


def _welcome() -> dict[str, Any]:
    mail = letters.steps_of("welcome")
    return flow(
        mail("welcome"),
        wait("few-days", 4),
        {"id": "still-here", "do": "if", "where": this(IS_ACTIVE), "yes": [mail("settled")]},
        on=[created(IS_ACTIVE), changes("status", "active", **{"from": "pending"})],
        runs="once_a_contact",
    )


def _unfinished() -> dict[str, Any]:
    mail = letters.steps_of("unfinished")
    not_begun = {"all": [this(status_is("pending")), has(IS_ACTIVE, match="none")]}
    return flow(
        wait("some-hours", 3, "hours"),
        {"id": "not-begun", "do": "if", "where": not_begun, "yes": [mail("unfinished")]},
        on=[created(status_is("pending"))],
        runs="once_a_contact",
    )


def _trial() -> dict[str, Any]:
    mail = letters.steps_of("trial_ending")
    return flow(
        mail("ending"),
        wait("a-week", 7),
        goal("stayed", this(IS_ACTIVE, NOT_TRIAL)),
        mail("thanks"),
        on=[date_comes("next_payment_date", -3, IS_TRIAL, *GOES_ON)],
        runs="once_a_payment",
    )


WELCOMING = (
    Recipe(
        key="welcome",
        group="welcome",
        icon="waving_hand",
        title=_("Welcome"),
        summary=_("Welcomes new customers, and asks a few days later whether all is well."),
        why=_(
            "Whoever feels looked after in the first days stays longer. The first e-mail says what they have and when "
            "they pay next, so that nothing has to be searched for; the second finds small troubles before they become "
            "reasons to leave."
        ),
        happens=_(
            "As soon as somebody’s recurring payment is active, they are welcomed, with the amount and the date of the "
            "next payment; whoever is in a trial reads what that means. Four days later they are asked whether all is "
            "as they hoped, unless they have left again. It happens once for each person, also if they buy again."
        ),
        adapt=_(
            "Add what newcomers need first: a link to your guide, opening hours, the way to reach you. If each product "
            "deserves a welcome of its own, choose “Once for each recurring payment” and give the triggers a condition "
            "on the name."
        ),
        stores=_("It works with all stores."),
        flow=_welcome,
    ),
    Recipe(
        key="unfinished",
        group="welcome",
        icon="pending_actions",
        title=_("Unfinished sign-up"),
        summary=_("Writes once to people who began to subscribe and did not finish paying."),
        why=_(
            "Many sign-ups end at the bank’s confirmation or with a call in between. One friendly note brings part of "
            "these people back, and tells the others that nothing was charged."
        ),
        happens=_(
            "When a recurring payment is created and still waits for its first payment, three hours pass. If it waits "
            "even then, and the person has no other active one, they get one e-mail, and no second one ever."
        ),
        adapt=_("Add the link to your order page, and change the three hours if your customers pay by bank transfer."),
        stores=_(
            "It works with Stripe, WooCommerce and stores that use the API. PayPal often says who somebody is only "
            "once they have agreed; those people cannot be written to."
        ),
        flow=_unfinished,
    ),
    Recipe(
        key="trial_ending",
        group="welcome",
        icon="hourglass_bottom",
        title=_("Trial ending"),
        summary=_("Says three days before a trial ends what comes next, and thanks those who stay."),
        why=_(
            "A first payment that nobody expected leads to complaints and refunds. Said openly and in time it is "
            "simply the beginning, and some card companies ask for this note."
        ),
        happens=_(
            "Three days before the first regular payment of a trial, at nine in the morning, people read on which day "
            "it ends and what they pay then. As soon as the trial has become a regular recurring payment, they are "
            "thanked. Whoever has cancelled already gets nothing."
        ),
        adapt=_("Add what people have in the paid time, and the link by which they can cancel. Change the three days."),
        stores=_(
            "It works with Stripe, PayPal and WooCommerce, and with stores that use the API if they send “Is trial” "
            "and “Next payment date”."
        ),
        flow=_trial,
    ),
)
