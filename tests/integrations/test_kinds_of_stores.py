"""Connecting each kind of store by form: what it asks for, what it tries, and what the page offers afterwards."""

import re
from typing import Any

import pytest
import requests
from django.test import Client
from django.urls import reverse

from integrations.api import keys
from integrations.connecting import Credentials, connect
from integrations.models import ApiKey, Connection
from integrations.providers import PROVIDERS
from integrations.sandbox.paypal.tokens import WEBHOOKS, Tokens
from integrations.sandbox.woocommerce import FULL, READER, WooShop
from tests.integrations.paypal.conftest import account  # noqa: F401
from tests.integrations.shops import ServedPayPal
from tests.integrations.states import sync
from tests.integrations.woocommerce.conftest import woo  # noqa: F401


def add(kind: str) -> str:
    return reverse("setup_connect", args=[kind])


def page(connection: Connection) -> str:
    return reverse("admin:integrations_connection_change", args=[connection.pk])


def labels(html: str) -> set[str]:
    return {text.strip() for text in re.findall(r"<label[^>]*>\s*([^<]+?)\s*(?:<|$)", html)}


def test_one_chooses_the_kind_of_store_first(administrators: Client) -> None:
    shown = administrators.get(reverse("admin:integrations_connection_add"), follow=True).content.decode()
    assert [kind for kind in PROVIDERS if f'href="{add(kind)}"' in shown] == list(PROVIDERS)


def test_whoever_may_only_look_chooses_nothing(marketers: Client) -> None:
    assert marketers.get(reverse("setup_app")).status_code == 403


@pytest.mark.parametrize(
    ("kind", "asked", "not_asked"),
    [
        ("stripe", {"Restricted API key", "Live mode"}, {"Client ID", "Consumer key"}),
        ("paypal", {"Client ID", "Client secret", "Live mode"}, {"Webhook secret"}),
        ("woocommerce", {"Address of the shop", "Consumer key", "Consumer secret"}, {"Live mode"}),
        ("api", {"Name"}, {"Live mode", "Webhook secret", "Requests per second"}),
    ],
)
def test_each_kind_asks_for_its_own_credentials(
    administrators: Client, kind: str, asked: set[str], not_asked: set[str]
) -> None:
    shown = labels(administrators.get(add(kind)).content.decode())
    assert asked <= shown
    assert not not_asked & shown


# WooCommerce


def woo_fields(shop: WooShop, **changes: str) -> dict[str, str]:
    usual = {"name": "Woo", "client_id": FULL.consumer_key, "api_key": FULL.consumer_secret}
    return usual | {"api_address": f"{shop.address}/", "requests_per_second": "20"} | changes


def test_a_woocommerce_shop_is_connected_and_its_webhooks_set_up(administrators: Client, woo: WooShop) -> None:  # noqa: F811
    assert administrators.post(add("woocommerce"), woo_fields(woo)).status_code == 302
    made = Connection.objects.get()
    assert (made.provider_name, made.api_address, made.may_be_private) == ("woocommerce", woo.address, False)
    assert "Set the webhook up at the store" in administrators.get(page(made)).content.decode()
    answer = administrators.post(reverse("admin:webhook_register", args=[made.pk]), follow=True)
    assert "The webhook is set up at the store." in answer.content.decode()
    made.refresh_from_db()
    assert made.webhook_secret.isalnum()
    assert {hook["delivery_url"] for hook in woo.store["webhook"]} == {made.webhook_url}


@pytest.mark.parametrize(
    ("changes", "faults", "words"),
    [
        ({"api_key": "cs_wrong"}, {}, "refuses the API key"),
        ({"api_address": "http://127.0.0.1:1"}, {}, "cannot be reached"),
        ({}, {"plugin": ""}, "no WooCommerce Subscriptions"),
        ({}, {"answer_html": 9}, "not the store&#x27;s API"),
        ({"api_address": ""}, {}, "This field is required"),
        ({"api_address": "nowhere"}, {}, "Enter a valid URL"),
    ],
)
def test_a_shop_that_refuses_says_why_and_nothing_is_kept(
    administrators: Client,
    woo: WooShop,  # noqa: F811
    changes: dict[str, str],
    faults: dict[str, object],
    words: str,
) -> None:
    woo.faults.apply(faults)
    answer = administrators.post(add("woocommerce"), woo_fields(woo, **changes))
    assert (answer.status_code, words in answer.content.decode()) == (200, True)
    assert not Connection.objects.exists()


def test_a_key_that_may_only_read_says_so_when_the_webhook_is_set_up(administrators: Client, woo: WooShop) -> None:  # noqa: F811
    fields = woo_fields(woo, client_id=READER.consumer_key, api_key=READER.consumer_secret)
    assert administrators.post(add("woocommerce"), fields).status_code == 302
    made = Connection.objects.get()
    answer = administrators.post(reverse("admin:webhook_register", args=[made.pk]), follow=True)
    assert "is set up at the store." not in answer.content.decode()
    assert len(woo.store["webhook"]) == 0


def test_an_address_that_somebody_types_is_not_the_deployers(administrators: Client, woo: WooShop) -> None:  # noqa: F811
    named = Credentials(api_address="http://10.1.2.3", may_be_private=True)
    connection, _ = connect("woocommerce", name="Woo", credentials=named)
    administrators.post(page(connection), woo_fields(woo))
    connection.refresh_from_db()
    assert (connection.api_address, connection.may_be_private) == (woo.address, False)


# PayPal


def paypal_fields(shop: ServedPayPal, **changes: Any) -> dict[str, Any]:
    usual = {"name": "PayPal", "client_id": "sandbox-client", "api_key": "sandbox-secret", "requests_per_second": "20"}
    return usual | {"api_address": shop.address, "resources": ["subscriptions", "orders"]} | changes


def test_a_paypal_account_is_connected_and_its_webhook_set_up(
    administrators: Client,
    account: ServedPayPal,  # noqa: F811
) -> None:
    answer = administrators.post(add("paypal"), paypal_fields(account))
    assert answer.status_code == 302
    made = Connection.objects.get()
    assert (made.provider_name, made.livemode, made.webhook_id) == ("paypal", False, "")
    administrators.post(reverse("admin:webhook_register", args=[made.pk]))
    made.refresh_from_db()
    assert [hook["id"] for hook in account.store["webhook"]] == [made.webhook_id]
    administrators.post(reverse("admin:webhook_register", args=[made.pk]))
    assert len(account.store["webhook"]) == 1


def test_a_paypal_account_that_refuses_says_why(administrators: Client, account: ServedPayPal) -> None:  # noqa: F811
    answer = administrators.post(add("paypal"), paypal_fields(account, api_key="wrong"))
    assert "Client Authentication failed" in answer.content.decode()
    assert not Connection.objects.exists()


@pytest.mark.parametrize(("listing", "is_offered"), [(200, True), (403, False), (404, False)])
def test_history_is_offered_as_an_experiment_where_the_account_lists_its_subscriptions(
    transactional_db: None,
    administrators: Client,
    account: ServedPayPal,  # noqa: F811
    listing: int,
    is_offered: bool,
) -> None:
    account.listing = listing
    account.faults.forbidden = [WEBHOOKS]
    administrators.post(add("paypal"), paypal_fields(account, requests_per_second="999"))
    made = Connection.objects.get()
    shown = administrators.get(reverse("admin:connection_history", args=[made.pk])).content.decode()
    assert ("Read the history" in shown, "Experimental" in shown) == (is_offered, is_offered)
    done = sync(Connection.objects.get())
    count = len(account.store["subscription"]) if is_offered else 0
    assert (done.state, done.created) == ("finished" if is_offered else "failed", count)


def event_types(shop: ServedPayPal) -> set[str]:
    """Tell how the types begin of which our webhook at PayPal wants to hear."""
    [webhook] = shop.store["webhook"]
    return {name.partition(".")[0] for name in webhook["event_types"]}


def test_the_resources_of_a_paypal_account_are_chosen_and_its_webhook_follows(
    administrators: Client,
    account: ServedPayPal,  # noqa: F811
) -> None:
    administrators.post(add("paypal"), paypal_fields(account))
    made = Connection.objects.get()
    choosing = reverse("setup_resource", args=[made.pk])
    shown = administrators.get(choosing).content.decode()
    assert re.findall(r'<input type="checkbox" name="resources" value="(\w+)"[^>]*checked', shown) == [
        "subscriptions",
        "orders",
    ]
    for address in (choosing, page(made)):
        refused = administrators.post(address, paypal_fields(account, resources=[]))
        assert "Choose at least one resource." in refused.content.decode()
    administrators.post(choosing, {"resources": ["orders"]})
    administrators.post(reverse("admin:webhook_register", args=[made.pk]))
    made.refresh_from_db()
    assert (made.resources, event_types(account)) == (["orders"], {"CHECKOUT"})
    administrators.post(
        page(made), paypal_fields(account, api_key="", resources=["subscriptions"], webhook_id=made.webhook_id)
    )
    made.refresh_from_db()
    assert (made.resources, event_types(account)) == (["subscriptions"], {"BILLING", "PAYMENT"})


def test_a_new_client_secret_takes_the_place_of_the_old_one_only_once_it_works(
    administrators: Client,
    account: ServedPayPal,  # noqa: F811
) -> None:
    administrators.post(add("paypal"), paypal_fields(account))
    made = Connection.objects.get()
    changed = paypal_fields(account, api_key="not-yet")
    assert "Client Authentication failed" in administrators.post(page(made), changed).content.decode()
    made.refresh_from_db()
    assert made.api_key == "sandbox-secret"
    account.tokens = Tokens(account.store["token"], client_id="sandbox-client", secret="not-yet", seed=7, lasting=3600)
    assert administrators.post(page(made), changed).status_code == 302
    made.refresh_from_db()
    assert made.api_key == "not-yet"


def test_a_page_offers_no_history_where_there_is_none(administrators: Client, db: None) -> None:
    made, _ = connect("paypal", name="PayPal", credentials=Credentials())
    assert "Read the history" not in administrators.get(page(made)).content.decode()


# Stores that speak through the API


@pytest.fixture
def plugin(db: None) -> Connection:
    made, _ = connect("api", name="Plugin", credentials=Credentials())
    return made


def test_an_api_store_is_made_with_a_name_alone(administrators: Client) -> None:
    assert administrators.post(add("api"), {"name": "Plugin"}).status_code == 302
    assert Connection.objects.get().provider_name == "api"


def test_a_key_is_shown_once_and_never_again(administrators: Client, plugin: Connection) -> None:
    answer = administrators.post(reverse("admin:key_issue", args=[plugin.pk]), {"name": "Shop", "write": "on"})
    [secret] = re.findall(r"data-new-key>([^<]+)<", answer.content.decode())
    found = keys.find(secret)
    assert found is not None
    assert (found.connection, found.scopes) == (plugin, ["read", "write"])
    assert "no-store" in answer.headers["Cache-Control"]
    shown = administrators.get(page(plugin)).content.decode()
    assert found.prefix in shown
    assert secret not in shown


def test_the_list_says_what_a_store_still_lacks(administrators: Client, plugin: Connection) -> None:
    connect("paypal", name="PayPal", credentials=Credentials(client_id="a", api_key="b"))
    shown = administrators.get(reverse("admin:integrations_connection_changelist")).content.decode()
    assert ("No API key" in shown, "No webhook yet" in shown, "Connected<" in shown) == (True, True, False)
    keys.issue(plugin, name="Shop")
    Connection.objects.filter(store__name="PayPal").update(webhook_id="WH-1")
    shown = administrators.get(reverse("admin:integrations_connection_changelist")).content.decode()
    assert ("No API key" in shown, "No webhook yet" in shown, "Waiting for the first" in shown) == (False, False, True)


def test_a_key_may_be_for_reading_only(administrators: Client, plugin: Connection) -> None:
    administrators.post(reverse("admin:key_issue", args=[plugin.pk]), {"name": "Reports"})
    assert ApiKey.objects.get().scopes == ["read"]


def test_a_revoked_key_opens_nothing(administrators: Client, plugin: Connection) -> None:
    key, secret = keys.issue(plugin, name="Old")
    administrators.post(reverse("admin:key_revoke", args=[plugin.pk, key.pk]))
    assert keys.find(secret) is None
    assert "Revoked" in administrators.get(page(plugin)).content.decode()


def test_a_key_of_another_connection_is_not_revoked_here(administrators: Client, plugin: Connection) -> None:
    other, _ = connect("api", name="Other", credentials=Credentials())
    key, secret = keys.issue(other, name="Theirs")
    assert administrators.post(reverse("admin:key_revoke", args=[plugin.pk, key.pk])).status_code == 404
    assert keys.find(secret) == key


def test_only_api_stores_have_keys(administrators: Client, db: None) -> None:
    made, _ = connect("paypal", name="PayPal", credentials=Credentials())
    assert administrators.post(reverse("admin:key_issue", args=[made.pk]), {"name": "x"}).status_code == 404
    assert "data-keys" not in administrators.get(page(made)).content.decode()


def test_whoever_may_only_look_makes_and_revokes_no_key(marketers: Client, plugin: Connection) -> None:
    key, secret = keys.issue(plugin, name="Shop")
    assert marketers.post(reverse("admin:key_issue", args=[plugin.pk]), {"name": "x"}).status_code == 403
    assert marketers.post(reverse("admin:key_revoke", args=[plugin.pk, key.pk])).status_code == 403
    assert keys.find(secret) == key
    assert "Make a key" not in marketers.get(page(plugin)).content.decode()


# What a pretend shop's own page tells to connect it


_ASKED = {
    "Restricted API key": "api_key",
    "Client ID": "client_id",
    "Client secret": "api_key",
    "Consumer key": "client_id",
    "Consumer secret": "api_key",
    "Address": "api_address",
}


def told(address: str) -> dict[str, str]:
    shown = requests.get(f"{address}/dashboard/", timeout=10).text
    rows = re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", shown)
    return {_ASKED[name]: value for name, value in rows if name in _ASKED}


@pytest.mark.parametrize(("kind", "fixture"), [("stripe", "shop"), ("paypal", "account"), ("woocommerce", "woo")])
def test_a_pretend_shop_tells_what_connects_it(
    administrators: Client, request: pytest.FixtureRequest, kind: str, fixture: str
) -> None:
    known = told(request.getfixturevalue(fixture).address)
    assert administrators.post(add(kind), known | {"name": "Tried"}).status_code == 302
    assert Connection.objects.get().store.name == "Tried"
