"""Lists: pages, cursors, filters and what they refuse."""

from collections import Counter

import pytest
import stripe

from integrations.sandbox.server import serve
from tests.integrations.sandbox.conftest import NOW, client_of, open_shop

AT = int(NOW.timestamp())


def ids(page):
    return [one.id for one in page.data]


def test_paging_over_all_sees_each_subscription_exactly_once(reader, town):
    seen = [one.id for one in reader.v1.subscriptions.list({"status": "all", "limit": 17}).auto_paging_iter()]
    assert seen == town.shop.ids()
    assert len(set(seen)) == 200


def test_a_list_is_newest_first(reader):
    created = [one.created for one in reader.v1.customers.list({"limit": 100}).data]
    assert created == sorted(created, reverse=True)


def test_the_page_before_a_cursor_is_the_page_that_came_before(reader):
    first = reader.v1.subscriptions.list({"limit": 5, "status": "all"})
    second = reader.v1.subscriptions.list({"limit": 5, "status": "all", "starting_after": first.data[-1].id})
    back = reader.v1.subscriptions.list({"limit": 5, "status": "all", "ending_before": second.data[0].id})
    assert ids(back) == ids(first)
    assert (first.has_more, back.has_more) == (True, False)


def test_the_last_page_says_that_no_more_follow(reader, town):
    oldest = town.shop.ids()[-3]
    page = reader.v1.subscriptions.list({"limit": 2, "status": "all", "starting_after": oldest})
    assert (ids(page), page.has_more) == (town.shop.ids()[-2:], False)


def test_a_subscription_made_during_a_sweep_does_not_disturb_it(shop, client):
    before = shop.ids()
    first = client.v1.subscriptions.list({"status": "all", "limit": 10})
    made = shop.create_subscription()
    rest = client.v1.subscriptions.list({"status": "all", "limit": 100, "starting_after": first.data[-1].id})
    assert ids(first) + ids(rest) == before
    assert made["id"] not in before


def test_subscriptions_without_a_status_are_all_but_the_cancelled_ones(reader, town):
    every = {one["id"] for one in town.shop.store["subscription"]}
    cancelled = set(ids(reader.v1.subscriptions.list({"status": "canceled", "limit": 100})))
    seen = {one.id for one in reader.v1.subscriptions.list({"limit": 100}).auto_paging_iter()}
    assert cancelled
    assert seen == every - cancelled


@pytest.mark.parametrize("status", ["past_due", "trialing", "paused", "incomplete_expired"])
def test_a_status_filter_shows_that_status_only(reader, status):
    assert {one.status for one in reader.v1.subscriptions.list({"status": status}).data} == {status}


def test_ended_means_cancelled_or_never_begun(reader):
    found = Counter(one.status for one in reader.v1.subscriptions.list({"status": "ended", "limit": 100}).data)
    assert set(found) == {"canceled", "incomplete_expired"}


def test_a_created_filter_shows_that_span_only(reader, town):
    span = {"gte": AT - 200 * 86_400, "lt": AT - 50 * 86_400}
    shown = ids(reader.v1.subscriptions.list({"status": "all", "limit": 100, "created": span}))
    every = [(one["id"], one["created"]) for one in town.shop.store["subscription"]]
    assert sorted(shown) == sorted(one for one, at in every if span["gte"] <= at < span["lt"])
    assert shown


def test_one_customer_has_several_subscriptions_and_a_filter_for_them(reader, town):
    owner, count = Counter(one["customer"] for one in town.shop.store["subscription"]).most_common(1)[0]
    shown = reader.v1.subscriptions.list({"customer": owner, "status": "all"}).data
    assert len(shown) == count >= 3
    assert {one.customer for one in shown} == {owner}


def test_a_price_filter_shows_who_pays_it(reader):
    price = reader.v1.prices.list({"limit": 1, "currency": "kwd"}).data[0].id
    shown = reader.v1.subscriptions.list({"price": price, "status": "all", "limit": 100}).data
    assert shown
    assert all(price in [item.price.id for item in one.items.data] for one in shown)


def test_invoices_of_a_subscription_begin_with_its_first(reader, town):
    listed = reader.v1.subscriptions.list({"status": "active", "limit": 100}).auto_paging_iter()
    old = next(one for one in listed if one.created < AT - 400 * 86_400)
    shown = reader.v1.invoices.list({"subscription": old.id}).data
    assert [one.billing_reason for one in shown] == ["subscription_cycle", "subscription_create"]
    assert shown[0].id == old.latest_invoice


def test_products_are_found_by_their_ids(reader):
    some = ids(reader.v1.products.list({"limit": 4}))
    assert ids(reader.v1.products.list({"ids": some[1:3]})) == some[1:3]


def test_events_are_found_by_type_and_by_pattern(shop, client):
    live = client.v1.subscriptions.list({"status": "active", "limit": 1}).data[0].id
    shop.act(live, "renew")
    assert {one.type for one in client.v1.events.list({"type": "invoice.*"}).data} == {
        "invoice.created",
        "invoice.finalized",
        "invoice.paid",
        "invoice.payment_succeeded",
    }
    assert [one.type for one in client.v1.events.list({"types": ["invoice.paid"]}).data] == ["invoice.paid"]


def test_deleted_customers_are_not_listed_but_can_be_fetched(reader, town):
    gone = [one["id"] for one in town.shop.store["customer"] if one.get("deleted")]
    listed = {one.id for one in reader.v1.customers.list({"limit": 100}).auto_paging_iter()}
    assert gone
    assert listed.isdisjoint(gone)
    assert reader.v1.customers.retrieve(gone[0]).to_dict() == {"id": gone[0], "object": "customer", "deleted": True}


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"limit": 101}, "limit"),
        ({"limit": 0}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"starting_after": "sub_gone"}, "starting_after"),
        ({"status": "flux"}, "status"),
        ({"created": {"after": 5}}, "created[after]"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_parameter_is_named_in_the_refusal(reader, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        reader.v1.subscriptions.list(params)
    assert (refusal.value.http_status, refusal.value.param) == (400, param)


def test_an_unknown_id_is_missing(reader):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        reader.v1.subscriptions.retrieve("sub_unknown")
    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_a_search_counts_what_it_finds(reader):
    found = reader.v1.subscriptions.search({"query": "created>0", "limit": 1, "expand": ["total_count"]})
    active = reader.v1.subscriptions.search({"query": 'status:"active"', "expand": ["total_count"], "limit": 100})
    assert found.to_dict()["total_count"] == 200
    assert active.to_dict()["total_count"] == len([*active.auto_paging_iter()]) < 200
    assert {one.status for one in active.data} == {"active"}


def test_a_search_that_makes_no_sense_is_refused(reader):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        reader.v1.subscriptions.search({"query": "colour:'red'"})
    assert refusal.value.param == "query"


def test_a_big_customer_comes_on_top_of_the_others():
    shop = open_shop(subscriptions=20, big_customer=120)
    with serve(shop) as server:
        owner, count = Counter(one["customer"] for one in shop.store["subscription"]).most_common(1)[0]
        pages = client_of(server).v1.subscriptions.list({"customer": owner, "status": "all", "limit": 50})
        assert len([*pages.auto_paging_iter()]) == count == 120
        assert shop.counts()["subscription"] == 140
