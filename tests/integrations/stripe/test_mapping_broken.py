"""Whatever a store sends, a subscription is mapped, or told to be broken with the path of what is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.providers.stripe.mapping import record
from subscriptions.catalogue import STORED
from subscriptions.records import RecordError
from tests.integrations.stripe.documents import ABSENT, SHAPES, Document, changed, told
from tests.integrations.stripe.mapped import READING, mapped

ITEM = "items.data.0"
PRICE = f"{ITEM}.price"


@pytest.mark.parametrize(
    ("path", "value", "named_path"),
    [
        ("id", None, "store_recurring_payment_id"),
        ("id", 7, "store_recurring_payment_id"),
        ("id", "sub_\x00", "store_recurring_payment_id"),
        ("id", "s" * 256, "store_recurring_payment_id"),
        ("status", 1, "status"),
        ("currency", "euro", "currency"),
        ("created", "2026-01-01", "created"),
        ("created", 10**18, "created"),
        ("created", True, "created"),
        ("start_date", 1.5, "start_date"),
        ("items", [], "items"),
        ("items.data", {}, "items.data"),
        ("items.data", ["si_1"], "items.data"),
        (f"{ITEM}.quantity", "3", "quantity"),
        (f"{ITEM}.quantity", 10**12, "line_items[0].quantity"),
        (f"{PRICE}.unit_amount", 16.5, "unit_amount"),
        (f"{PRICE}.unit_amount", 10**30, "payment_amount"),
        (f"{PRICE}.unit_amount", 10**400, "payment_amount"),
        (f"{PRICE}.recurring", "month", "recurring"),
        ("customer.name", ["Ada"], "name"),
        ("customer.email", 5, "email"),
        ("customer.email", f"{'a' * 250}@x.example", "email"),
        ("customer.shipping", 1, "shipping"),
        ("latest_invoice.total", "58.30", "total"),
        ("latest_invoice.total_taxes", [1], "total_taxes"),
        ("latest_invoice.status_transitions", 0, "status_transitions"),
        ("default_payment_method", 4, "default_payment_method"),
        ("default_payment_method.card.exp_year", "2029", "exp_year"),
        ("description", "x" * 1001, "notes"),
    ],
)
def test_a_broken_value_is_told_with_its_path(path: str, value: Any, named_path: str) -> None:
    with pytest.raises(RecordError) as told_of:
        mapped({path: value})
    assert named_path in " ".join(told_of.value.errors)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity", "9e999999", "1e-999999", "twelve", "", "[]"])
def test_a_unit_price_that_is_no_amount_is_told_with_its_path(text: str) -> None:
    with pytest.raises(RecordError) as told_of:
        mapped({f"{PRICE}.unit_amount": None, f"{PRICE}.unit_amount_decimal": text})
    assert list(told_of.value.errors) == ["items.data.price.unit_amount_decimal"]


def paths(part: Any, above: tuple[str, ...] = ()) -> list[str]:
    """List every path inside a document."""
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    here = [".".join(above)] if above else []
    return here + [path for name, value in inside for path in paths(value, (*above, str(name)))]


ANYWHERE = {shape: paths(told(shape=shape)) for shape in SHAPES}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["", "\x00", "\ud800", "x" * 2000, "1e400", "sub_1", "canceled", "trialing", "2026-01-01"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "data", "amount", "address", "x"]), inner, max_size=3)
    ),
    max_leaves=4,
)


def broken_documents(shape: str) -> st.SearchStrategy[Document]:
    """Make the usual subscription with any JSON in place of up to two of its parts, or without them."""

    def put(document: Document, change: tuple[str, Any]) -> Document:
        try:
            return changed(document, {change[0]: change[1]})
        except (KeyError, IndexError, TypeError):  # the first change took the second one's place away
            return document

    change = st.tuples(st.sampled_from(ANYWHERE[shape]), JSON | st.just(ABSENT))
    return st.lists(change, min_size=1, max_size=2).map(
        lambda changes: put(put(told(shape=shape), changes[0]), changes[-1])
    )


@given(st.sampled_from(SHAPES).flatmap(broken_documents))
def test_whatever_comes_is_mapped_or_told_to_be_broken(document: Document) -> None:
    try:
        found = record(document, READING)
    except RecordError as error:
        assert error.errors
        assert all(isinstance(path, str) and reason for path, reason in error.errors.items())
    else:
        assert found.values.keys() <= STORED.keys()
