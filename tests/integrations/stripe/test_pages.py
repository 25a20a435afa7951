"""Pages of subscriptions: complete, with everything that the mapping needs, and no broken one holds up the others."""

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.models import Connection
from integrations.providers.stripe import history, pages
from integrations.providers.stripe.mapping import Reading
from integrations.sandbox.routing import Row
from integrations.sandbox.wire import Answer, Request, json_answer
from tests.integrations.conftest import connected
from tests.integrations.shops import ServedShop, served

READING = Reading(as_of=datetime(2026, 1, 1, tzinfo=UTC))


def test_a_page_holds_the_newest_and_says_where_it_goes_on(connection: Connection, shop: ServedShop) -> None:
    page = pages.listed(connection, READING, {}, created={"gte": 0})
    assert [record.id for record in page.records] == shop.ids()
    assert page.cursor == ""


def test_page_after_page_brings_every_subscription_once(
    connection: Connection, shop: ServedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 7)
    found, cursor = [], ""
    while True:
        page = history.page(connection, cursor, {})
        found += [record.id for record in page.records]
        cursor = page.cursor
        if not cursor:
            break
    assert found == shop.ids()
    assert {"canceled", "incomplete_expired"} <= {shop.retrieve(one)["status"] for one in found}


def test_an_answer_is_as_of_the_moment_of_the_question(connection: Connection) -> None:
    before = datetime.now(UTC)
    page = pages.listed(connection, READING, {})
    assert all(before <= record.as_of <= datetime.now(UTC) for record in page.records)


def test_the_products_of_a_page_are_one_question_and_are_remembered(connection: Connection, shop: ServedShop) -> None:
    memory: dict[str, Any] = {}
    first = history.page(connection, "", memory)
    history.page(connection, "", memory)
    assert shop.requested[("GET", "/v1/products")] == 1
    assert all(item.name for record in first.records for item in record.items or [])


def test_a_single_one_comes_with_its_products_in_one_question(connection: Connection, shop: ServedShop) -> None:
    before = shop.requested.total()
    page = pages.single(connection, shop.ids()[0], READING)
    assert shop.requested.total() - before == 1
    assert [item.name for record in page.records for item in record.items or []] != [""]


def test_products_that_are_gone_are_not_asked_for_again(transactional_db: None) -> None:
    shop = _ShopWithoutProducts(subscriptions=30)
    memory: dict[str, Any] = {}
    with served(shop):
        connection = connected(shop)
        found = [history.page(connection, "", memory).records for _ in range(2)]
    assert shop.requested[("GET", "/v1/products")] == 1
    assert len(found[1]) == 30


def test_a_broken_subscription_is_set_apart_with_what_the_store_sent(connection: Connection, shop: ServedShop) -> None:
    shop.set(shop.ids()[3], currency="euro")
    page = pages.listed(connection, READING, {})
    [broken] = page.broken
    assert (broken.id, list(broken.error.errors), '"euro"' in broken.body) == (shop.ids()[3], ["currency"], True)
    assert len(page.records) == len(shop.ids()) - 1


def test_a_single_subscription_names_its_latest_invoice(connection: Connection, shop: ServedShop) -> None:
    [newest, *_] = shop.ids()
    page = pages.single(connection, newest, READING)
    assert page.invoices == {newest: shop.retrieve(newest)["latest_invoice"]}


def test_items_that_do_not_fit_into_the_subscription_are_fetched(transactional_db: None) -> None:
    shop = _ShopThatCutsItems(subscriptions=30)
    with served(shop):
        page = pages.single(connected(shop), shop.several, READING)
    [record] = page.records
    assert record.items is not None
    assert len(record.items) == len(shop.retrieve(shop.several)["items"]["data"]) > 1


@pytest.mark.parametrize(("limit", "is_least"), [(31, False), (30, True)])
def test_the_total_is_counted_as_far_as_the_search_counts(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, limit: int, is_least: bool
) -> None:
    monkeypatch.setattr(history, "_COUNTS_UP_TO", limit)
    total = history.total(connection)
    assert total is not None
    assert (total.count, total.is_least) == (30, is_least)


def test_an_account_without_a_search_has_no_total(connection: Connection, shop: ServedShop) -> None:
    shop.faults.answer_500 = 1
    assert history.total(connection) is None


class _ShopWithoutProducts(ServedShop):
    """Has thrown its products away, which Stripe allows."""

    def routes(self) -> list[Row]:
        """Answer with an empty list of products."""
        empty = json_answer({"object": "list", "data": [], "has_more": False})
        return [("GET", "/v1/products", lambda _request: empty), *super().routes()]


class _ShopThatCutsItems(ServedShop):
    """Shows only the first item inside a subscription, as Stripe does with long lists."""

    @property
    def several(self) -> str:
        """A subscription of several items."""
        return next(one for one in self.ids() if len(self.retrieve(one)["items"]["data"]) > 1)

    def routes(self) -> list[Row]:
        """Answer for the cut subscription and for the whole list of its items first."""
        own: list[Row] = [
            ("GET", "/v1/subscription_items", self._items),
            ("GET", "/v1/subscriptions/{identity}", self._cut),
        ]
        return [*own, *super().routes()]

    def _cut(self, request: Request, identity: str) -> Answer:
        shown = self.retrieve(identity, expand=["customer", "latest_invoice"])
        items = shown["items"] | {"data": shown["items"]["data"][:1], "has_more": True}
        return json_answer(shown | {"items": items})

    def _items(self, request: Request) -> Answer:
        return json_answer(self.retrieve(self.several)["items"])
