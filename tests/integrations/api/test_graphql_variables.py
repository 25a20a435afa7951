"""Records given as variables: whatever is wrong with one of them, the others are kept."""

from typing import Any

import pytest

from integrations.models import Batch
from tests.integrations.api.plugin import Plugin

LISTS = ("[RecurringPaymentInput]", "[RecurringPaymentInput!]!")


def sent(plugin: Plugin, *records: Any, of: str = LISTS[0]) -> Any:
    """Send records between good ones, and return the answer."""
    document = f"mutation ($rows: {of}) {{ bulkUpsertRecurringPayments(recurringPayments: $rows) {{ recordId }} }}"
    rows = [record(plugin, "first"), *records, record(plugin, "last")]
    return plugin.graphql(document, {"rows": rows}).json()


def record(plugin: Plugin, payment_id: Any, **values: Any) -> dict[str, Any]:
    """Return a record as a plugin sends it."""
    assert plugin.connection
    return {"legacyConnectionId": plugin.connection.store_id, "storeRecurringPaymentId": payment_id} | values


@pytest.mark.parametrize("of", LISTS)
@pytest.mark.parametrize(("values", "field", "words"), [
    ({"normalizedStatus": "FLUX"}, "normalizedStatus", "does not exist"),
    ({"normalizedStatus": "active"}, "normalizedStatus", "does not exist"),
    ({"billingInterval": "HOURLY"}, "billingInterval", "does not exist"),
    ({"lastPaymentStatus": 1}, "lastPaymentStatus", "cannot represent"),
    ({"billingIntervalCount": "1"}, "billingIntervalCount", "non-integer"),
    ({"totalCycles": 2**31}, "totalCycles", "32-bit"),
    ({"paymentAmount": {"much": 1}}, "paymentAmount", "BigDecimal cannot represent"),
    ({"isTrial": "true"}, "isTrial", "non boolean"),
    ({"name": 5}, "name", "non string"),
    ({"notes": ["a", 5]}, "notes[1]", "non string"),
    ({"shippingAddress": {"zip": "1"}}, "shippingAddress", "unknown field"),
    ({"customerData": {"smsMarketingState": "MAYBE"}}, "customerData.smsMarketingState", "does not exist"),
    ({"colour": "red"}, "", "unknown field"),
])  # fmt: skip
def test_what_is_not_of_its_type_is_that_records_error(
    plugin: Plugin, of: str, values: dict[str, Any], field: str, words: str
) -> None:
    told = sent(plugin, record(plugin, "bad", **values), of=of)
    assert told["data"]["bulkUpsertRecurringPayments"]["recordId"]
    assert [*told["errors"][0]["extensions"]] == ["1-storeRecurringPaymentId-bad"]
    [reason] = told["extensions"]["validationErrors"]
    assert (reason["index"], reason["id"], reason["field"], words in reason["message"]) == (1, "bad", field, True)
    assert Batch.objects.get().size == 2


def test_places_stay_those_of_the_list_that_was_sent(plugin: Plugin) -> None:
    typed = (record(plugin, "a", isTrial=1, name=2), 7, record(plugin, 9))
    told = sent(plugin, typed[0], record(plugin, "b", currency="EURO"), typed[1], record(plugin, "c"), typed[2])
    assert [*told["errors"][0]["extensions"]] == [
        *("1-storeRecurringPaymentId-a", "2-storeRecurringPaymentId-b"),
        *("3-storeRecurringPaymentId-", "5-storeRecurringPaymentId-"),
    ]
    assert {one["field"] for one in told["extensions"]["validationErrors"] if one["index"] == 1} == {"isTrial", "name"}
    assert Batch.objects.get().size == 3


def test_a_key_that_may_not_write_is_not_told_of_records(limited: Any) -> None:
    plugin = limited("read")
    told = sent(plugin, record(plugin, "bad", name=5))
    assert "lacks the scope" in told["errors"][0]["message"]
    assert (len(told["errors"]), Batch.objects.count()) == (1, 0)


def test_in_the_document_itself_a_wrong_type_is_no_document(plugin: Plugin) -> None:
    text = "{legacyConnectionId: 1, storeRecurringPaymentId: 5}"
    query = f"mutation {{ bulkUpsertRecurringPayments(recurringPayments: [{text}]) {{ recordId }} }}"
    told = plugin.graphql(query).json()
    assert (told["data"], "non string" in told["errors"][0]["message"]) == (None, True)
