"""A history that PayPal does not document: only where a probe finds it, and no one subscription holds it up."""

import pytest
from django.test import Client
from django.urls import reverse

from integrations import connecting
from integrations.models import Connection
from subscriptions.models import Change, RecurringPayment
from tests.integrations.shops import ServedPayPal
from tests.integrations.states import stored, sync


@pytest.fixture
def listed(connection: Connection, account: ServedPayPal) -> Connection:
    """The connection to an account that lists its subscriptions, and is known to."""
    account.listing = 200
    connecting.probe(connection)
    return connection


def test_the_history_is_every_subscription_with_its_plan_and_announces_nothing(
    listed: Connection, account: ServedPayPal
) -> None:
    done = sync(listed)
    assert (done.state, done.total, done.created) == ("finished", 30, 30)
    rows = stored(listed)
    assert rows.keys() == {one["id"] for one in account.store["subscription"]}
    assert all(row["name"] and row["billing_interval"] for row in rows.values())
    assert not Change.objects.filter(announce=True).exists()
    assert sync(listed).unchanged == 30


def test_what_can_no_longer_be_asked_for_is_taken_from_the_list(listed: Connection, account: ServedPayPal) -> None:
    gone = next(one["id"] for one in account.store["subscription"] if one["status"] == "ACTIVE")
    account.faults.forgotten = [gone]
    assert (sync(listed).state, RecurringPayment.objects.count()) == ("finished", 30)
    assert RecurringPayment.objects.get(store_recurring_payment_id=gone).status == "active"


def test_one_that_cannot_be_read_is_kept_with_its_path_and_holds_up_no_other(
    listed: Connection, account: ServedPayPal
) -> None:
    broken = next(one["id"] for one in account.store["subscription"] if one["status"] == "ACTIVE")
    account.set(broken, quantity="many")
    done = sync(listed)
    assert (done.state, done.created, done.failed) == ("finished", 29, 1)
    assert "quantity" in listed.deliveries.get(state="failed").reason


@pytest.mark.parametrize("faults", [{"answer_500": 9}, {"answer_429": 9}])
@pytest.mark.parametrize("before", [True, False])
def test_trouble_that_passes_leaves_the_answer_of_an_earlier_probe(
    listed: Connection, account: ServedPayPal, faults: dict[str, float], before: bool
) -> None:
    listed.lists_payments = before
    account.faults.apply(faults)
    connecting.probe(listed)
    assert Connection.objects.get().lists_payments is before


def test_an_account_that_no_longer_lists_has_no_history(listed: Connection, account: ServedPayPal) -> None:
    assert Connection.objects.get().lists_payments
    account.listing = 404
    connecting.probe(listed)
    assert not Connection.objects.get().lists_payments


def test_the_page_says_plainly_that_there_is_no_history_and_has_no_button(
    connection: Connection, administrators: Client
) -> None:
    shown = administrators.get(reverse("admin:connection_history", args=[connection.pk])).content.decode()
    assert "This store tells no history: its maker documents no way to list what there was before." in shown
    assert reverse("admin:sync_start", args=[connection.pk]) not in shown


def test_where_the_account_lists_its_subscriptions_the_button_is_marked_as_an_experiment(
    listed: Connection, administrators: Client
) -> None:
    shown = administrators.get(reverse("admin:connection_history", args=[listed.pk])).content.decode()
    assert "This store tells no history" not in shown
    assert reverse("admin:sync_start", args=[listed.pk]) in shown
    assert "Experimental" in shown
