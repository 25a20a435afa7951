"""The PayPal account as the tests of a provider get it: served, with the machine's clock."""

import json
from urllib.parse import urlsplit
from urllib.request import urlopen

from tests.integrations.sandbox.paypal.checking import Check
from tests.integrations.sandbox.receiver import Receiver
from tests.integrations.shops import ServedPayPal


def test_it_answers_at_its_address(paypal_shop: ServedPayPal) -> None:
    with urlopen(f"{paypal_shop.address}/_sandbox/state") as answer:
        assert json.load(answer)["counts"] == paypal_shop.counts()


def test_its_deliveries_are_of_today(paypal_shop: ServedPayPal, receiver: Receiver) -> None:
    webhook = paypal_shop.add_webhook(receiver.url)
    made = paypal_shop.create_subscription(email="ann@example.com")
    assert paypal_shop.flush()
    sale = receiver.received[-1]
    assert sale.event["resource"]["billing_agreement_id"] == made["id"]
    check = Check(port=urlsplit(paypal_shop.address).port, webhook=webhook, root=paypal_shop.ca)
    check(sale.body, sale.headers)
