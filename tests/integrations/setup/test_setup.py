"""The set-up: five steps from an app to its first event, with nothing lost on the way and no secret shown."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, ContactList
from integrations import history, inbox
from integrations.api import keys
from integrations.connecting import Credentials, connect
from integrations.models import Connection, HistoricalSync
from integrations.sandbox.paypal.tokens import WEBHOOKS
from integrations.sandbox.woocommerce import FULL, READER, WooShop
from subscriptions.models import Store
from tests.integrations.conftest import KEY
from tests.integrations.contracts import SECRET, deliver
from tests.integrations.shops import ServedPayPal, ServedShop
from tests.integrations.woocommerce.conftest import woo  # noqa: F401
from tests.statements import statements

STRIPE = {"name": "Our Stripe", "api_key": KEY}


def at(name: str, connection: Connection | None = None, *more: Any) -> str:
    """Return a step's address."""
    return reverse(f"setup_{name}", args=[*([connection.pk] if connection else []), *more])


def begun(client: Client, kind: str, **filled: str) -> Connection:
    """Go as far as the connection is made."""
    answer = client.post(reverse("setup_connect", args=[kind]), filled)
    made = Connection.objects.select_related("store").get()
    assert answer.headers["Location"] == at("resource", made)
    return made


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def marks(client: Client, connection: Connection) -> dict[str, str]:
    """Read the list that ticks itself: its lines, and how each stands."""
    return dict(re.findall(r'data-line="(\w+)" data-mark="(\w+)"', shown(client, at("progress", connection))))


def test_stripe_is_set_up_from_the_app_to_its_first_event(
    transactional_db: None, administrators: Client, shop: ServedShop
) -> None:
    made = begun(administrators, "stripe", **STRIPE, api_address=shop.address)
    assert administrators.post(at("resource", made)).headers["Location"] == at("options", made)
    filled = {"new_list": "Customers", "read_history": "on", "status:paused": "cancelled"}
    assert administrators.post(at("options", made), filled).headers["Location"] == at("finish", made)
    made = Connection.objects.select_related("store").get()
    assert [shop.retrieve(one)["url"] for one in shop.ids("webhook_endpoint")] == [made.webhook_url]
    assert (made.is_set_up, made.status_overrides) == (True, {"paused": "cancelled"})
    waiting = {"credentials": "done", "webhook": "done", "event": "waiting", "history": "waiting"}
    assert marks(administrators, made) == waiting
    history.run(HistoricalSync.objects.get().pk)
    assert {one.state for one in ContactList.objects.get(name="Customers").standings.all()} == {"subscribed"}
    assert made.store.newcomer_list is not None
    assert made.store.newcomer_list.standings.count() == Contact.objects.count() > 0
    assert marks(administrators, made) == waiting | {"history": "done"}
    administrators.post(reverse("integrations:webhook", args=["stripe", made.token]), b"{}", "application/json")
    assert marks(administrators, made)["event"] == "waiting"  # what nobody signed is no event


def test_what_was_entered_is_there_when_one_goes_back_and_no_secret_is(
    administrators: Client, shop: ServedShop
) -> None:
    made = begun(administrators, "stripe", **STRIPE, api_address=shop.address)
    page = shown(administrators, at("credentials", made))
    assert ("Our Stripe" in page, shop.address in page, KEY in page) == (True, True, False)
    administrators.post(at("options", made), {"status:paused": "expired"})
    again = {"name": "Our Stripe", "api_key": "", "api_address": shop.address}
    assert administrators.post(at("credentials", made), again).status_code == 302
    kept = Connection.objects.get()
    assert (kept.api_key, kept.status_overrides, kept.is_set_up) == (KEY, {"paused": "expired"}, True)


def test_automations_start_on_history_only_after_its_size_was_seen_and_agreed_to(
    administrators: Client, shop: ServedShop
) -> None:
    made = begun(administrators, "stripe", **STRIPE, api_address=shop.address)
    wanted = {"read_history": "on", "announces": "on"}
    answer = administrators.post(at("options", made), wanted)
    assert "recurring payments. Automations would start for each of them." in answer.content.decode()
    assert (HistoricalSync.objects.count(), Connection.objects.get().is_set_up) == (0, False)
    administrators.post(at("options", made), wanted | {"is_sure": "on"})
    assert HistoricalSync.objects.get().announces


def test_history_announces_nothing_unless_asked(administrators: Client, shop: ServedShop) -> None:
    made = begun(administrators, "stripe", **STRIPE, api_address=shop.address)
    administrators.post(at("options", made), {"read_history": "on"})
    assert not HistoricalSync.objects.get().announces


def test_history_is_left_alone_where_nobody_wants_it(administrators: Client, shop: ServedShop) -> None:
    made = begun(administrators, "stripe", **STRIPE, api_address=shop.address)
    administrators.post(at("options", made), {})
    assert not HistoricalSync.objects.exists()
    assert marks(administrators, made)["history"] == "none"


def test_a_shop_that_lets_us_not_set_webhooks_up_is_told_by_hand(administrators: Client, woo: WooShop) -> None:  # noqa: F811
    entered = {"name": "Woo", "client_id": READER.consumer_key, "api_key": READER.consumer_secret}
    made = begun(administrators, "woocommerce", **entered, api_address=woo.address)
    page = administrators.post(at("options", made), {}, follow=True).content.decode()
    assert "We could not set the webhook up by ourselves" in page
    assert (f"data-webhook-url>{made.webhook_url}<" in page, "subscription.switched" in page) == (True, True)
    assert marks(administrators, made)["webhook"] == "todo"
    administrators.post(at("prove", made), {"proof": "s3cret"})
    assert Connection.objects.get().webhook_secrets()[0] == "s3cret"
    assert marks(administrators, made)["webhook"] == "done"
    assert "s3cret" not in shown(administrators, at("finish", made))


def test_webhooks_at_woocommerce_set_themselves_up(administrators: Client, woo: WooShop) -> None:  # noqa: F811
    entered = {"name": "Woo", "client_id": FULL.consumer_key, "api_key": FULL.consumer_secret}
    made = begun(administrators, "woocommerce", **entered, api_address=woo.address)
    administrators.post(at("options", made), {})
    assert {hook["delivery_url"] for hook in woo.store["webhook"]} == {made.webhook_url}
    assert "data-paste" not in shown(administrators, at("finish", made))


def test_of_paypal_one_chooses_resources_and_is_told_that_there_is_no_history(
    administrators: Client, paypal_shop: ServedPayPal
) -> None:
    entered = {"name": "PayPal", "client_id": "sandbox-client", "api_key": "sandbox-secret"}
    made = begun(administrators, "paypal", **entered, api_address=paypal_shop.address)
    administrators.post(at("resource", made), {"resources": ["orders"]})
    assert "its maker documents none" in shown(administrators, at("options", made))
    assert "read_history" not in shown(administrators, at("options", made))
    administrators.post(at("options", made), {"read_history": "on"})
    [hook] = paypal_shop.store["webhook"]
    assert {kind.partition(".")[0] for kind in hook["event_types"]} == {"CHECKOUT"}
    assert (HistoricalSync.objects.count(), marks(administrators, made)["history"]) == (0, "none")


@pytest.mark.parametrize(
    ("resources", "named"),
    [
        (["subscriptions"], {"BILLING", "PAYMENT"}),
        (["orders"], {"CHECKOUT"}),
        (["subscriptions", "orders"], {"BILLING", "PAYMENT", "CHECKOUT"}),
    ],
)
def test_where_paypal_lets_us_set_no_webhook_up_the_events_of_the_chosen_resources_are_named(
    administrators: Client, paypal_shop: ServedPayPal, resources: list[str], named: set[str]
) -> None:
    paypal_shop.faults.forbidden = [WEBHOOKS]
    entered = {"name": "PayPal", "client_id": "sandbox-client", "api_key": "sandbox-secret"}
    made = begun(administrators, "paypal", **entered, api_address=paypal_shop.address)
    administrators.post(at("resource", made), {"resources": resources})
    administrators.post(at("options", made), {})
    [events] = re.findall(r"<p><code[^>]*>([^<]+)</code>", shown(administrators, at("finish", made)))
    assert {name.partition(".")[0] for name in events.split()} == named


def test_a_store_of_ones_own_gets_a_key_once_and_its_first_payment_ticks_the_list(administrators: Client) -> None:
    made = begun(administrators, "api", name="Plugin")
    administrators.post(at("options", made), {})
    assert marks(administrators, made) | {"credentials": ""} == {
        "credentials": "", "key": "todo", "event": "waiting", "history": "none"
    }  # fmt: skip
    assert "Plugin is almost connected" in shown(administrators, at("finish", made))
    assert "no request yet" in shown(administrators, reverse("connected_apps"))
    answer = administrators.post(at("key", made))
    assert "Plugin is connected" in answer.content.decode()
    [secret] = re.findall(r"data-new-key>([^<]+)<", answer.content.decode())
    assert keys.find(secret) is not None
    assert secret not in shown(administrators, at("finish", made))
    row = {"store_recurring_payment_id": "1", "status": "active", "email": "ada@example.com"}
    bulk = {"recurring_payments": [row]}
    headers = {"Authorization": f"Bearer {secret}"}
    told = Client().post("/api/v1/recurring-payments/bulk", bulk, "application/json", headers=headers)
    assert (told.status_code, marks(administrators, made)["event"]) == (200, "done")
    assert "last request" in shown(administrators, reverse("connected_apps"))


def test_a_list_that_is_there_already_is_taken_however_it_is_capitalised(administrators: Client) -> None:
    known = ContactList.objects.create(name="Customers")
    made = begun(administrators, "api", name="Plugin")
    administrators.post(at("options", made), {"new_list": " CUSTOMERS "})
    assert Store.objects.get().newcomer_list == known


@pytest.mark.parametrize("step", ["credentials", "resource", "options", "finish", "progress"])
def test_a_connection_that_is_gone_is_a_page_that_is_not_there(administrators: Client, step: str) -> None:
    assert administrators.get(reverse(f"setup_{step}", args=[4711])).status_code == 404


def test_an_app_that_does_not_exist_leads_to_those_that_do(administrators: Client) -> None:
    assert administrators.get(reverse("setup_connect", args=["shopify"])).headers["Location"] == reverse("setup_app")


# Cards


def test_the_cards_name_each_app_and_how_its_connections_are_doing(administrators: Client, keyless: Connection) -> None:
    page = shown(administrators, reverse("connected_apps"))
    assert re.findall(r'data-app="(\w+)"', page) == ["stripe", "paypal", "woocommerce", "api"]
    assert ("Shop" in page, "No API key" in page, page.count("Not connected")) == (True, True, 3)


def test_a_set_up_that_was_left_is_gone_on_with(administrators: Client, shop: ServedShop) -> None:
    made = begun(administrators, "stripe", **STRIPE, api_address=shop.address)
    page = shown(administrators, reverse("connected_apps"))
    assert (at("resource", made) in page, "Set-up not finished" in page) == (True, True)


def test_whoever_may_only_look_is_offered_nothing(marketers: Client, keyless: Connection) -> None:
    page = shown(marketers, reverse("connected_apps"))
    assert ("Shop" in page, "Add a new resource" in page, "Connect PayPal" in page) == (True, False, False)


def test_three_hundred_connections_cost_as_many_queries_as_ten(administrators: Client) -> None:
    def connects(numbers: range) -> None:
        for number in numbers:
            connect("stripe", name=f"Shop {number}", credentials=Credentials())

    connects(range(10))
    with statements() as few:
        administrators.get(reverse("connected_apps"))
    connects(range(10, 300))
    with statements() as many:
        page = shown(administrators, reverse("connected_apps"))
    assert len(many) == len(few)
    assert "and 295 more" in page


def test_the_first_event_is_shown_with_what_became_of_it(
    transactional_db: None, administrators: Client, shop: ServedShop
) -> None:
    made = begun(administrators, "stripe", **STRIPE, api_address=shop.address)
    administrators.post(at("options", made), {})
    Connection.objects.update(webhook_secret=SECRET)
    deliver(Connection.objects.get(), shop.event("customer.subscription.updated", shop.ids()[0]))
    inbox.process()
    line = shown(administrators, at("progress", made))
    assert ("customer.subscription.updated" in line, "Applied" in line) == (True, True)
