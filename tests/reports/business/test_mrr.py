"""Monthly recurring revenue: one definition, in Python and in the database."""

from decimal import Decimal
from typing import Any

import pytest

from reports.business import mrr
from subscriptions.models import RecurringPayment, Store
from tests.subscriptions.reports import report, tell

A_MONTH: dict[str, Any] = {"status": "active", "payment_amount": "12", "billing_interval": "monthly", "currency": "EUR"}


@pytest.mark.parametrize(
    ("told", "worth"),
    [
        ({}, "12"),
        ({"billing_interval": "yearly"}, "1"),
        ({"billing_interval": "yearly", "payment_amount": "100"}, "8.33"),
        ({"billing_interval": "yearly", "payment_amount": "10000", "currency": "JPY"}, "833"),
        ({"billing_interval": "yearly", "payment_amount": "100", "currency": "KWD"}, "8.333"),
        ({"billing_interval": "yearly", "billing_interval_count": 2}, "0.50"),
        ({"billing_interval_count": 3}, "4"),
        ({"billing_interval": "weekly"}, "52"),
        ({"billing_interval": "weekly", "billing_interval_count": 2}, "26"),
        ({"billing_interval": "daily"}, "365"),
        ({"tax_amount": "2"}, "10"),
        ({"tax_amount": "20"}, "0"),
        ({"payment_amount": "10.005"}, "10.01"),
        ({"status": "payment_failed"}, "12"),
        ({"is_trial": True}, "0"),
        ({"status": "paused"}, "0"),
        ({"status": "cancelled"}, "0"),
        ({"status": "pending"}, "0"),
        ({"payment_amount": None}, "0"),
        ({"billing_interval": ""}, "0"),
        ({"currency": "XXQ"}, "12"),
    ],
)
def test_it_is_what_a_paying_one_is_worth_a_month(store: Store, told: dict[str, Any], worth: str) -> None:
    tell(store, report(**A_MONTH | told))
    row = RecurringPayment.objects.annotate(mrr=mrr.expression()).get()
    assert Decimal(mrr.of(vars(row))) / mrr.PARTS == Decimal(worth)
    assert row.mrr == mrr.of(vars(row))
