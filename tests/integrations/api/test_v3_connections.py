"""/api/3/connections as existing plugins call it."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.audit.models import Entry
from integrations.models import Connection
from subscriptions.models import Store
from tests.integrations.api.plugin import Plugin, row
from tests.integrations.contracts import made

ADDRESS = "/api/3/connections"
SHOP = {
    "service": "woo",
    "externalid": "toys.example.com",
    "name": "Toys",
    "logoUrl": "",
    "linkUrl": "https://toys.example.com",
}


def call(plugin: Plugin, method: str, path: str = "", connection: Any = None, **query: str) -> Any:
    """Call an address below the connections."""
    body = json.dumps({"connection": connection}) if connection is not None else ""
    client = plugin.client
    return client.generic(method, f"{ADDRESS}{path}", body, content_type="application/json", query_params=query)


def test_a_plugin_connects_its_shop_and_fills_it(account: Plugin) -> None:
    answer = call(account, "POST", connection=SHOP | {"listId": "1"})
    assert answer.status_code == 201
    told = answer.json()["connection"]
    assert {name: told[name] for name in SHOP} == SHOP
    assert (told["status"], told["syncStatus"], told["lastSync"], told["isInternal"]) == (1, 0, None, 0)
    assert account.outcomes(row(), query=f"?connection={told['id']}") == ["created"]
    assert call(account, "GET", f"/{told['id']}").json()["connection"] == told


def test_connections_are_listed_by_service_and_external_id(account: Plugin, plugin: Plugin, other: Plugin) -> None:
    made("stripe", "Stripe shop")
    everything = call(account, "GET").json()
    assert (everything["meta"], [one["name"] for one in everything["connections"]]) == (
        {"total": "2"},
        ["Shop", "Other shop"],
    )
    query = {"filters[service]": "woo", "filters[externalid]": "Other shop"}
    assert [one["name"] for one in call(account, "GET", **query).json()["connections"]] == ["Other shop"]
    assert call(account, "GET", **{"filters[service]": "x"}).json() == {"connections": [], "meta": {"total": "0"}}
    assert [one["name"] for one in call(plugin, "GET").json()["connections"]] == ["Shop"]


def test_a_list_of_many_takes_as_many_questions_as_a_list_of_one(account: Plugin, plugin: Plugin) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            call(account, "GET")
        return len(asked)

    call(account, "GET")
    of_one = questions()
    for external_id in "abc":
        call(account, "POST", connection=SHOP | {"externalid": external_id})
    assert questions() == of_one


def test_a_shop_is_connected_once(account: Plugin) -> None:
    call(account, "POST", connection=SHOP)
    answer = call(account, "POST", connection=SHOP | {"name": "Other"})
    assert (answer.status_code, Connection.objects.count()) == (422, 1)
    assert "connected already" in answer.json()["errors"][0]["message"]


def test_a_shop_that_connects_again_finds_its_payments_again(account: Plugin) -> None:
    first = call(account, "POST", connection=SHOP).json()["connection"]["id"]
    account.bulk(row(name="Coffee"), query=f"?connection={first}")
    assert call(account, "DELETE", f"/{first}").status_code == 200
    assert call(account, "GET", f"/{first}").status_code == 404
    again = call(account, "POST", connection=SHOP).json()["connection"]["id"]
    assert again == first
    assert account.ids() == ["sub_1"]


def test_two_shops_of_one_name_are_two(account: Plugin) -> None:
    for external_id in ("a", "b"):
        call(account, "POST", connection=SHOP | {"externalid": external_id})
    assert [*Store.objects.order_by("pk").values_list("name", flat=True)] == ["Toys", "Toys (b)"]


def test_what_is_given_is_changed_and_the_rest_is_kept(plugin: Plugin, other: Plugin) -> None:
    path = f"/{plugin.connection and plugin.connection.store_id}"
    told = call(plugin, "PUT", path, {"name": "New", "linkUrl": "https://new.example.com"}).json()["connection"]
    assert (told["name"], told["linkUrl"], told["externalid"]) == ("New", "https://new.example.com", "Shop")
    assert call(plugin, "PUT", path, {"externalid": "Other shop"}).status_code == 422
    assert call(other, "PUT", path, {"name": "Mine"}).status_code == 404


def test_only_what_changes_is_told_in_the_audit_log(plugin: Plugin) -> None:
    path = f"/{plugin.connection and plugin.connection.store_id}"
    for name in ("New", "New", "Newer"):
        assert call(plugin, "PUT", path, {"name": name}).status_code == 200
    assert Entry.objects.filter(action="connection.changed").count() == 2


@pytest.mark.parametrize(("method", "scopes", "is_account", "status"), [
    ("POST", ["read", "write"], False, 403),
    ("POST", ["read"], True, 403),
    ("POST", ["write"], True, 201),
    ("GET", ["write"], True, 403),
    ("GET", ["read"], False, 200),
])  # fmt: skip
def test_who_may_connect(shop_connection: Connection, method: str, scopes: Any, is_account: bool, status: int) -> None:
    plugin = Plugin(None if is_account else shop_connection, scopes=scopes)
    assert call(plugin, method, connection=SHOP).status_code == status


def test_only_the_account_cuts_a_shop_off(plugin: Plugin) -> None:
    assert call(plugin, "DELETE", f"/{plugin.connection and plugin.connection.store_id}").status_code == 403


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"service": ""}, "service is missing"),
        ({"externalid": None}, "externalid is missing"),
        ({"name": 7}, "name must be text"),
        ({"name": "Toys\a"}, "name contains a control character"),
        ({"name": "x" * 201}, "name is longer"),
        ({"linkUrl": "javascript:alert(1)"}, "linkUrl must be an http"),
        ({"logoUrl": "nowhere"}, "logoUrl must be an http"),
    ],
)
def test_what_cannot_be_connected_is_told_by_name(account: Plugin, change: Any, words: str) -> None:
    answer = call(account, "POST", connection=SHOP | change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"].startswith(words)
    assert not Store.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"connection": 1}'])
def test_a_body_that_says_nothing_is_refused(account: Plugin, body: str) -> None:
    answer = account.client.post(ADDRESS, body, content_type="application/json")
    assert (answer.status_code, "errors" in answer.json()) == (400, True)
