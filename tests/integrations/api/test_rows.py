"""Laws of reading rows: whatever comes is read or refused, and what is told is what is read."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from config.api import reading_json
from integrations.api import rows
from integrations.api.graphql import rows as graphql_rows
from subscriptions.catalogue import OF_ITEMS, STORED
from subscriptions.kinds import AMOUNT, CHOICE, DATE, FLAG, INTEGER, TEXT, TEXT_LIST
from subscriptions.records import IDENTITY, Record, RecordError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
CLEAN = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=50)
OF_KIND = {
    TEXT: CLEAN,
    AMOUNT: st.decimals(min_value=-(10**10), max_value=10**10, places=4),
    INTEGER: st.integers(-(2**31) + 1, 2**31 - 1),
    DATE: st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)),
    FLAG: st.booleans(),
    TEXT_LIST: st.lists(CLEAN, max_size=3),
}
NARROW = {IDENTITY: CLEAN.filter(bool), "currency": st.sampled_from(["EUR", "USD", "KWD"])}


def values_of(name: str) -> st.SearchStrategy[Any]:
    field = STORED[name]
    if field.kind is CHOICE:
        return st.sampled_from(list(field.choices))
    own = NARROW.get(name, OF_KIND.get(field.kind))
    assert own is not None
    return own.filter(lambda text: len(text) <= field.limit) if field.kind is TEXT else own


VALUES = st.fixed_dictionaries(
    {IDENTITY: values_of(IDENTITY)},
    optional={name: values_of(name) for name in STORED if name != IDENTITY},
)


def read(row: Any) -> Record | RecordError:
    try:
        return rows.read(row, now=NOW)
    except RecordError as error:
        return error


@given(JSON | st.dictionaries(st.sampled_from(sorted(rows.KEYS)), JSON))
@example({"customer": {"phone": "\ud800"}, "line_items": [{"tags": ["\ud800"]}]})
@example({"\ud800": 1, "\0": 2})
def test_whatever_comes_is_read_or_refused_with_reasons(row: Any) -> None:
    told = read(row)
    if isinstance(told, RecordError):
        assert told.errors
        json.dumps(told.errors).encode()
        "".join((*told.errors, *told.errors.values())).encode()


@given(VALUES)
def test_what_is_told_is_what_is_read(values: dict[str, Any]) -> None:
    row = {name: STORED[name].kind.dump(value) for name, value in values.items()}
    told = read(json.loads(json.dumps(row)))
    assert isinstance(told, Record), told
    assert told.values == values
    assert told.as_of == min(values.get("store_modified_date") or NOW, NOW)


@given(VALUES)
def test_absent_names_stay_absent_and_nulls_clear(values: dict[str, Any]) -> None:
    told = read(dict.fromkeys(values) | {IDENTITY: values[IDENTITY]})
    assert isinstance(told, Record)
    assert told.values.keys() == values.keys()
    assert all(told.values[name] in ("", None, [], "pending") for name in values if name != IDENTITY)


@given(VALUES, st.sampled_from(sorted(STORED)), JSON.filter(lambda value: isinstance(value, dict)))
def test_one_wrong_value_is_named_and_nothing_else(values: dict[str, Any], name: str, wrong: Any) -> None:
    row = {one: STORED[one].kind.dump(value) for one, value in values.items()} | {name: wrong}
    told = read(row)
    assert isinstance(told, RecordError)
    assert told.errors.keys() == {name}


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12))
def test_a_number_means_the_same_after_it_was_kept(number: Decimal) -> None:
    body = json.dumps({"payment_amount": 0}).replace("0", f"{number:f}").encode()
    once = reading_json.read(body)
    again = reading_json.read_kept(reading_json.keep(once))
    first, second = (read(row | {IDENTITY: "a"}) for row in (once, again))
    assert isinstance(first, Record) == isinstance(second, Record)
    if isinstance(first, Record) and isinstance(second, Record):
        assert first.values == second.values


@given(JSON)
def test_json_is_read_as_json_has_it(value: Any) -> None:
    assert reading_json.read_kept(reading_json.keep(reading_json.read(json.dumps(value).encode()))) == json.loads(
        json.dumps(value), parse_float=Decimal
    )


@given(st.binary(max_size=60))
def test_whatever_bytes_come_are_json_or_not(body: bytes) -> None:
    try:
        reading_json.read(body)
    except reading_json.NotJson as error:
        assert str(error)


LISTS = st.dictionaries(
    st.sampled_from([field.api_name for field in OF_ITEMS.values()]),
    st.lists(CLEAN.filter(lambda text: bool(text.strip())), max_size=4),
    min_size=1,
)


@given(LISTS)
def test_line_items_come_back_as_the_lists_that_were_sent(lists: dict[str, list[str]]) -> None:
    told = read(graphql_rows.row({"storeRecurringPaymentId": "a"} | lists))
    assert isinstance(told, Record)
    assert told.items is not None
    back = {field.api_name: field.value_of_items(told.items) for field in OF_ITEMS.values()}
    assert {name: back[name] for name in lists} == {name: list(dict.fromkeys(texts)) for name, texts in lists.items()}
