"""Recipes for those who go: before a period ends, in a pause, at the end, and after it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from automations.recipes import letters
from automations.recipes.drawing import (
    GOES_ON,
    IS_ACTIVE,
    changes,
    flow,
    goal,
    has,
    over,
    this,
    wait,
)
from automations.recipes.recipe import Recipe


def _cancelling() -> dict[str, Any]:
    mail = letters.steps_of("cancelling")
    in_time = {"field": "renewal_date", "op": "more_than_ahead", "value": {"n": 4, "unit": "days"}}
    last_days = {"id": "last-days", "do": "wait_date", "field": "renewal_date", "days": -3, "hour": 9}
    return flow(
        mail("confirmed"),
        {
            "id": "in-time",
            "do": "if",
            "where": this(in_time),
            "yes": [last_days, mail("reminder", purpose="marketing")],
        },
        {"id": "until-the-end", "do": "wait_date", "field": "renewal_date", "days": 1, "hour": 9},
        goal("stays", this(*GOES_ON)),
        mail("thanks"),
        over("cancelled", "expired"),
        on=[changes("cancel_at_period_end", True, where=IS_ACTIVE)],
    )


def _paused() -> dict[str, Any]:
    mail = letters.steps_of("paused")
    return flow(
        mail("paused"),
        wait("a-month", 30),
        mail("reminder", purpose="marketing"),
        wait("a-year", 12, "months"),
        goal("active-again", this(IS_ACTIVE)),
        mail("back"),
        over("cancelled", "expired", "payment_failed"),
        on=[changes("status", "paused", minutes=60)],
    )


def _expired() -> dict[str, Any]:
    mail = letters.steps_of("expired")
    return flow(
        mail("ended"),
        wait("two-weeks", 14),
        mail("again", purpose="marketing"),
        wait("a-month", 30),
        goal("customer-again", has(IS_ACTIVE)),
        on=[changes("status", "expired", **{"from": "active"})],
        runs="once_a_payment",
    )


def _win_back() -> dict[str, Any]:
    mail = letters.steps_of("win_back")
    not_switched = {"field": "store_status", "op": "is_not", "value": "switched"}

    def ended(before: str) -> dict[str, Any]:
        return changes("status", "cancelled", where=not_switched, **{"from": before})

    return flow(
        wait("two-weeks", 14),
        mail("first", purpose="marketing"),
        wait("six-weeks", 6, "weeks"),
        mail("second", purpose="marketing"),
        wait("a-month", 30),
        goal("customer-again", has(IS_ACTIVE)),
        on=[ended(before) for before in ("active", "paused", "payment_failed")],
        runs="once_a_contact",
    )


KEEPING = (
    Recipe(
        key="cancelling",
        group="retention",
        icon="undo",
        title=_("Cancelled for the end of the period"),
        summary=_("Confirms the cancellation, and offers before the last day that people may stay."),
        why=_(
            "Between the click on “cancel” and the last day lie weeks in which many change their mind. A calm "
            "confirmation earns trust, and one reminder is enough: whoever wants to stay needs one step only."
        ),
        happens=_(
            "As soon as somebody cancels for the end of the period, they read until when they have what they paid "
            "for. Three days before that day those who may get marketing are reminded that they can stay. Whoever "
            "takes the cancellation back is thanked, and nothing more is sent; it ends with the period."
        ),
        adapt=_(
            "Add the link by which a cancellation can be taken back and, if you like, an offer in the second e-mail: a "
            "pause, a smaller plan, a free month."
        ),
        stores=_(
            "It works with Stripe, with WooCommerce (“pending cancellation”), and with stores that use the API if they "
            "send “Cancel at period end”. At PayPal a subscription ends at once when it is cancelled: there “Win "
            "back” is the way."
        ),
        flow=_cancelling,
    ),
    Recipe(
        key="paused",
        group="retention",
        icon="pause_circle",
        title=_("Paused, and coming back"),
        summary=_("Confirms a pause, asks once after a month, and welcomes those who come back."),
        why=_(
            "Whoever pauses has not left. A clear word that nothing is charged meanwhile, and one friendly question "
            "later, make the way back short."
        ),
        happens=_(
            "When a recurring payment has been paused for an hour, people read that nothing is charged. After a month "
            "those who may get marketing are asked whether they would like to go on. The moment it is active again, "
            "within a year, they are welcomed back; if it ends or a payment fails, nothing more is sent."
        ),
        adapt=_(
            "Say how a pause is ended, with the link. The hour is there because WooCommerce puts a subscription on "
            "hold for a moment whenever it renews it."
        ),
        stores=_("It works with all stores. WooCommerce calls it “on hold”, PayPal “suspended”."),
        flow=_paused,
    ),
    Recipe(
        key="expired",
        group="retention",
        icon="event_busy",
        title=_("Expired"),
        summary=_("Says that a subscription has come to its planned end, and invites people to go on."),
        why=_(
            "What ends by itself ends without a decision: many would have gone on if somebody had asked. It also "
            "spares the question whether anything is still charged."
        ),
        happens=_(
            "When an active recurring payment expires, people read that it is over, and that nothing more is charged. "
            "Two weeks later those who may get marketing are invited to begin again. Whoever has an active one, the "
            "old or a new one, gets nothing more."
        ),
        adapt=_("Add the link to your offers, and say what is new."),
        stores=_(
            "It works with WooCommerce, PayPal and stores that use the API. Stripe calls a subscription that has come "
            "to its end cancelled: there “Win back” is the way."
        ),
        flow=_expired,
    ),
    Recipe(
        key="win_back",
        group="retention",
        icon="volunteer_activism",
        title=_("Win back"),
        summary=_("Writes twice, two weeks and two months after a cancellation, to those who have not come back."),
        why=_(
            "People leave for reasons that pass: money, time, something that was missing. Who is asked kindly and not "
            "too soon comes back more easily than a stranger is won."
        ),
        happens=_(
            "When a recurring payment is cancelled, two weeks pass. Then those who may get marketing are asked what "
            "was missing, and six weeks later invited once more. Whoever has an active recurring payment is left in "
            "peace from then on; and who has only changed their plan, which WooCommerce calls “switched”, never gets "
            "in. It happens once for each person."
        ),
        adapt=_("Add what is new since then, or an offer for those who come back, with the link."),
        stores=_("It works with all stores."),
        flow=_win_back,
    ),
)
