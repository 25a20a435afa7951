"""The small parts that every pretend shop stands on."""

from collections import OrderedDict
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe._encode import _api_encode

from integrations.sandbox.brackets import decode
from integrations.sandbox.cache import ByteCache
from integrations.sandbox.periods import DAY, period_at, step
from integrations.sandbox.store import Table
from integrations.sandbox.stripe.pricing import bill, price_of

names = st.text("abcdefghij_", min_size=1, max_size=5)
leaves = st.text(max_size=8)
params = st.dictionaries(
    names,
    st.recursive(
        leaves,
        lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(names, inner, min_size=1, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


@given(params)
def test_what_the_library_encodes_is_read_back(tree):
    def depth(value):
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return 1 + max(map(depth, inner), default=0)

    if depth(tree) <= 8:
        assert decode(urlencode(list(_api_encode(OrderedDict(tree))))) == tree


def test_brackets_without_a_number_make_a_list():
    assert decode("expand[]=a&expand[]=b&x=") == {"expand": ["a", "b"], "x": ""}


@pytest.mark.parametrize("text", ["a=1&a[b]=2", "a" + "[b]" * 9 + "=1", "a=%ff"])
def test_brackets_that_contradict_themselves_are_refused(text):
    with pytest.raises(ValueError):
        decode(text)


intervals = st.tuples(st.sampled_from(["day", "week", "month", "year"]), st.integers(1, 6))


@given(st.integers(0, 2_000_000_000), intervals, st.integers(0, 4_000 * DAY))
def test_a_period_contains_its_moment_and_begins_a_whole_number_of_steps_from_its_anchor(anchor, interval, later):
    start, end = period_at(anchor, interval, anchor + later)
    assert start <= anchor + later < end
    near = (start - anchor) // (end - start)  # too many where months are counted in Februaries
    assert start in {step(anchor, interval, near + off) for off in range(-16, 4)}


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abc")), max_size=30), st.integers(1, 7))
def test_pages_of_any_size_show_everything_once_newest_first(rows, limit):
    table = Table()
    for place, (created, owner) in enumerate(rows):
        table.put({"id": f"r{place}", "created": created, "customer": owner})
    seen, after, more = [], None, True
    while more:
        page, more = table.page(limit=limit, after=after)
        seen += page
        after = page[-1]["id"] if page else None
    assert seen == list(table)[::-1]
    assert [one["created"] for one in seen] == sorted((one["created"] for one in seen), reverse=True)


@given(st.lists(st.sampled_from("abc"), max_size=30), st.data())
def test_an_owners_page_shows_what_they_have_now(owners, data):
    table = Table()
    for place, owner in enumerate(owners):
        table.put({"id": f"r{place}", "created": place, "customer": owner})
    moved = data.draw(st.sets(st.integers(0, max(len(owners) - 1, 0)))) if owners else set()
    for place in moved:
        table.put({"id": f"r{place}", "created": place, "customer": "a"})
    now = ["a" if place in moved else owner for place, owner in enumerate(owners)]
    for owner in "abc":
        shown, _ = table.page(limit=100, owner=owner)
        assert [one["id"] for one in shown] == [f"r{place}" for place in range(len(now))[::-1] if now[place] == owner]


def test_a_dropped_record_is_gone_everywhere():
    table = Table()
    for place in range(3):
        table.put({"id": f"r{place}", "created": 1, "customer": "a"})
    table.drop("r1")
    assert [one["id"] for one in table] == ["r0", "r2"]
    assert [one["id"] for one in table.owned("a")] == ["r0", "r2"]
    assert "r1" not in table


def test_a_record_that_gets_another_date_moves():
    table = Table()
    for place in range(3):
        table.put({"id": f"r{place}", "created": place})
    table.put({"id": "r0", "created": 9})
    assert [one["id"] for one in table] == ["r1", "r2", "r0"]


def test_the_cache_writes_once_and_again_after_a_change():
    cache, written = ByteCache(), []
    for _ in range(2):
        assert cache.get("group", "key", lambda: written.append(1) or b"x") == b"x"
    cache.forget("group")
    cache.get("group", "key", lambda: written.append(1) or b"x")
    assert len(written) == 2


def test_the_cache_stays_within_its_limit_and_lets_the_oldest_go():
    cache, written = ByteCache(limit=10), []

    def write(group):
        return cache.get(group, 1, lambda: written.append(group) or b"12345")

    for group in ("a", "b", "c", "b", "a"):
        write(group)
    assert written == ["a", "b", "c", "a"]


TIERED = {
    "billing_scheme": "tiered",
    "tiers": [
        {"up_to": 10, "flat_amount": 0, "unit_amount": 500},
        {"up_to": None, "flat_amount": 1000, "unit_amount": 150},
    ],
}


@pytest.mark.parametrize(
    ("price", "quantity", "amount"),
    [
        ({"unit_amount": 1200, "unit_amount_decimal": "1200"}, 3, 3600),
        ({"unit_amount": None, "unit_amount_decimal": "0.25"}, 1001, 250),
        ({"unit_amount": None, "unit_amount_decimal": "0.25"}, 1002, 251),
        (TIERED, 10, 5000),
        (TIERED, 12, 6300),
    ],
)
def test_a_quantity_has_its_price(price, quantity, amount):
    assert price_of(price, quantity) == amount


def test_a_coupon_never_takes_off_more_than_there_is():
    assert bill([300], coupon={"amount_off": 500}, shipping=0, rate=None).discount == 300
    assert bill([999], coupon={"percent_off": 20.0}, shipping=0, rate=None).discount == 200
