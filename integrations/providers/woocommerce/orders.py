"""Which subscriptions an order belongs to.

Renewals and switches name theirs in the metadata; the order with which subscriptions began is named by them, as their
parent. That holds for guests too, who have no account by which anything could be found.
"""

from typing import TYPE_CHECKING

from integrations.providers.reading import Json, list_at
from integrations.providers.woocommerce.reading import id_at, is_id
from subscriptions.models import RecurringPayment

if TYPE_CHECKING:
    from integrations.models import Connection

_NAMED_IN = ("_subscription_renewal", "_subscription_switch", "_subscription_resubscribe")


def is_refunded(order: Json) -> bool:
    """Whether money went back, all of it or a part."""
    return order.get("status") == "refunded" or bool(order.get("refunds"))


def subscriptions_of(connection: "Connection", name: str, order: Json) -> list[str]:
    """List the ids of an order's subscriptions; where it is tied to none, those of the customer's account, if any.

    An order of the shop's older shape has no metadata, so an account's subscriptions must all be looked at.
    """
    known = RecurringPayment.objects.filter(store_id=connection.store_id)
    begun = known.filter(origin_order_id=name).order_by("pk").values_list("store_recurring_payment_id", flat=True)
    tied = list(dict.fromkeys([*_named(order), *begun]))
    if tied:
        return tied
    customer = id_at(order, "customer_id")
    theirs = known.filter(store_customer_id=customer).order_by("pk") if customer else known.none()
    return list(theirs.values_list("store_recurring_payment_id", flat=True))


def _named(order: Json) -> list[str]:
    """Read the subscriptions that the metadata name: a customer may renew several with one order."""
    told = [one.get("value") for one in list_at(order, "meta_data") if one.get("key") in _NAMED_IN]
    names = (str(value) for value in told if isinstance(value, str | int) and not isinstance(value, bool))
    return [name for name in names if is_id(name)]
