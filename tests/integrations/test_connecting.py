"""Making a connection, and giving it other credentials."""

import pytest
from django.utils import timezone

from integrations.connecting import Credentials, connect
from integrations.models import Connection
from subscriptions.models import RecurringPayment, Store

FULL = Credentials(
    api_key="rk_1", webhook_secret="whsec_1", livemode=False, api_address="http://127.0.0.1:9", external_id_key="order"
)


def test_a_new_name_is_a_new_store(db: None) -> None:
    connection, is_new = connect("stripe", name="Shop", credentials=FULL)
    stored = Connection.objects.get()
    assert (is_new, stored.name, stored.provider_name) == (True, "Shop", "stripe")
    assert (stored.api_key, stored.webhook_secret, stored.livemode) == ("rk_1", "whsec_1", False)
    assert (stored.api_address, stored.external_id_key, stored) == ("http://127.0.0.1:9", "order", connection)


def test_a_known_name_gets_what_is_new_and_keeps_the_rest(db: None) -> None:
    connect("stripe", name="Shop", credentials=FULL)
    connection, is_new = connect("stripe", name="Shop", credentials=Credentials(api_key="rk_2"))
    assert (is_new, connection.api_key, connection.livemode) == (False, "rk_2", False)
    assert connection.webhook_secrets() == ["whsec_1"]
    assert Store.objects.count() == 1


def test_a_new_webhook_secret_stands_beside_the_old_one(db: None) -> None:
    connect("stripe", name="Shop", credentials=FULL)
    connection, _ = connect("stripe", name="Shop", credentials=Credentials(webhook_secret="whsec_2"))
    assert connection.webhook_secrets() == ["whsec_2", "whsec_1"]


@pytest.mark.parametrize(
    ("credentials", "page"),
    [
        (Credentials(), "https://dashboard.stripe.com/subscriptions/{id}"),
        (Credentials(livemode=False), "https://dashboard.stripe.com/test/subscriptions/{id}"),
        (FULL, "http://127.0.0.1:9/dashboard/test/subscriptions/{id}"),
    ],
)
def test_the_store_learns_where_a_payments_own_page_is(db: None, credentials: Credentials, page: str) -> None:
    connection, _ = connect("stripe", name="Shop", credentials=credentials)
    assert Store.objects.get().payment_page == page
    payment = RecurringPayment(store=connection.store, store_recurring_payment_id="sub_1", as_of=timezone.now())
    assert payment.store_page == page.replace("{id}", "sub_1")


def test_a_store_that_lost_its_connection_is_taken_up_again(db: None) -> None:
    first, _ = connect("stripe", name="Shop", credentials=FULL)
    first.delete()
    second, is_new = connect("stripe", name="Shop", credentials=FULL)
    assert (second.store, is_new, second.token != first.token) == (first.store, False, True)
