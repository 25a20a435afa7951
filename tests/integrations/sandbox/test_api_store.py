"""A pretend store of one's own: its plugin writes to our real API, over real HTTP."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from integrations.api import keys
from integrations.connecting import Credentials, connect
from integrations.models import Connection, IdempotentAnswer
from integrations.sandbox.api_store import ApiStore
from integrations.sandbox.api_store.verbs import VERBS
from integrations.sandbox.paypal import PayPalShop
from integrations.sandbox.server import serve
from integrations.sandbox.stripe import StripeShop
from integrations.sandbox.wire import Request
from integrations.sandbox.woocommerce import WooShop
from subscriptions.models import Change, RecurringPayment
from tests.integrations.sandbox.conftest import NOW


@pytest.fixture
def connection(transactional_db: None) -> Connection:
    """A connection for the store."""
    return connect("api", name="Own", credentials=Credentials())[0]


@pytest.fixture
def store(live_server: LiveServer, connection: Connection, tmp_path: Path) -> Iterator[ApiStore]:
    """A store of twenty subscriptions that has told its past."""
    key = keys.issue(connection, name="plugin")[1]
    own = ApiStore(site=live_server.url, key=key, subscriptions=20, big_customer=3, state=tmp_path / "shop.json")
    own.queue.schedule = (0.02, 0.02)
    with serve(own):
        assert own.flush()
        yield own


def test_it_tells_its_past_once_and_quietly_and_then_each_change(store: ApiStore, tmp_path: Path) -> None:
    assert RecurringPayment.objects.count() == 23
    assert not Change.objects.filter(announce=True).exists()
    chosen = next(one["id"] for one in store.store["subscription"] if one["status"] == "active")
    store.act(chosen, "cancel")
    store.tick(n=12)
    assert store.flush()
    assert {delivery.status for delivery in store.deliveries} == {200}
    assert RecurringPayment.objects.get(store_recurring_payment_id=chosen).status == "cancelled"
    assert Change.objects.filter(payment__store_recurring_payment_id=chosen, announce=True).exists()
    ours = {one.store_recurring_payment_id: one.status for one in RecurringPayment.objects.all()}
    assert ours == {one["id"]: one["status"] for one in store.store["subscription"]}

    store.save()
    kept = shutil.copy(tmp_path / "shop.json", tmp_path / "copy.json")
    again = ApiStore(site=store.site, key=store._key, state=Path(kept))
    again.open()
    assert len(again.deliveries) == len(store.deliveries)
    again.close()


def test_a_request_that_is_sent_twice_bears_one_name_and_is_answered_once(store: ApiStore) -> None:
    before = IdempotentAnswer.objects.count()
    store.faults.apply({"duplicate": 2})
    store.tick()
    assert store.flush()
    [first, second] = store.deliveries[-2:]
    assert (first.status, second.status, first.endpoint) == (200, 200, second.endpoint)
    assert IdempotentAnswer.objects.count() == before + 1


def test_a_key_that_is_refused_is_tried_again(store: ApiStore) -> None:
    store.faults.apply({"mis_sign": 1})
    store.tick()
    assert store.flush(retries=True)
    assert store.deliveries[-1].statuses == [401, 200]


def test_the_same_seed_makes_the_same_store() -> None:
    one, other = (ApiStore(site="", key="", seed=3, now=NOW) for _ in range(2))
    assert list(one.store["subscription"]) == list(other.store["subscription"])


def test_stores_have_people_in_common_and_people_of_their_own() -> None:
    stripe, paypal, woo, own = StripeShop(seed=1), PayPalShop(seed=2), WooShop(seed=3), ApiStore(site="", key="")
    known = [
        {one["email"] for one in stripe.store["customer"] if one.get("email")},
        {one["email"] for one in paypal.store["payer"] if one["email"]},
        {one["email"] for one in woo.store["customer"] if one["email"]},
        {one["email"] for one in own.store["subscription"]},
    ]
    assert len(set.intersection(*known)) >= 3
    assert all(some - set.union(*(others for others in known if others is not some)) for some in known)


def test_its_page_tells_what_the_site_answered(store: ApiStore) -> None:
    store.act(
        "S-1001", next(name for name, verb in VERBS.items() if verb.allows(store.store["subscription"]["S-1001"]))
    )
    assert store.flush()
    shown = store.handle(Request(method="GET", path="/dashboard/subscriptions/S-1001"))
    assert shown
    assert f"{store.site}/api/v1/recurring-payments/bulk: 200" in shown.body.decode()
    listed = store.handle(Request(method="GET", path="/dashboard/"))
    assert listed
    assert "23 found" in listed.body.decode()
