"""Lists: every field can be filtered by what its kind can be asked, sorted by, and paged without a gap."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.api import filters, sorting
from integrations.models import Connection
from subscriptions.catalogue import FIELDS, OF_ITEMS
from subscriptions.kinds import AMOUNT, CHOICE, DATE, FLAG, INTEGER, TEXT, TEXT_LIST, Kind
from tests.integrations.api.plugin import Plugin, row

# kind -> a value as it is sent, the same in an address, and a value in an address that another payment has
VALUES: dict[Kind, tuple[Any, str, str]] = {
    TEXT: ("Zoë % _", "Zoë % _", "Ada"),
    AMOUNT: ("49.90", "49.9", "50"),
    INTEGER: (3, "3", "4"),
    DATE: ("2026-03-01T12:00:00Z", "2026-03-01T13:00:00+01:00", "2026-03-02T12:00:00Z"),
    FLAG: (True, "true", "false"),
}
SPECIAL = {"currency": ("EUR", "EUR", "USD"), "store_recurring_payment_id": ("sub_1", "sub_1", "sub_2")}
OPERATORS = {
    TEXT: {"", "contains", "in"},
    CHOICE: {"", "in"},
    AMOUNT: {"", "lt", "lte", "gt", "gte"},
    INTEGER: {"", "lt", "lte", "gt", "gte"},
    DATE: {"", "lt", "lte", "gt", "gte"},
    FLAG: {""},
    TEXT_LIST: {"contains"},
}
STORED = [field for field in FIELDS if field.stored and field.kind is not TEXT_LIST]


@pytest.fixture
def empty(plugin: Plugin) -> Plugin:
    """A plugin whose shop has one payment that says nothing but its id."""
    plugin.bulk(row("empty"))
    return plugin


def values_of(field: Any) -> tuple[Any, str, str]:
    if field.kind is CHOICE:
        # not the first, which an empty status becomes
        *_, other, one = field.choices
        return one, one, other
    return SPECIAL.get(field.name) or VALUES[field.kind]


def test_every_field_has_every_operator_of_its_kind() -> None:
    wanted = {(field.name, operator) for field in FIELDS for operator in OPERATORS[field.kind]}
    assert {(one.field.name, one.operator.name) for one in filters.FILTERS.values()} == wanted


@pytest.mark.parametrize("field", STORED, ids=lambda field: field.name)
def test_every_stored_field_is_found_by_its_value_and_by_no_other(empty: Plugin, field: Any) -> None:
    sent, told, another = values_of(field)
    empty.bulk(row("sub_1") | {field.name: sent})
    assert empty.ids(**{field.name: told}) == ["sub_1"]
    assert empty.ids(**{field.name: another}) == []
    if "in" in OPERATORS[field.kind]:
        assert empty.ids(**{f"{field.name}__in": [another, told]}) == ["sub_1"]
    if field.kind is TEXT:
        assert empty.ids(**{f"{field.name}__contains": told[1:].upper() if told.isascii() else told[1:]}) == ["sub_1"]
    if "lt" in OPERATORS[field.kind]:
        found = {operator: empty.ids(**{f"{field.name}__{operator}": told}) for operator in ("lt", "lte", "gt", "gte")}
        assert found == {"lt": [], "lte": ["sub_1"], "gt": [], "gte": ["sub_1"]}


@pytest.mark.parametrize("field", OF_ITEMS.values(), ids=lambda field: field.name)
def test_every_field_of_the_line_items_is_found_by_a_part_of_one_entry(empty: Plugin, field: Any) -> None:
    is_list = field.item in ("categories", "brands", "tags")
    items = [{"name": "other"}, {field.item: ["Été 100%", "b"] if is_list else "Été 100%"}]
    empty.bulk(row("sub_1", line_items=items))
    assert empty.ids(**{f"{field.name}__contains": "té 100%"}) == ["sub_1"]
    assert empty.ids(**{f"{field.name}__contains": "%"}) == ["sub_1"]
    assert empty.ids(**{f"{field.name}__contains": "_"}) == []
    assert empty.ids(**{f"{field.name}__contains": '", "'}) == []


def test_notes_are_found_by_a_part_of_one_note(empty: Plugin) -> None:
    empty.bulk(row("sub_1", notes=["Ring twice", 'a "quoted" word']))
    for text, found in {"RING": ["sub_1"], '"quoted"': ["sub_1"], "twice a": [], "\\": []}.items():
        assert empty.ids(notes__contains=text) == found


def test_the_legacy_connection_id_is_a_filter_too(plugin: Plugin, other: Plugin, account: Plugin) -> None:
    plugin.bulk(row("mine"))
    other.bulk(row("theirs"))
    assert plugin.connection
    assert account.ids() == ["mine", "theirs"]
    assert account.ids(legacy_connection_id=plugin.connection.store_id) == ["mine"]
    assert account.ids(connection=plugin.connection.store_id) == ["mine"]


@pytest.mark.parametrize("asked", [{"currency": "usd"}, {"currency": "USD"}, {"currency__in": ["eur", "usd"]}])
def test_a_currency_is_found_in_any_case(plugin: Plugin, asked: Any) -> None:
    plugin.bulk(row("a", currency="usd"), row("b", currency="JPY"))
    assert plugin.ids(**asked) == ["a"]


def test_filters_hold_at_once_so_that_ranges_work(plugin: Plugin) -> None:
    for day in range(1, 6):
        plugin.bulk(row(f"d{day}", start_date=f"2026-03-0{day}T00:00:00Z", is_trial=day % 2 == 0))
    within = {"start_date__gte": "2026-03-02T00:00:00Z", "start_date__lt": "2026-03-05T00:00:00Z"}
    assert plugin.ids(**within) == ["d2", "d3", "d4"]
    assert plugin.ids(**within, is_trial="true") == ["d2", "d4"]


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"nonsense": "1"}, "nonsense"),
        ({"name__startswith": "a"}, "name__startswith"),
        ({"store__connection__token": "a"}, "store__connection__token"),
        ({"line_item_name": "a"}, "line_item_name"),
        ({"payment_amount": "much"}, "payment_amount"),
        ({"payment_amount__gt": "NaN"}, "payment_amount__gt"),
        ({"total_cycles": "1.5"}, "total_cycles"),
        ({"total_cycles": "9" * 30}, "total_cycles"),
        ({"is_trial": "1"}, "is_trial"),
        ({"status": "flux"}, "status"),
        ({"start_date": "2026-02-30"}, "start_date"),
        ({"name": "\0"}, "name"),
        ({"notes__contains": "\0"}, "notes__contains"),
        ({"name": ["a", "b"]}, "name"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "²"}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "WzEsMiwzXQ"}, "cursor"),
        ({"sort": "notes"}, "sort"),
        ({"sort": "--name"}, "sort"),
        ({"sort": "line_item_name"}, "sort"),
    ],
)
def test_what_an_address_cannot_ask_is_refused_by_its_name(plugin: Plugin, params: Any, path: str) -> None:
    answer = plugin.get("/recurring-payments", **params)
    assert (answer.status_code, [one["path"] for one in answer.json()["errors"]]) == (400, [path])


@pytest.mark.parametrize(
    "sort", ["", *sorting.SORTABLE, *(f"-{name}" for name in ("name", "payment_amount", "start_date", "is_trial"))]
)
def test_pages_have_no_gap_and_no_repetition_however_they_are_sorted(plugin: Plugin, sort: str) -> None:
    name = sort.removeprefix("-")
    field = sorting.SORTABLE.get(name)
    rows = []
    for number in range(7):
        one = row(f"sub_{number}")
        if field and number % 3 and name not in SPECIAL:
            one[name] = values_of(field)[0]
        rows.append(one)
    plugin.bulk(*rows)
    ids, cursor = [], None
    while cursor != "end":
        page = plugin.get("/recurring-payments", sort=sort, limit=2, **({"cursor": cursor} if cursor else {})).json()
        ids += [one["store_recurring_payment_id"] for one in page["results"]]
        cursor = page["next"] or "end"
    assert ids == plugin.ids(sort=sort)
    assert sorted(ids) == [f"sub_{number}" for number in range(7)]


@pytest.mark.parametrize(("sort", "ids"), [("payment_amount", "bac"), ("-payment_amount", "abc")])
def test_what_is_empty_comes_last(plugin: Plugin, sort: str, ids: str) -> None:
    plugin.bulk(row("a", payment_amount="10"), row("b", payment_amount="9"), row("c"))
    assert "".join(plugin.ids(sort=sort)) == ids


# What is told


def test_a_payment_is_told_as_it_can_be_sent_again(plugin: Plugin) -> None:
    sent = row("a/b?c", name="Coffee", line_items=[{"name": "Coffee", "tags": ["hot"], "amount": "4.5"}])
    plugin.bulk(sent | {"as_of": "2026-01-01T00:00:00Z"})
    told = plugin.get("/recurring-payments/a%2Fb%3Fc").json()
    ours = {name: told.pop(name) for name in ("legacy_connection_id", "contact_id", "created_at", "updated_at")}
    assert (ours["legacy_connection_id"], ours["contact_id"]) == (
        plugin.connection and plugin.connection.store_id,
        None,
    )
    assert plugin.outcomes(told) == ["unchanged"]


def test_one_payment_is_written_read_and_erased(plugin: Plugin) -> None:
    assert plugin.send("PUT", "/recurring-payments/a", {"name": "A"}).json()["outcome"] == "created"
    assert plugin.send("PATCH", "/recurring-payments/a?dryRun=true", {"name": "B"}).json()["outcome"] == "updated"
    assert plugin.send("PATCH", "/recurring-payments/a", {"email": "a@b.c"}).json()["outcome"] == "updated"
    told = plugin.get("/recurring-payments/a").json()
    assert (told["name"], told["email"]) == ("A", "a@b.c")
    assert plugin.send("DELETE", "/recurring-payments/a").status_code == 204
    assert plugin.get("/recurring-payments/a").status_code == 404
    assert plugin.send("DELETE", "/recurring-payments/a").status_code == 404


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"status": "flux"}, "status"),
        ([], ""),
        (None, ""),
        ({"store_recurring_payment_id": "b"}, "store_recurring_payment_id"),
    ],
)
def test_one_payment_that_cannot_be_stored_is_told_with_its_paths(plugin: Plugin, body: Any, path: str) -> None:
    answer = plugin.send("PUT", "/recurring-payments/a", body)
    assert (answer.status_code, [one["path"] for one in answer.json()["errors"]]) == (422, [path])


def test_contacts_are_those_whom_the_connection_has_told_of(plugin: Plugin, other: Plugin) -> None:
    plugin.bulk(row("a", email="Ada@example.com", customer={"first_name": "Ada"}))
    other.bulk(row("b", email="grace@example.com"))
    [ada] = plugin.get("/contacts").json()["results"]
    assert (ada["email"], ada["first_name"]) == ("Ada@example.com", "Ada")
    assert plugin.get("/contacts", email=" ada@EXAMPLE.com ").json()["results"] == [ada]
    assert plugin.get("/contacts", email="grace@example.com").json()["results"] == []
    assert plugin.get(f"/contacts/{ada['id']}").json() == ada
    assert other.get(f"/contacts/{ada['id']}").status_code == 404


def test_connections_and_the_order_of_the_fields_can_be_read(plugin: Plugin, shop_connection: Connection) -> None:
    [told] = plugin.get("/connections").json()["results"]
    assert (told["id"], told["name"], told["service"]) == (shop_connection.store_id, "Shop", "woo")
    assert plugin.get(f"/connections/{told['id']}").json() == told
    order = plugin.get("/field-order").json()
    assert [one["name"] for one in order["fields"]][:2] == ["status", "name"]
    assert len(order["fields"]) == len(FIELDS)
    assert plugin.send("PUT", "/field-order", order).status_code == 405


# Laws of reading an address


AMOUNTS = st.decimals(min_value=-(10**10), max_value=10**10, places=4)
MOMENTS = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))


@given(AMOUNTS)
def test_an_amount_is_read_from_an_address_as_it_was_told(amount: Decimal) -> None:
    assert filters.FILTERS["payment_amount"].parse(AMOUNT.dump(amount)) == amount


@given(MOMENTS)
def test_a_moment_is_read_from_an_address_as_it_was_told(moment: datetime) -> None:
    assert filters.FILTERS["start_date"].parse(DATE.dump(moment)) == moment


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(filters.FILTERS)), st.text(max_size=40))
def test_whatever_stands_in_an_address_is_read_or_refused(name: str, text: str) -> None:
    try:
        filters.FILTERS[name].parse(text)
    except ValueError as error:
        assert str(error)
