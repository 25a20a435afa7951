"""Lists: pages, their headers, filters and orders."""

import re
from urllib.parse import urlsplit

import pytest

from tests.integrations.woocommerce.shops import ask, open_shop, served


def ids(shop, query=""):
    return [one["id"] for one in ask(shop, f"/subscriptions?per_page=100{query}").json]


def walked(shop, size):
    pages, number, total = [], 1, 1
    while number <= total:
        answer = ask(shop, f"/subscriptions?orderby=id&order=asc&per_page={size}&page={number}")
        total = int(answer.headers["X-WP-TotalPages"])
        pages.append([one["id"] for one in answer.json])
        number += 1
    return pages


@pytest.mark.parametrize(("size", "pages"), [(25, 10), (50, 5), (100, 3)])
def test_pages_of_any_size_show_everything_once_in_order(town, size, pages):
    seen = walked(town, size)
    assert [one for page in seen for one in page] == sorted(map(int, town.ids()))
    assert len(seen) == pages


def test_the_headers_count_rows_and_pages(town):
    headers = ask(town, "/subscriptions?per_page=50&page=2").headers
    assert (headers["X-WP-Total"], headers["X-WP-TotalPages"]) == ("230", "5")
    assert ask(town, "/subscriptions").headers["X-WP-TotalPages"] == "23"


def links_of(answer):
    return {name: address for address, name in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["Link"] or "")}


def test_the_links_lead_from_page_to_page_and_keep_what_was_asked_for(town):
    address, seen = "/wp-json/wc/v3/subscriptions?per_page=100&orderby=id&order=asc", []
    while address:
        answer = ask(town, address)
        seen += [one["id"] for one in answer.json]
        following = links_of(answer).get("next")
        assert following is None or following.startswith(town.address)
        address = following and f"{urlsplit(following).path}?{urlsplit(following).query}"
    assert seen == sorted(map(int, town.ids()))
    assert "page=2" in links_of(answer)["prev"]


def test_a_link_never_shows_the_credentials(town):
    key = town.keys[0]
    query = f"consumer_key={key.consumer_key}&consumer_secret={key.consumer_secret}"
    link = ask(town, f"/subscriptions?{query}", key=None).headers["Link"]
    assert 'rel="next"' in link
    assert key.consumer_secret not in link


def test_a_page_beyond_the_end_is_empty_and_still_counts(town):
    answer = ask(town, "/subscriptions?per_page=100&page=9")
    assert (answer.status, answer.json) == (200, [])
    assert answer.headers["X-WP-TotalPages"] == "3"
    assert set(links_of(answer)) == {"prev"}


def test_what_cannot_be_read_makes_a_page_short_in_the_middle():
    with served(open_shop(subscriptions=60)) as shop:
        every = sorted(map(int, shop.ids()))
        shop.faults.unreadable = [str(every[30]), str(every[31])]
        pages = walked(shop, 25)
        assert [len(page) for page in pages] == [25, 23, 10]
        assert ask(shop, "/subscriptions").headers["X-WP-Total"] == "60"
        assert ask(shop, f"/subscriptions/{every[30]}").status == 403


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("per_page=101", "per_page"),
        ("per_page=0", "per_page"),
        ("page=0", "page"),
        ("page=two", "page"),
        ("orderby=price", "orderby"),
        ("order=up", "order"),
        ("status=flux", "status"),
        ("include=1,x", "include"),
        ("after=yesterday", "after"),
        ("modified_after=2026-13-01", "modified_after"),
        ("dates_are_gmt=maybe", "dates_are_gmt"),
        ("customer=me", "customer"),
    ],
)
def test_a_wrong_parameter_is_named(town, query, name):
    answer = ask(town, f"/subscriptions?{query}")
    assert (answer.status, answer.json["code"]) == (400, "rest_invalid_param")
    assert list(answer.json["data"]["params"]) == [name]


@pytest.mark.parametrize("by", ["date", "modified", "id"])
def test_lists_are_ordered_both_ways(town, by):
    field = {"date": "date_created_gmt", "modified": "date_modified_gmt", "id": "id"}[by]
    down = [one[field] for one in ask(town, f"/subscriptions?per_page=100&orderby={by}").json]
    up = [one[field] for one in ask(town, f"/subscriptions?per_page=100&orderby={by}&order=asc").json]
    assert down == sorted(down, reverse=True)
    assert up == sorted(up)
    assert up[0] < down[0]


def test_without_an_order_the_newest_come_first(town):
    created = [one["date_created_gmt"] for one in ask(town, "/subscriptions").json]
    assert created == sorted(created, reverse=True)


def test_a_status_or_several_can_be_asked_for(town):
    paused = ask(town, "/subscriptions?per_page=100&status=on-hold").json
    assert {one["status"] for one in paused} == {"on-hold"}
    both = ask(town, "/subscriptions?per_page=100&status=on-hold,expired").json
    assert {one["status"] for one in both} == {"on-hold", "expired"}
    assert ask(town, "/subscriptions?status=any").headers["X-WP-Total"] == "230"


def test_a_customers_own_can_be_asked_for(town):
    customer = ask(town, "/subscriptions?per_page=1").json[0]["customer_id"]
    found = ask(town, f"/subscriptions?per_page=100&customer={customer}").json
    assert {one["customer_id"] for one in found} == {customer}
    assert len(found) == sum(one["customer"] == str(customer) for one in town.store["subscription"])


def test_ids_can_be_asked_for_and_left_out(town):
    some = ids(town)[5:8]
    asked = ",".join(map(str, some))
    assert sorted(ids(town, f"&include={asked}")) == sorted(some)
    brackets = "".join(f"&include[]={one}" for one in some)
    assert sorted(ids(town, brackets)) == sorted(some)
    assert ids(town, f"&include={asked}&orderby=include&order=asc") == some
    assert not set(some) & set(ids(town, f"&exclude={asked}"))


def test_a_search_looks_into_names_and_addresses(town):
    found = (
        ask(town, "/subscriptions?per_page=100&search=zo%C3%AB%20m").json
        + ask(town, "/subscriptions?search=Zo%C3%AB").json
    )
    assert {one["billing"]["first_name"] for one in found} == {"Zoë"}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("after", "date_created"),
        ("before", "date_created"),
        ("modified_after", "date_modified"),
        ("modified_before", "date_modified"),
    ],
)
@pytest.mark.parametrize("zone", ["gmt", "local"])
def test_dates_bound_a_list_in_gmt_only_when_it_is_asked_for(town, name, field, zone):
    shown = f"{field}_gmt" if zone == "gmt" else field
    every = sorted(
        one[shown] for page in (1, 2, 3) for one in ask(town, f"/subscriptions?per_page=100&page={page}").json
    )
    bound = every[100]
    said = "&dates_are_gmt=true" if zone == "gmt" else ""
    answer = ask(town, f"/subscriptions?{name}={bound}{said}")
    beyond = [one for one in every if (one > bound if name.endswith("after") else one < bound)]
    assert answer.headers["X-WP-Total"] == str(len(beyond))


def test_a_date_of_another_zone_is_taken_for_the_shops_clock():
    with served(open_shop(hours=2)) as shop:
        shop.create_subscription()
        created = ask(shop, "/subscriptions?per_page=1").json[0]
        assert (created["date_created"], created["date_created_gmt"]) == ("2026-11-01T14:00:01", "2026-11-01T12:00:01")
        total = "X-WP-Total"
        assert ask(shop, "/subscriptions?after=2026-11-01T12:00:00Z").headers[total] == "1"
        assert ask(shop, "/subscriptions?after=2026-11-01T12:00:00Z&dates_are_gmt=true").headers[total] == "0"
        assert ask(shop, "/subscriptions?after=2026-11-01T12:00:00&dates_are_gmt=true").headers[total] == "1"


def test_only_some_fields_can_be_asked_for(town):
    row = ask(town, "/subscriptions?per_page=1&_fields=id,status").json[0]
    assert list(row) == ["id", "status"]


@pytest.mark.parametrize("kind", ["orders", "products", "customers"])
def test_the_other_lists_have_pages_too(town, kind):
    total = town.counts()[kind.removesuffix("s")]
    answer = ask(town, f"/{kind}?per_page=3&page=2&orderby=id&order=asc")
    assert answer.headers["X-WP-Total"] == str(total)
    assert len(answer.json) == 3
    one = answer.json[0]
    assert ask(town, f"/{kind}/{one['id']}").json == one


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/subscriptions/999999", "woocommerce_rest_shop_subscription_invalid_id"),
        ("/subscriptions/999999/orders", "woocommerce_rest_shop_subscription_invalid_id"),
        ("/orders/999999", "woocommerce_rest_shop_order_invalid_id"),
        ("/products/999999", "woocommerce_rest_product_invalid_id"),
        ("/customers/999999", "woocommerce_rest_invalid_id"),
        ("/webhooks/999999", "woocommerce_rest_shop_webhook_invalid_id"),
        ("/products/999999/variations/1", "woocommerce_rest_product_variation_invalid_id"),
    ],
)
def test_what_is_not_there_is_not_found(town, path, code):
    answer = ask(town, path)
    assert (answer.status, answer.json["code"]) == (404, code)
