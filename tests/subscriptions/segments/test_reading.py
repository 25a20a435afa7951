"""What cannot be read is said with its path, all at once, and never fails in any other way."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.segments import reading
from subscriptions.segments.mistakes import SegmentError

pytestmark = pytest.mark.django_db


def errors(segment: Any, **options: Any) -> dict[str, str]:
    with pytest.raises(SegmentError) as caught:
        reading.read(segment, **options)
    return caught.value.errors


def amount(value: Any, op: str = "equals") -> dict[str, Any]:
    return {"recurring_payment": {"field": "payment_amount", "op": op, "value": value}}


def leaf(name: str, op: str, value: Any) -> dict[str, Any]:
    return {"recurring_payment": {"field": name, "op": op, "value": value}}


@pytest.mark.parametrize(
    ("segment", "path", "words"),
    [
        (None, "", "must be an object"),
        ([], "", "must be an object"),
        ({}, "", "must have exactly one of"),
        ({"all": [], "any": []}, "", "must have exactly one of"),
        ({"all": {}}, "all", "must be a list"),
        ({"all": [{"any": []}]}, "all[0].any", "empty group"),
        ({"all": [], "limit": 3}, "limit", "is not known here"),
        ({"not": []}, "not", "must be an object"),
        ({"field": "status", "op": "is", "value": "paused"}, "field", "must stand inside one"),
        ({"recurring_payment": {"tag": "vip", "op": "has"}}, "recurring_payment.tag", "stands inside one"),
        ({"recurring_payment": {"recurring_payment": {"all": []}}}, "recurring_payment", "inside a recurring payment"),
        ({"recurring_payment": {"all": []}, "match": "some"}, "match", "must be one of: any, none"),
        ({"recurring_payment": {"all": []}, "match": "at_least"}, "match", "must be one of"),
        ({"recurring_payment": {"all": []}, "match": {"any": 1}}, "match", "must be one of"),
        ({"recurring_payment": {"all": []}, "match": {"at_least": -1}}, "match.at_least", "not negative"),
        ({"recurring_payment": {"all": []}, "match": {"at_least": True}}, "match.at_least", "not negative"),
        ({"recurring_payment": {"all": []}, "match": "this"}, "match", "no recurring payment has started this"),
        ({"contact": "password", "op": "is", "value": "x"}, "contact", "no such field: password"),
        ({"contact": ["email"], "op": "is", "value": "x"}, "contact", "no such field"),
        ({"contact": "email", "op": "like", "value": "x"}, "op", "must be one of: is, is_not"),
        ({"contact": "email", "op": ["is"], "value": "x"}, "op", "must be one of"),
        ({"contact": "email", "op": "is"}, "value", "must be text"),
        ({"contact": "email", "op": "is", "value": "  "}, "value", "must not be blank"),
        ({"contact": "email", "op": "is", "value": "a\x00"}, "value", "cannot be stored"),
        ({"contact": "email", "op": "is", "value": "\ud800"}, "value", "cannot be stored"),
        ({"contact": "email", "op": "is_any_of", "value": []}, "value", "at least one value"),
        ({"contact": "email", "op": "is_any_of", "value": ["x"] * 501}, "value", "not have more than 500"),
        ({"contact": "email", "op": "is_empty", "value": "x"}, "value", "is not needed here"),
        ({"tag": "", "op": "has"}, "tag", "must name a tag"),
        ({"tag": 7, "op": "has"}, "tag", "must be text"),
        ({"tag": "vip", "op": "has", "value": "x"}, "value", "is not known here"),
        ({"list": 4711, "op": "subscribed"}, "list", "no such list: 4711"),
        ({"list": "4711", "op": "subscribed"}, "list", "must be a whole number"),
        ({"segment": 4711, "op": "in"}, "segment", "no such segment: 4711"),
        ({"segment": "4711", "op": "in"}, "segment", "must be a whole number"),
        ({"segment": 4711, "op": "has"}, "op", "must be one of: in, not_in"),
        (amount("much"), "recurring_payment.value", "must be an amount"),
        (amount(True), "recurring_payment.value", "must be an amount"),
        (amount(float("nan")), "recurring_payment.value", "must be an amount"),
        (amount("1e999999"), "recurring_payment.value", "too large"),
        (amount(["5", "1"], "between"), "recurring_payment.value", "smaller value first"),
        (amount("5", "between"), "recurring_payment.value", "from and to"),
        (leaf("status", "is", "sleeping"), "recurring_payment.value", "must be one of pending"),
        (leaf("status", "is", ""), "recurring_payment.value", "must not be blank"),
        (leaf("is_trial", "is", "yes"), "recurring_payment.value", "must be true or false"),
        (leaf("total_cycles", "equals", 1.5), "recurring_payment.value", "must be a whole number"),
        (leaf("start_date", "is_on", "2026-02-30"), "recurring_payment.value", "must be a day"),
        (leaf("start_date", "is_on", "0001-01-01"), "recurring_payment.value", "between the years"),
        (leaf("start_date", "is_on", "9999-12-31"), "recurring_payment.value", "between the years"),
        (leaf("start_date", "in_the_last", 7), "recurring_payment.value", "must say how long"),
        (leaf("start_date", "in_the_last", {"n": 0, "unit": "days"}), "recurring_payment.value", "from 1 to 36500"),
        (leaf("start_date", "in_the_last", {"n": 1, "unit": "years"}), "recurring_payment.value", "one of these units"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(segment: Any, path: str, words: str) -> None:
    assert words in errors(segment)[path]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = {"all": [{"tag": "", "op": "has"}, amount("much"), {"contact": "email", "op": "is", "value": "fine"}]}
    assert set(errors(wrong)) == {"all[0].tag", "all[1].recurring_payment.value"}


def test_a_segment_is_neither_deep_nor_long_nor_large() -> None:
    def nested(levels: int) -> Any:
        return {"contact": "email", "op": "is_empty"} if levels == 0 else {"not": nested(levels - 1)}

    reading.read(nested(8))
    assert "deeper than 8 levels" in errors(nested(9))["not.not.not.not.not.not.not.not"]
    assert "deeper than 8 levels" in next(iter(errors(nested(300)).values()))
    one = {"contact": "email", "op": "is_empty"}
    reading.read({"all": [one] * 200})
    assert errors({"all": [one] * 201}) == {"": "A segment must not have more than 200 conditions."}
    long = {"contact": "email", "op": "is_any_of", "value": ["x" * 900 + str(number) for number in range(80)]}
    assert errors(long) == {"": "A segment must not be larger than 64 KB."}


@pytest.mark.parametrize("text", ["", "{", b"\xff", "[" * 100_000, '{"all": [' * 5_000, "\ud800", "NaN"])
def test_a_text_that_is_no_segment_is_refused(text: Any) -> None:
    with pytest.raises(SegmentError):
        reading.read_text(text)


def test_a_text_is_read_as_its_json_is() -> None:
    segment = {"not": {"contact": "email", "op": "is", "value": "é"}}
    assert reading.write(reading.read_text(json.dumps(segment).encode())) == segment


def test_a_trigger_begins_inside_a_payment() -> None:
    reading.read({"field": "status", "op": "is", "value": "paused"}, inside_payment=True)
    assert "inside a recurring payment already" in errors({"recurring_payment": {"all": []}}, inside_payment=True)[""]
    reading.read({"recurring_payment": {"all": []}, "match": "this"}, has_this=True)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["all", "any", "not", "field", "contact", "tag", "list", "op", "value", "match"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(data=_json)
def test_anything_else_is_refused_in_words(data: Any) -> None:
    try:
        reading.read(data)
    except SegmentError as error:
        assert all(isinstance(words, str) and words for words in error.errors.values())
