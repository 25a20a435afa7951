"""GraphQL as existing plugins speak it."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client
from graphql import get_introspection_query

from integrations.models import Batch
from subscriptions.catalogue import FIELDS
from subscriptions.models import Change, RecurringPayment
from tests.integrations.api.plugin import GRAPHQL, Plugin, row

UPSERT = """
mutation upsert($rows: [RecurringPaymentInput]) {
  bulkUpsertRecurringPayments(recurringPayments: $rows) { recordId }
}
"""
SEARCH = """
query search($filter: RecurringPaymentFilter) {
  searchRecurringPayment(filter: $filter) { storeRecurringPaymentId }
}
"""
RECORD = {
    "storeRecurringPaymentId": "sub_1",
    "name": "Coffee",
    "email": "ada@example.com",
    "normalizedStatus": "ACTIVE",
    "lastPaymentStatus": "PARTIALLY_REFUNDED",
    "billingInterval": "MONTHLY",
    "billingIntervalCount": 1,
    "paymentAmount": 49.9,
    "currency": "usd",
    "isTrial": False,
    "nextPaymentDate": "2026-12-01T10:48:23Z",
    "notes": ["ring twice"],
    "lineItemNames": ["Coffee", "Tea"],
    "lineItemSkus": ["C-1"],
    "lineItemCategories": ["Drinks", "Leaves", "Hot"],
    "shippingAddress": {"firstName": "Ada", "city": "London", "country": "GB"},
    "customerData": {
        "firstName": "Ada",
        "lastName": "Lovelace",
        "acceptsMarketing": True,
        "smsMarketingState": "SUBSCRIBED",
    },
}


def record(plugin: Plugin, **changes: Any) -> dict[str, Any]:
    """Return a record as a plugin sends it."""
    connection = plugin.connection
    assert connection
    return RECORD | {"legacyConnectionId": connection.store_id} | changes


def upserted(plugin: Plugin, *records: Any) -> dict[str, Any]:
    """Send records, work them off, and return the answer."""
    answer = plugin.graphql(UPSERT, {"rows": records})
    assert answer.status_code == 200, answer.content
    call_command("drain")
    told: dict[str, Any] = answer.json()
    return told


def found(plugin: Plugin, **wanted: Any) -> list[str]:
    """Search, and return the ids."""
    answer = plugin.graphql(SEARCH, {"filter": wanted}).json()
    assert "errors" not in answer, answer
    return [row["storeRecurringPaymentId"] for row in answer["data"]["searchRecurringPayment"]]


def errors(plugin: Plugin, query: str, variables: Any = None) -> str:
    """Ask what is refused, and return the words."""
    answer = plugin.graphql(query, variables)
    assert answer.status_code == 200
    told = answer.json()
    assert not any((told["data"] or {}).values())
    return "; ".join(error["message"] for error in told["errors"])


def test_a_record_becomes_a_batch_and_then_a_payment(plugin: Plugin) -> None:
    answer = plugin.graphql(UPSERT, {"rows": [record(plugin)]}).json()
    batch = Batch.objects.get(pk=UUID(answer["data"]["bulkUpsertRecurringPayments"]["recordId"]))
    assert (batch.state, batch.size, RecurringPayment.objects.count()) == ("waiting", 1, 0)
    call_command("drain")
    payment = RecurringPayment.objects.get()
    assert (payment.status, payment.last_payment_status, payment.billing_interval) == (
        *("active", "partially_refunded", "monthly"),
    )
    assert (payment.payment_amount, payment.currency, payment.shipping_city) == (Decimal("49.9"), "USD", "London")
    assert payment.next_payment_date == datetime(2026, 12, 1, 10, 48, 23, tzinfo=UTC)
    assert payment.contact is not None
    assert payment.contact.full_name == "Ada Lovelace"
    assert Change.objects.get().announce is True


def test_line_items_go_position_by_position_and_come_back_as_they_were(plugin: Plugin) -> None:
    upserted(plugin, record(plugin))
    items = RecurringPayment.objects.get().line_items.values_list("name", "sku", "categories")
    assert list(items) == [("Coffee", "C-1", ["Drinks"]), ("Tea", "", ["Leaves", "Hot"])]
    told = plugin.graphql("{ searchRecurringPayment { lineItemNames lineItemSkus lineItemCategories } }").json()
    assert told["data"]["searchRecurringPayment"] == [
        {"lineItemNames": ["Coffee", "Tea"], "lineItemSkus": ["C-1"], "lineItemCategories": ["Drinks", "Leaves", "Hot"]}
    ]


@pytest.mark.parametrize(
    ("lists", "items"),
    [
        ({"lineItemTags": ["a", "b"]}, [("", ["a", "b"])]),
        ({"lineItemNames": []}, []),
        ({"lineItemNames": None}, []),
        ({"lineItemNames": ["A", None, "C"], "lineItemTags": ["a", None, "c"]}, [("A", ["a"]), ("", []), ("C", ["c"])]),
        ({"lineItemNames": ["A"], "lineItemSkus": ["1", "2"], "lineItemTags": []}, [("A", []), ("", [])]),
    ],
)
def test_lists_of_other_lengths(plugin: Plugin, lists: dict[str, Any], items: list[Any]) -> None:
    connection = plugin.connection
    assert connection
    upserted(plugin, {"legacyConnectionId": connection.store_id, "storeRecurringPaymentId": "a"} | lists)
    assert list(RecurringPayment.objects.get().line_items.values_list("name", "tags")) == items


def test_an_absent_field_keeps_and_null_clears_also_whole_addresses(plugin: Plugin) -> None:
    upserted(plugin, record(plugin))
    changes = {name: record(plugin)[name] for name in ("legacyConnectionId", "storeRecurringPaymentId")}
    upserted(plugin, changes | {"shippingAddress": {"city": "Paris"}, "name": None})
    payment = RecurringPayment.objects.get()
    assert (payment.shipping_city, payment.shipping_country, payment.name, payment.notes) == (
        *("Paris", "GB", ""),
        ["ring twice"],
    )
    upserted(plugin, changes | {"shippingAddress": None})
    payment.refresh_from_db()
    assert (payment.shipping_city, payment.shipping_country, payment.line_items.count()) == ("", "", 2)


def test_automations_are_suppressed_record_by_record(plugin: Plugin) -> None:
    quiet = record(plugin, storeRecurringPaymentId="quiet", suppressAutomations=True)
    upserted(plugin, record(plugin), quiet, record(plugin, storeRecurringPaymentId="loud"))
    told = dict(Change.objects.values_list("payment__store_recurring_payment_id", "announce"))
    assert told == {"sub_1": True, "quiet": False, "loud": True}


def test_refused_records_are_told_as_plugins_read_them_and_the_others_are_kept(plugin: Plugin) -> None:
    bad = record(plugin, storeRecurringPaymentId="bad", currency="EURO", paymentAmount="much")
    foreign = record(plugin, storeRecurringPaymentId="foreign", legacyConnectionId=999)
    told = upserted(plugin, bad, record(plugin), foreign, {"storeRecurringPaymentId": "none"}, None)
    assert told["data"]["bulkUpsertRecurringPayments"]["recordId"]
    [error] = told["errors"]
    assert error["message"] == "Validation errors"
    assert [key.split("-")[2] for key in error["extensions"]] == ["bad", "foreign", "none", ""]
    assert (
        error["extensions"]["0-storeRecurringPaymentId-bad"]
        == ("currency: must be an ISO 4217 code such as EUR; paymentAmount: must be an amount, not 'much'")
        or "paymentAmount: must be an amount" in error["extensions"]["0-storeRecurringPaymentId-bad"]
    )
    listed = {(one["index"], one["id"], one["field"]) for one in told["extensions"]["validationErrors"]}
    assert listed == {
        (0, "bad", "currency"),
        (0, "bad", "paymentAmount"),
        (2, "foreign", "legacyConnectionId"),
        (3, "none", "legacyConnectionId"),
        (4, "", ""),
    }
    assert [*RecurringPayment.objects.values_list("store_recurring_payment_id", flat=True)] == ["sub_1"]


def test_where_all_is_refused_there_is_no_batch(plugin: Plugin) -> None:
    told = upserted(plugin, {"storeRecurringPaymentId": "a"})
    assert (told["data"]["bulkUpsertRecurringPayments"], Batch.objects.count()) == (None, 0)


def test_a_record_in_the_document_itself_is_read_too(plugin: Plugin) -> None:
    connection = plugin.connection
    assert connection
    query = """mutation { bulkUpsertRecurringPayments(recurringPayments: [{legacyConnectionId: %d,
      storeRecurringPaymentId: "a", normalizedStatus: PAUSED, paymentAmount: 10.10, totalCycles: 0}]) { recordId } }"""
    assert "errors" not in plugin.graphql(query % connection.store_id).json()
    call_command("drain")
    payment = RecurringPayment.objects.get()
    assert (payment.status, payment.payment_amount, payment.total_cycles) == ("paused", Decimal("10.1"), 0)


def test_a_key_of_the_account_writes_to_several_connections(account: Plugin, plugin: Plugin, other: Plugin) -> None:
    told = upserted(account, record(plugin), record(other))
    assert "errors" not in told
    assert RecurringPayment.objects.values("store").distinct().count() == 2
    assert (found(plugin), found(other), found(account)) == (["sub_1"], ["sub_1"], ["sub_1"] * 2)


# Searching


@pytest.fixture
def filled(plugin: Plugin) -> Plugin:
    """A plugin whose shop has three payments."""
    upserted(
        plugin,
        record(plugin, storeRecurringPaymentId="a", paymentAmount=10, isTrial=True),
        record(plugin, storeRecurringPaymentId="b", name="Tea", paymentAmount=20, normalizedStatus="PAUSED"),
        record(plugin, storeRecurringPaymentId="c", paymentAmount=None, lineItemTags=["x"], nextPaymentDate=None),
    )
    return plugin


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, "abc"),
        ({"name": {"value": "Tea"}}, "b"),
        ({"name": {"value": "offe", "filterOperator": "CONTAINS"}}, "ac"),
        ({"paymentAmount": {"value": 10}}, "a"),
        ({"paymentAmount": {"value": "15.5", "filterOperator": "LT"}}, "a"),
        ({"paymentAmount": {"value": 20, "filterOperator": "GTE"}}, "b"),
        ({"paymentAmount": {"sort": "DESC"}}, "bac"),
        ({"name": {"sort": "DESC"}, "paymentAmount": {"sort": "ASC"}}, "bac"),
        ({"normalizedStatus": {"value": "PAUSED", "filterOperator": "EQ"}}, "b"),
        ({"isTrial": {"value": True}}, "a"),
        ({"currency": {"value": "usd"}}, "abc"),
        ({"billingIntervalCount": {"value": 1, "filterOperator": "LTE"}}, "abc"),
        ({"nextPaymentDate": {"value": "2026-12-01T10:48:23Z"}}, "ab"),
        ({"nextPaymentDate": {"value": "2026-12-01T10", "filterOperator": "CONTAINS"}}, "ab"),
        ({"nextPaymentDate": {"value": "2026-12-01T00:00:00Z", "filterOperator": "GT"}}, "ab"),
        ({"nextPaymentDate": {"value": "2026-12-01T00:00:00Z", "filterOperator": "LT"}}, ""),
        ({"notes": {"value": ["nothing", "ring twice"], "filterOperator": "IN"}}, "abc"),
        ({"notes": {"value": ["ring"]}}, ""),
        ({"lineItemNames": {"value": ["Tea"]}}, "abc"),
        ({"lineItemTags": {"value": ["x"]}}, "c"),
        ({"shippingAddress": {"city": {"value": "lond", "filterOperator": "CONTAINS"}}}, "abc"),
        ({"shippingAddress": {"city": {"value": "Paris"}}}, ""),
        ({"name": {"value": "Coffee"}, "isTrial": {"value": True}}, "a"),
        ({"pagination": {"offset": 1, "limit": 1}}, "b"),
        ({"storeRecurringPaymentId": {"value": "%", "filterOperator": "CONTAINS"}}, ""),
    ],
)
def test_what_is_given_holds_at_once(filled: Plugin, wanted: Any, ids: str) -> None:
    assert "".join(found(filled, **wanted)) == ids


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"pagination": {"limit": 0}}, "limit from 1 to 100"),
        ({"pagination": {"limit": 101}}, "limit from 1 to 100"),
        ({"pagination": {"offset": -1}}, "at least 0"),
        ({"startDate": {"value": "soon"}}, "startDate must be a date"),
        ({"name": {"value": "a", "filterOperator": "LT"}}, "does not exist"),
        ({"nonsense": {"value": "a"}}, "nonsense"),
        ({"notes": {"value": ["a"] * 101}}, "more than 100"),
    ],
)
def test_a_filter_that_says_nothing_is_refused(plugin: Plugin, wanted: Any, words: str) -> None:
    assert words in errors(plugin, SEARCH, {"filter": wanted})


def test_every_field_of_the_catalogue_is_there_out_in_and_as_a_filter(plugin: Plugin) -> None:
    types = {one["name"]: one for one in plugin.graphql(get_introspection_query()).json()["data"]["__schema"]["types"]}
    names = {field.api_name.partition(".")[0] for field in FIELDS}
    assert {one["name"] for one in types["RecurringPayment"]["fields"]} == names
    extra = {"RecurringPaymentInput": {"customerData", "suppressAutomations"}, "RecurringPaymentFilter": {"pagination"}}
    for name, more in extra.items():
        assert {one["name"] for one in types[name]["inputFields"]} == names | more
    everything = " ".join(
        f"{field.api_name.replace('.', ' { ')}{' }' if '.' in field.api_name else ''}" for field in FIELDS
    )
    assert "errors" not in plugin.graphql(f"{{ searchRecurringPayment {{ {everything} }} }}").json()


def test_another_shops_records_are_not_found(filled: Plugin, other: Plugin) -> None:
    assert found(other) == []


# Who may, and what it may cost


@pytest.mark.parametrize("headers", [{}, {"Api-Token": "wrong"}, {"Api-Token": "rit_00000000_x"}])
def test_a_wrong_key_is_forbidden(db: None, headers: dict[str, str]) -> None:
    body = json.dumps({"query": "{ __typename }"})
    answer = Client(headers=headers).post(GRAPHQL, body, content_type="application/json")
    assert answer.status_code == 403
    assert answer.json()["errors"]


@pytest.mark.parametrize(("scope", "query"), [("write", SEARCH), ("read", UPSERT)])
def test_a_field_needs_its_scope(limited: Any, scope: str, query: str) -> None:
    assert "lacks the scope" in errors(limited(scope), query)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("{", "Syntax Error"),
        ("{ nothing }", "Cannot query field"),
        ("{ " + "a: __typename " * 6000 + "}", "More than 15000 grammar tokens"),
        ("{ " + "__typename " * 501 + "}", "More than 500 fields"),
        ("{ " + " ".join(f"a{n}: searchRecurringPayment {{ name }}" for n in range(6)) + "}", "More than 5 fields"),
        ("{ a" * 7000, "nested too deeply"),
        ("{ a" * 20 + "}" * 20, "levels deep"),
        ("query a { __typename } " * 11, "operations"),
        ("query ($a: Int = " + "[" * 2000 + "]" * 2000 + ") { __typename }", ""),
    ],
)
def test_a_document_that_costs_too_much_is_refused(plugin: Plugin, query: str, words: str) -> None:
    assert words in errors(plugin, query)


def test_fragments_that_multiply_are_counted_as_they_would_be_executed(plugin: Plugin) -> None:
    fragments = " ".join(
        f"fragment f{n} on RecurringPayment {{ ...f{n + 1} ...f{n + 1} ...f{n + 1} }}" for n in range(8)
    )
    query = f"{{ searchRecurringPayment {{ ...f0 }} }} {fragments} fragment f8 on RecurringPayment {{ name }}"
    assert "would be executed" in errors(plugin, query)


def test_variables_have_no_limit_of_tokens(plugin: Plugin) -> None:
    records = [record(plugin, storeRecurringPaymentId=f"sub_{number}") for number in range(1200)]
    answer = plugin.graphql(UPSERT, {"rows": records}).json()
    assert "errors" not in answer
    assert Batch.objects.get().size == 1200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'[{"query": "{ __typename }"}]', b'{"query": 1}', b'{"query": "{a}", "variables": [1]}'],
)
def test_a_body_that_is_no_request_is_refused(plugin: Plugin, body: bytes) -> None:
    answer = Client(headers={"Api-Token": plugin.secret}).post(GRAPHQL, body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")


def test_no_variables_are_none_however_php_writes_them(plugin: Plugin) -> None:
    for variables in ({}, [], None):
        assert plugin.graphql("{ __typename }", variables).json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("change", [{"normalizedStatus": "\ud800"}, {"\ud800": 1}])
def test_half_a_character_is_told_without_it(plugin: Plugin, change: Any) -> None:
    answer = plugin.graphql(UPSERT, {"rows": [record(plugin) | change]})
    assert (answer.status_code, "\ud800" in answer.json()["errors"][0]["message"]) == (200, False)


@pytest.mark.parametrize("date", ["0002-01-01T00:00:00Z", "2019-11-16T10:48:23Z", "9998-12-31T23:59:59Z"])
def test_dates_come_back_in_the_form_in_which_they_were_sent(plugin: Plugin, date: str) -> None:
    plugin.bulk(row("sub_1", start_date=date))
    assert plugin.graphql("{ searchRecurringPayment { startDate } }").json()["data"] == {
        "searchRecurringPayment": [{"startDate": date}]
    }


def test_more_records_than_fit_or_none_are_refused(plugin: Plugin) -> None:
    for records in ([], None, [{}] * 10_001):
        assert "1 to 10000 records" in errors(plugin, UPSERT, {"rows": records})
    assert not Batch.objects.exists()


def test_it_tells_what_is_left_of_the_allowance(plugin: Plugin) -> None:
    answer = plugin.graphql("{ __typename }")
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert (answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == ("600", "599")


def test_a_fault_of_ours_is_told_in_no_more_words(plugin: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the password is sesame")

    monkeypatch.setattr("integrations.api.batches.accept", fail)
    told = plugin.graphql(UPSERT, {"rows": [record(plugin)]}).json()
    assert [error["message"] for error in told["errors"]] == ["Something went wrong on our side."]
