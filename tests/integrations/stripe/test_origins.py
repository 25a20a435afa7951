"""The origin order of a subscription that was renewed before anybody looked: asked for once, with its next event."""

from typing import Any

from integrations import inbox
from integrations.models import Connection
from subscriptions.models import RecurringPayment
from tests.integrations.contracts import deliver
from tests.integrations.shops import ServedShop
from tests.integrations.states import sync

INVOICES = ("GET", "/v1/invoices")


def tell(connection: Connection, events: list[dict[str, Any]]) -> None:
    for one in events:
        deliver(connection, one)
    inbox.process()


def renewed(shop: ServedShop) -> tuple[str, str]:
    """Make a subscription and renew it; return its id and that of its first invoice."""
    sold = shop.create_subscription()
    shop.act(sold["id"], "renew")
    assert shop.retrieve(sold["id"])["latest_invoice"] != sold["latest_invoice"]
    return sold["id"], sold["latest_invoice"]


def origin(subscription: str) -> str:
    return RecurringPayment.objects.get(store_recurring_payment_id=subscription).origin_order_id


def test_the_first_event_after_history_asks_for_it_and_the_next_one_does_not(
    connection: Connection, shop: ServedShop
) -> None:
    subscription, first = renewed(shop)
    sync(connection)
    assert (origin(subscription), shop.requested[INVOICES]) == ("", 0)
    tell(connection, shop.act(subscription, "fail_payment"))
    assert (origin(subscription), shop.requested[INVOICES]) == (first, 1)
    tell(connection, shop.act(subscription, "recover"))
    assert (origin(subscription), shop.requested[INVOICES]) == (first, 1)


def test_a_subscription_that_was_not_renewed_tells_it_itself(connection: Connection, shop: ServedShop) -> None:
    sold = shop.create_subscription()
    tell(connection, shop.events)
    assert (origin(sold["id"]), shop.requested[INVOICES]) == (sold["latest_invoice"], 0)


def test_a_subscription_without_a_date_is_read_without_it(connection: Connection, shop: ServedShop) -> None:
    subscription, _ = renewed(shop)
    shop.set(subscription, created=None)
    tell(connection, shop.act(subscription, "fail_payment"))
    assert origin(subscription) == ""
    assert not connection.deliveries.filter(state="failed")
