"""Many rows at once: one outcome a row, in order, and a bad row sinks no other."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from integrations.models import Batch
from subscriptions.models import Change, RecurringPayment
from tests.integrations.api.plugin import Plugin, row

FULL = {
    "name": "Coffee, monthly",
    "email": "Ada@Example.com",
    "status": "active",
    "payment_amount": 49.90,
    "currency": "eur",
    "next_payment_date": "2026-12-01T00:00:00Z",
    "is_trial": False,
    "billing_interval": "monthly",
    "billing_interval_count": 1,
    "notes": ["leave at the door"],
    "line_items": [
        {"name": "Coffee", "sku": "C-1", "categories": ["Drinks"], "brands": [], "tags": ["hot"], "quantity": 2}
    ],
    "customer": {"first_name": "Ada", "last_name": "Lovelace", "phone": "1", "company": "Engines"},
}


def stored(payment_id: str = "sub_1") -> RecurringPayment:
    return RecurringPayment.objects.get(store_recurring_payment_id=payment_id)


def test_a_row_is_stored_with_its_items_and_its_contact(plugin: Plugin) -> None:
    answer = plugin.bulk(row(**FULL))
    assert answer.json() == {
        "outcomes": [{"index": 0, "id": "sub_1", "outcome": "created"}],
        "counts": {"created": 1, "updated": 0, "unchanged": 0, "stale": 0, "error": 0},
        "dryRun": False,
    }
    payment = stored()
    assert (payment.payment_amount, payment.currency) == (Decimal("49.9"), "EUR")
    assert payment.contact is not None
    assert (payment.contact.email, payment.contact.full_name) == ("Ada@Example.com", "Ada Lovelace")
    [item] = payment.line_items.all()
    assert (item.name, item.categories, item.tags, item.quantity) == ("Coffee", ["Drinks"], ["hot"], 2)
    change = Change.objects.get()
    assert (change.kind, change.source, change.announce) == ("created", "api", True)


def test_outcomes_come_in_order_one_a_row(plugin: Plugin) -> None:
    old, new = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
    plugin.outcomes(row("a", as_of=new), row("b", name="B", as_of=old), row("c", name="C", as_of=old))
    told = plugin.outcomes(
        row("a", name="late", as_of=old), {}, row("b", name="B"), row("c", name="Z"), row("d"), row("e", status="flux")
    )
    assert told == ["stale", "error", "unchanged", "updated", "created", "error"]


def test_an_absent_key_keeps_and_null_clears(plugin: Plugin) -> None:
    plugin.bulk(row(**FULL))
    assert plugin.outcomes(row(name=None, payment_amount=None, line_items=None)) == ["updated"]
    payment = stored()
    assert (payment.name, payment.payment_amount, payment.line_items.count()) == ("", None, 0)
    assert (payment.email, payment.notes) == ("Ada@Example.com", ["leave at the door"])


def test_of_two_rows_of_one_payment_the_newest_wins_wherever_it_stands(plugin: Plugin) -> None:
    newer = row(name="newer", as_of="2026-02-01T00:00:00Z")
    older = row(name="older", store_status="x", as_of="2026-01-01T00:00:00Z")
    assert plugin.outcomes(newer, older) == ["created", "created"]
    assert (stored().name, stored().store_status) == ("newer", "x")


@pytest.mark.parametrize(
    ("told", "as_of"),
    [
        (
            {"as_of": "2026-01-01T00:00:00Z", "store_modified_date": "2026-02-01T00:00:00Z"},
            datetime(2026, 1, 1, tzinfo=UTC),
        ),
        ({"store_modified_date": "2026-02-01T00:00:00+01:00"}, datetime(2026, 1, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_row_is_as_of_what_it_says_else_of_its_modification(plugin: Plugin, told: Any, as_of: datetime) -> None:
    plugin.bulk(row(**told))
    assert stored().as_of == as_of


def test_a_modification_in_the_future_does_not_freeze_a_payment(plugin: Plugin) -> None:
    plugin.bulk(row(name="first", store_modified_date="2990-01-01T00:00:00Z"))
    assert plugin.outcomes(row(name="second")) == ["updated"]


@pytest.mark.parametrize(
    ("values", "path", "reason"),
    [
        ({"teleported": 1}, "teleported", "is not a known field"),
        ({"legacy_connection_id": 7}, "legacy_connection_id", "is ours and cannot be set"),
        ({"line_item_name": ["A"]}, "line_item_name", "is ours and cannot be set"),
        ({"status": "flux"}, "status", "must be one of pending, active"),
        ({"status": ""}, "status", "must be one of pending, active"),
        ({"status": "ACTIVE"}, "status", "must be one of"),
        ({"currency": "EURO"}, "currency", "ISO 4217"),
        ({"currency": 978}, "currency", "ISO 4217"),
        ({"payment_amount": True}, "payment_amount", "must be an amount"),
        ({"payment_amount": 1e400}, "payment_amount", "not JSON"),
        ({"payment_amount": "1.00001"}, "payment_amount", "decimal places"),
        ({"payment_amount": 10**12}, "payment_amount", "too large"),
        ({"billing_interval_count": "1"}, "billing_interval_count", "whole number"),
        ({"billing_interval_count": 1.5}, "billing_interval_count", "must be a whole number, not 1.5"),
        ({"start_date": "2026-02-30T00:00:00Z"}, "start_date", "date and time with its zone"),
        ({"start_date": "2026-02-03"}, "start_date", "date and time with its zone"),
        ({"as_of": "2990-01-01T00:00:00Z"}, "as_of", "lies in the future"),
        ({"occurred_at": "yesterday"}, "occurred_at", "date and time with its zone"),
        ({"is_trial": "false"}, "is_trial", "true or false"),
        ({"name": "a\u0007"}, "name", "control character"),
        ({"name": "a\u0000"}, "name", "control character"),
        ({"name": "\ud800"}, "name", "control character"),
        ({"name": "x" * 1001}, "name", "longer than 1000"),
        ({"name": {"a": 1}}, "name", "must be text"),
        ({"notes": "late"}, "notes", "must be a list"),
        ({"notes": ["a\u001b"]}, "notes", "control character"),
        ({"notes": ["a"] * 1001}, "notes", "more than 1000"),
        ({"notes": [[[[["a"]]]]]}, "notes", "nested too deeply"),
        ({"line_items": {"name": "A"}}, "line_items", "list of objects"),
        ({"line_items": [{}] * 1001}, "line_items", "more than 1000"),
        ({"line_items": ["A"]}, "line_items[0]", "must be an object"),
        ({"line_items": [{}, {"colour": "red"}]}, "line_items[1].colour", "not a field of a line item"),
        ({"line_items": [{"amount": "much"}]}, "line_items[0].amount", "must be an amount"),
        ({"customer": "Ada"}, "customer", "must be an object"),
        ({"customer": {"age": 36}}, "customer.age", "not a field of a customer"),
        ({"customer": {"phone": 1}}, "customer.phone", "must be text"),
        ({"store_recurring_payment_id": None}, "store_recurring_payment_id", "is missing"),
        ({"store_recurring_payment_id": ""}, "store_recurring_payment_id", "is missing"),
        ({"store_recurring_payment_id": 7}, "store_recurring_payment_id", "must be text"),
    ],
)
def test_what_cannot_be_stored_is_that_rows_error_with_its_path(
    plugin: Plugin, values: Any, path: str, reason: str
) -> None:
    if reason == "not JSON":
        assert plugin.bulk(row(**values)).status_code == 400
        return
    errors = plugin.errors(row(**values))
    assert errors.keys() == {path}
    assert reason in errors[path]
    assert not RecurringPayment.objects.exists()


@pytest.mark.parametrize("bad", [None, 1, "sub_1", [], [[]], True])
def test_a_row_that_is_no_object_sinks_no_other(plugin: Plugin, bad: Any) -> None:
    assert plugin.outcomes(bad, row("a"), bad, row("b")) == ["error", "created", "error", "created"]


@pytest.mark.parametrize("depth", [4, 900, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b'["]",', b"]")])
def test_a_row_that_is_too_deep_sinks_no_other(plugin: Plugin, depth: int, opening: bytes, closing: bytes) -> None:
    deep = opening * depth + b"1" + closing * depth
    rows = b'{"store_recurring_payment_id": "a", "notes": %s}, {"store_recurring_payment_id": "b"}' % deep
    body = b'{"recurring_payments": [%s]}' % rows
    told = plugin.send("POST", "/recurring-payments/bulk", body).json()["outcomes"]
    assert [one["outcome"] for one in told] == ["error", "created"]
    assert told[0]["errors"] == [{"path": "notes", "reason": "is nested too deeply"}]


def test_all_that_is_wrong_with_a_row_is_told_at_once(plugin: Plugin) -> None:
    assert plugin.errors({"status": "flux", "currency": "?", "nonsense": 1, "as_of": "x"}).keys() == {
        *("status", "currency", "nonsense", "as_of", "store_recurring_payment_id")
    }


def test_reasons_are_english_whatever_the_plugin_speaks(plugin: Plugin) -> None:
    told = plugin.bulk(row(is_trial=1), Accept_Language="fr").json()["outcomes"][0]["errors"]
    assert told == [{"path": "is_trial", "reason": "must be true or false, not 1"}]


@pytest.mark.parametrize("number", [b"49.90", b"4.99e1", b'"49.90"'])
def test_amounts_are_exact(plugin: Plugin, number: bytes) -> None:
    plugin.send(
        "POST",
        "/recurring-payments/bulk",
        b'{"recurring_payments": [{"store_recurring_payment_id": "sub_1", "payment_amount": %s}]}' % number,
    )
    assert stored().payment_amount == Decimal("49.90")


@pytest.mark.parametrize("number", [b"1e999999999999999999999", b"9" * 5000, b"-1e99999"])
def test_an_endless_number_is_one_rows_error(plugin: Plugin, number: bytes) -> None:
    body = b'{"recurring_payments": [{"store_recurring_payment_id": "a", "payment_amount": %s}]}' % number
    [told] = plugin.send("POST", "/recurring-payments/bulk", body).json()["outcomes"]
    assert told["errors"][0]["path"] == "payment_amount"


# Trying without writing, and without starting anything


def test_a_dry_run_answers_what_would_happen_and_writes_nothing(plugin: Plugin) -> None:
    plugin.bulk(row("a", name="A"))
    answer = plugin.bulk(row("a", name="B"), row("b", email="b@example.com"), {}, query="?dryRun=true").json()
    assert [one["outcome"] for one in answer["outcomes"]] == ["updated", "created", "error"]
    assert answer["dryRun"] is True
    assert (stored("a").name, RecurringPayment.objects.count(), Change.objects.count()) == ("A", 1, 1)


@pytest.mark.parametrize(("query", "body"), [("?suppressAutomations=true", {}), ("", {"suppressAutomations": True})])
def test_automations_can_be_suppressed(plugin: Plugin, query: str, body: dict[str, Any]) -> None:
    plugin.send("POST", f"/recurring-payments/bulk{query}", {"recurring_payments": [row()]} | body)
    assert Change.objects.get().announce is False


@pytest.mark.parametrize(
    "query", ["?dryRun=yes", "?dryrun=true", "?suppressAutomations=1", "?a=b", "?dryRun=true&dryRun=false"]
)
def test_a_parameter_that_says_nothing_is_refused(plugin: Plugin, query: str) -> None:
    assert plugin.bulk(row(), query=query).status_code == 400
    assert not RecurringPayment.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"a"',
        b"\xff",
        b'{"recurring_payments": [NaN]}',
        b'{"recurring_payments": {}}',
        b'{"rows": []}',
        b"{}",
        b'{"recurring_payments": [], "suppressAutomations": "true"}',
        rb'{"recurring_payments": [], "\ud800": 1}',
        b"[" * 100_000,
        b'{"recurring_payments": [' + b'"a' * 100_000,
    ],
)
def test_a_body_that_says_nothing_is_refused_as_a_whole(plugin: Plugin, body: bytes) -> None:
    answer = plugin.send("POST", "/recurring-payments/bulk", body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert not Batch.objects.exists()


def test_no_rows_are_no_work(plugin: Plugin) -> None:
    assert plugin.outcomes() == []


def test_a_thousand_rows_are_answered_at_once(plugin: Plugin) -> None:
    told = plugin.outcomes(*(row(f"sub_{number}", name="Coffee") for number in range(1000)))
    assert told == ["created"] * 1000
    assert not Batch.objects.exists()


# Sizes


def test_a_body_without_its_length_is_refused(plugin: Plugin) -> None:
    answer = plugin.client.post(
        "/api/v1/recurring-payments/bulk", b"", content_type="application/json", HTTP_TRANSFER_ENCODING="chunked"
    )
    assert (answer.status_code, answer["Content-Type"]) == (411, "application/problem+json")


def test_reasons_of_a_batch_are_english_too(plugin: Plugin) -> None:
    batch = plugin.bulk(row(is_trial=1), *([row()] * 1000)).json()
    with translation.override("fr"):
        call_command("drain")
    told = plugin.get(f"/batches/{batch['id']}", limit=1).json()["outcomes"][0]["errors"]
    assert told == [{"path": "is_trial", "reason": "must be true or false, not 1"}]


def test_more_rows_than_fit_are_refused(plugin: Plugin) -> None:
    answer = plugin.bulk(*([None] * 50_001))
    assert (answer.status_code, Batch.objects.count()) == (413, 0)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(plugin: Plugin) -> None:
    class Unread:
        def read(self, *_: Any) -> bytes:
            raise AssertionError("it was read")

        readline = read

    answer = plugin.client.post(
        "/api/v1/recurring-payments/bulk",
        b"",
        content_type="application/json",
        **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(21 * 1024 * 1024)},
    )
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
