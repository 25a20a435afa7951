"""A refunded charge marks the last payment of the subscription whose latest invoice it paid, and of no other."""

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.models import Connection
from integrations.problems import Problem
from integrations.providers.base import Page, ProviderError
from integrations.providers.stripe import refunds
from integrations.providers.stripe.mapping import Reading, record
from tests.integrations.shops import ServedShop
from tests.integrations.stripe.documents import BEFORE, SINCE, event, told

READING = Reading(as_of=datetime(2026, 10, 20, tzinfo=UTC))


def read_page(invoice: str = "in_1QkAda0001") -> Page:
    return Page(records=[record(told(), READING)], invoices={"sub_1QkAda0001": invoice})


def status_after(connection: Connection, *events: dict[str, Any], page: Page | None = None) -> str:
    [marked] = refunds.applied(connection, events, page or read_page()).records
    return str(marked.values["last_payment_status"])


@pytest.mark.parametrize(("refunded", "status"), [(True, "refunded"), (False, "partially_refunded")])
def test_a_charge_that_names_its_invoice_is_enough(refunded: bool, status: str) -> None:
    charge = event("charge.refunded", {"data.object.refunded": refunded}, shape=BEFORE)
    assert status_after(Connection(), charge) == status


def test_a_charge_of_an_older_invoice_marks_nothing() -> None:
    charge = event("charge.refunded", shape=BEFORE)
    assert status_after(Connection(), charge, page=read_page("in_newer")) == "completed"


def test_other_events_mark_nothing() -> None:
    assert status_after(Connection(), event("customer.updated"), event("invoice.paid")) == "completed"


def test_a_charge_of_no_invoice_and_no_intent_marks_nothing() -> None:
    charge = event("charge.refunded", {"data.object.payment_intent": None}, shape=SINCE)
    assert status_after(Connection(), charge) == "completed"


def test_since_2025_the_invoice_is_asked_for(connection: Connection, shop: ServedShop) -> None:
    sold = shop.create_subscription()
    invoice = sold["latest_invoice"]
    [charge] = [one for one in shop.act(sold["id"], "refund") if one["type"] == "charge.refunded"]
    assert "invoice" not in charge["data"]["object"]
    assert status_after(connection, charge, page=read_page(invoice)) == "refunded"


def test_an_intent_that_the_store_does_not_know_marks_nothing(connection: Connection) -> None:
    assert status_after(connection, event("charge.refunded", shape=SINCE)) == "completed"


def test_a_store_that_cannot_answer_now_is_asked_again_later(connection: Connection, shop: ServedShop) -> None:
    shop.faults.answer_500 = 1
    with pytest.raises(ProviderError) as error:
        status_after(connection, event("charge.refunded", shape=SINCE))
    assert (error.value.problem, error.value.permanent) == (Problem.STORE_FAULT, False)
