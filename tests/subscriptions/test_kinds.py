"""What a field can be: taken in strictly, written out and read back without loss, refused in words."""

import json
import string
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.catalogue import FIELDS
from subscriptions.kinds import AMOUNT, CHOICE, DATE, FLAG, INTEGER, TEXT, TEXT_LIST
from tests.subscriptions.anything import SENT

COLOURS = ("red", "green")
KINDS = {field.kind.name: field.kind for field in FIELDS}
LIMITS = {"text": 20, "text_list": 20, "choice": COLOURS}

sent = st.sampled_from(sorted(KINDS)).flatmap(
    lambda name: st.tuples(st.just(KINDS[name]), SENT[name](LIMITS.get(name)))
)


def _parsed(kind, value):
    return kind.parse(value, LIMITS.get(kind.name))


@given(sent)
def test_what_was_taken_in_is_taken_in_again_as_it_is(case):
    kind, value = case
    once = _parsed(kind, value)
    assert _parsed(kind, once) == once


@given(sent)
def test_what_is_written_out_as_json_is_read_back_the_same(case):
    kind, value = case
    stored = _parsed(kind, value)
    back = kind.load(json.loads(json.dumps(kind.dump(stored))))
    assert back == stored
    assert type(back) is type(stored)


@given(sent)
def test_what_is_written_out_is_what_a_provider_may_send(case):
    kind, value = case
    stored = _parsed(kind, value)
    assert _parsed(kind, kind.dump(stored)) == stored


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_empty_value_survives_being_written_out(kind):
    assert kind.load(json.loads(json.dumps(kind.dump(kind.empty)))) == kind.empty


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("49", "49.0000"),
        (" 49.90 ", "49.9000"),
        ("1e3", "1000.0000"),
        ("0.0001", "0.0001"),
        (Decimal("-12.5"), "-12.5000"),
        ("-0.00", "0.0000"),
        ("0e999999999", "0.0000"),
        ("99999999999.9999", "99999999999.9999"),
        (7, "7.0000"),
    ],
)
def test_an_amount_is_kept_to_four_places(value, stored):
    assert str(AMOUNT.parse(value, None)) == stored


@pytest.mark.parametrize("text", ["2019-11-16T10:48:23Z", "2019-11-16T11:48:23+01:00", "2019-11-16T06:48:23-04:00"])
def test_a_moment_is_kept_in_utc(text):
    moment = DATE.parse(text, None)
    assert moment == datetime(2019, 11, 16, 10, 48, 23, tzinfo=UTC)
    assert DATE.dump(moment) == "2019-11-16T10:48:23Z"


REFUSED = [
    (TEXT, 5, "must be text"),
    (TEXT, b"bytes", "must be text"),
    (TEXT, ["a"], "must be text"),
    (TEXT, "a\x00b", "cannot be stored"),
    (TEXT, "half a pair \ud83d", "cannot be stored"),
    (TEXT, "x" * 21, "longer than 20 characters"),
    (CHOICE, "blue", "must be one of red, green, not 'blue'"),
    (CHOICE, "RED", "must be one of"),
    (CHOICE, 1, "must be one of"),
    (CHOICE, ["red"], "must be one of"),
    (CHOICE, "\x00", "must be one of"),
    (AMOUNT, 1.5, "must be an amount"),
    (AMOUNT, 0.0, "must be an amount"),
    (AMOUNT, True, "must be an amount"),
    (AMOUNT, "", "must be an amount"),
    (AMOUNT, "1,50", "must be an amount"),
    (AMOUNT, "€5", "must be an amount"),
    (AMOUNT, ["5"], "must be an amount"),
    (AMOUNT, "NaN", "must be an amount"),
    (AMOUNT, "sNaN", "must be an amount"),
    (AMOUNT, Decimal("NaN"), "must be an amount"),
    (AMOUNT, "Infinity", "must be an amount"),
    (AMOUNT, "-inf", "must be an amount"),
    (AMOUNT, "12.34567", "more than 4 decimal places"),
    (AMOUNT, "1e-999999999", "more than 4 decimal places"),
    (AMOUNT, "0.00001", "more than 4 decimal places"),
    (AMOUNT, 10**11, "too large"),
    (AMOUNT, "-100000000000", "too large"),
    (AMOUNT, "1e999999999", "too large"),
    (AMOUNT, "-1e999999999999999999", "too large"),
    (AMOUNT, "9" * 100_000, "too large"),
    (INTEGER, True, "must be a whole number"),
    (INTEGER, "3", "must be a whole number"),
    (INTEGER, 3.0, "must be a whole number"),
    (INTEGER, 2**31, "too large"),
    (INTEGER, -(2**31), "too large"),
    (DATE, "2019-11-16", "with its zone"),
    (DATE, "2019-11-16T10:48:23", "with its zone"),
    (DATE, datetime(2019, 11, 16), "with its zone"),
    (DATE, date(2019, 11, 16), "with its zone"),
    (DATE, "0001-01-01T00:00:00Z", "with its zone"),
    (DATE, "9999-12-31T23:59:59Z", "with its zone"),
    (DATE, "0001-01-01T00:00:00+23:59", "with its zone"),
    (DATE, "9999-12-31T23:59:59-01:00", "with its zone"),
    (DATE, "2019-13-45T00:00:00Z", "with its zone"),
    (DATE, "tomorrow", "with its zone"),
    (DATE, "", "with its zone"),
    (DATE, 1573900000, "with its zone"),
    (FLAG, "false", "must be true or false"),
    (FLAG, "true", "must be true or false"),
    (FLAG, 0, "must be true or false"),
    (FLAG, 1, "must be true or false"),
    (TEXT_LIST, "a", "must be a list"),
    (TEXT_LIST, {"a": 1}, "must be a list"),
    (TEXT_LIST, [1], "must be text"),
    (TEXT_LIST, [["a"]], "must be text"),
    (TEXT_LIST, ["fine", "\x00"], "cannot be stored"),
    (TEXT_LIST, ["x" * 21], "longer than"),
]
IDS = [f"{kind.name}-{value!r:.20}" for kind, value, _ in REFUSED]


@pytest.mark.parametrize(("kind", "value", "words"), REFUSED, ids=IDS)
def test_what_does_not_fit_is_refused_in_words(kind, value, words):
    with pytest.raises(ValueError, match=words) as refusal:
        _parsed(kind, value)
    assert len(str(refusal.value)) < 200
    str(refusal.value).encode()


@pytest.mark.parametrize(("kind", "value", "words"), REFUSED, ids=IDS)
def test_a_refusal_speaks_french_to_the_french(kind, value, words):
    with translation.override("fr"), pytest.raises(ValueError, match=r"\w") as refusal:
        _parsed(kind, value)
    assert words not in str(refusal.value)


@given(st.sampled_from(sorted(KINDS)), st.one_of(st.none(), st.floats(), st.binary(), st.text(string.printable)))
def test_anything_is_either_taken_or_refused(name, value):
    try:
        stored = _parsed(KINDS[name], value)
    except ValueError:
        return
    assert _parsed(KINDS[name], stored) == stored
