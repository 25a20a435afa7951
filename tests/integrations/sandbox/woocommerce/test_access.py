"""Who is let in, and what a shop says about itself."""

import base64
from dataclasses import replace

import pytest

from integrations.sandbox.woocommerce import FULL, READER, WRITER
from tests.integrations.woocommerce.shops import ask

WEBHOOK = {"topic": "subscription.updated", "delivery_url": "http://127.0.0.1:9/x"}
IN_QUERY = f"consumer_key={FULL.consumer_key}&consumer_secret={FULL.consumer_secret}"


def refused(answer):
    return answer.status, answer.json["code"], answer.json["data"]["status"]


def test_a_key_lets_in_as_basic(shop):
    answer = ask(shop, "/subscriptions")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json; charset=UTF-8")


def test_a_key_lets_in_as_query_parameters(shop):
    assert ask(shop, f"/subscriptions?{IN_QUERY}", key=None).status == 200


def test_nobody_is_let_in_without_a_key(shop):
    assert refused(ask(shop, "/subscriptions", key=None)) == (401, "woocommerce_rest_cannot_view", 401)
    assert ask(shop, "/subscriptions", key=None).json["message"] == "Sorry, you cannot list resources."
    one = shop.ids()[0]
    assert ask(shop, f"/subscriptions/{one}", key=None).json["message"] == "Sorry, you cannot view this resource."


def test_an_unknown_key_is_nobody(shop):
    stranger = replace(FULL, consumer_key="ck_unknown")
    assert refused(ask(shop, "/orders", key=stranger)) == (401, "woocommerce_rest_cannot_view", 401)


@pytest.mark.parametrize("shown", ["Basic !!!", "Bearer x", "Basic", "", "Basic " + base64.b64encode(b"\xff").decode()])
def test_a_header_that_is_none_is_nobody(shop, shown):
    answer = ask(shop, "/orders", key=None, Authorization=shown)
    assert refused(answer) == (401, "woocommerce_rest_cannot_view", 401)


def test_a_wrong_secret_is_told_as_such_even_where_anybody_may_ask(shop):
    wrong = replace(FULL, consumer_secret="cs_wrong")
    for path in ("/orders", "/subscriptions/statuses"):
        answer = ask(shop, path, key=wrong)
        assert refused(answer) == (401, "woocommerce_rest_authentication_error", 401)
        assert answer.json["message"] == "Consumer secret is invalid."


def test_a_host_may_strip_the_header_and_then_only_the_query_works(shop):
    shop.faults.strips_authorization = True
    assert refused(ask(shop, "/subscriptions")) == (401, "woocommerce_rest_cannot_view", 401)
    assert ask(shop, f"/subscriptions?{IN_QUERY}", key=None).status == 200


def test_a_key_that_reads_may_not_write(shop):
    assert ask(shop, "/webhooks", key=READER).status == 200
    answer = ask(shop, "/webhooks", method="POST", key=READER, given=WEBHOOK)
    assert refused(answer) == (401, "woocommerce_rest_authentication_error", 401)
    assert answer.json["message"] == "The API key provided does not have write permissions."
    assert shop.counts()["webhook"] == 0


def test_a_key_that_writes_may_not_read(shop):
    assert ask(shop, "/webhooks", method="POST", key=WRITER, given=WEBHOOK).status == 201
    assert refused(ask(shop, "/webhooks", key=WRITER)) == (401, "woocommerce_rest_authentication_error", 401)


@pytest.mark.parametrize(
    ("lacks", "method", "path", "code"),
    [
        ("read_subscriptions", "GET", "/subscriptions", "woocommerce_rest_cannot_view"),
        ("read_system_status", "GET", "/system_status", "woocommerce_rest_cannot_view"),
        ("write_webhooks", "POST", "/webhooks", "woocommerce_rest_cannot_create"),
        ("write_webhooks", "PUT", "/webhooks/1", "woocommerce_rest_cannot_edit"),
        ("write_webhooks", "DELETE", "/webhooks/1", "woocommerce_rest_cannot_delete"),
    ],
)
def test_somebody_known_may_lack_a_permission(shop, lacks, method, path, code):
    shop.faults.forbidden = [lacks]
    assert refused(ask(shop, path, method=method)) == (403, code, 403)
    assert ask(shop, "/products").status == 200


def test_the_index_is_for_anybody_and_lists_the_namespaces(shop):
    index = ask(shop, "/wp-json/", key=None).json
    assert "wc/v3" in index["namespaces"]
    assert index["home"] == shop.address


def test_the_statuses_are_for_anybody_and_have_a_prefix(shop):
    statuses = ask(shop, "/subscriptions/statuses", key=None).json
    assert statuses["wc-active"] == "Active"
    assert list(statuses) == [
        *("wc-pending", "wc-active", "wc-on-hold", "wc-cancelled", "wc-switched", "wc-expired", "wc-pending-cancel")
    ]


def test_the_system_status_names_the_plugin_with_its_version(shop):
    status = ask(shop, "/system_status").json
    plugins = {one["plugin"]: one["version"] for one in status["active_plugins"]}
    assert plugins["woocommerce-subscriptions/woocommerce-subscriptions.php"] == "7.2.0"
    assert status["environment"]["home_url"] == shop.address
    assert (status["settings"]["currency"], status["settings"]["number_of_decimals"]) == ("EUR", 2)
    assert refused(ask(shop, "/system_status", key=None)) == (401, "woocommerce_rest_cannot_view", 401)


@pytest.mark.parametrize(("plugin", "listed"), [("", None), ("2.6.5", "2.6.5")])
def test_a_shop_without_a_plugin_that_is_new_enough_has_no_routes_for_subscriptions(shop, plugin, listed):
    shop.faults.plugin = plugin
    one = shop.ids()[0]
    for path in ("/subscriptions", f"/subscriptions/{one}", f"/subscriptions/{one}/orders", "/subscriptions/statuses"):
        assert refused(ask(shop, path)) == (404, "rest_no_route", 404)
    versions = {
        one["plugin"].partition("/")[0]: one["version"] for one in ask(shop, "/system_status").json["active_plugins"]
    }
    assert versions.get("woocommerce-subscriptions") == listed
    assert ask(shop, "/orders").status == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/teapots"), ("POST", "/products/1"), ("GET", "/subscriptions/x")]
)
def test_an_unknown_route_is_told_as_such(shop, method, path):
    assert refused(ask(shop, path, method=method)) == (404, "rest_no_route", 404)


def test_a_secret_in_the_query_is_not_kept_in_the_log_of_requests(shop):
    ask(shop, f"/subscriptions?{IN_QUERY}", key=None)
    assert list(shop.requests) == [("GET", "/wp-json/wc/v3/subscriptions")]
