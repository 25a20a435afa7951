"""Fill a shop from a seed: the same seed, sizes and moment make the same shop."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, islice
from random import Random

from integrations.sandbox.chances import each_then_any
from integrations.sandbox.periods import DAY
from integrations.sandbox.store import Record, Store
from integrations.sandbox.stripe.catalogue import stock
from integrations.sandbox.stripe.contracts import Basket, begin, interval_of
from integrations.sandbox.stripe.people import Person, meet
from integrations.sandbox.stripe.scenarios import ENDED, PLAIN, QUIRKS, SCENARIOS, Quirk

_CURRENCIES = ("usd", "eur", "jpy", "kwd")
_SHARES = (55, 30, 10, 5)


def populate(store: Store, rng: Random, *, now: int, subscriptions: int, big_customer: int = 0) -> None:
    """Stock the shop and sell subscriptions; a big customer's come on top of the others."""
    with _without_collector():
        for kind, record in stock(rng, now - 1000 * DAY):
            store[kind].put(record)
        founding = Founding(store, rng, now)
        founding.sell(subscriptions)
        if big_customer:
            founding.sell_to(founding.welcome("usd", PLAIN), big_customer)
        for table in store.tables.values():
            table.sort()


class Founding:
    """Sell subscriptions one after the other; every situation comes once before any comes twice."""

    def __init__(self, store: Store, rng: Random, now: int) -> None:
        self.store, self.rng, self.now = store, rng, now
        self._numbers = count()
        self._people = count()
        self._email = ""
        self._scenarios = each_then_any(rng, SCENARIOS, [scenario.weight for scenario in SCENARIOS])
        self._quirks = each_then_any(rng, QUIRKS, [97 if quirk is PLAIN else 0.3 for quirk in QUIRKS])
        self._currencies = each_then_any(rng, _CURRENCIES, _SHARES)
        self._prices = {
            currency: [price for price in store["price"] if price["currency"] == currency] for currency in _CURRENCIES
        }
        self._turns = {
            currency: each_then_any(rng, prices, [1] * len(prices)) for currency, prices in self._prices.items()
        }

    def sell(self, total: int) -> None:
        """Sell so many subscriptions, to customers who take one each or up to five."""
        while total > 0:
            quirk = next(self._quirks)
            taken = min(total, 1 if self.rng.random() < 0.7 else self.rng.randint(2, 5))
            self.sell_to(self.welcome(next(self._currencies), quirk), taken, is_deleted=quirk.is_deleted)
            total -= taken

    def welcome(self, currency: str, quirk: Quirk) -> Person:
        """Make a customer; the e-mail address of the one before may come again."""
        person = meet(
            self.rng, currency=currency, at=self.now, number=next(self._people), quirk=quirk, repeated=self._email
        )
        self._email = (person.customer["email"] or "").lower()
        return person

    def sell_to(self, person: Person, total: int, *, is_deleted: bool = False) -> None:
        """Sell subscriptions to one customer; one who was deleted has none that runs."""
        since = self.now
        for number in islice(self._numbers, total):
            scenario = ENDED if is_deleted else next(self._scenarios)
            basket = self._basket(person.customer["currency"], number)
            own = Random(self.rng.getrandbits(64))  # so that no id depends on the moment at which the others are made
            sold = begin(own, self.store, person, basket, scenario, now=self.now, number=number)
            since = min(since, sold["created"])
        self._keep(person, since, is_deleted)

    def _keep(self, person: Person, since: int, is_deleted: bool) -> None:
        customer = person.customer | {"created": since}
        self.store["customer"].put(gone(customer) if is_deleted else customer)
        if person.card:
            self.store["payment_method"].put(person.card | {"created": since})

    def _basket(self, currency: str, number: int) -> Basket:
        price = next(self._turns[currency])
        quantity = self.rng.randint(2, 12) if number % 5 == 2 else 1
        if number % 7 not in (3, 5):
            return [(price, quantity)]
        is_same = number % 7 == 3
        others = [
            other
            for other in self._prices[currency]
            if other is not price and (interval_of(other) == interval_of(price)) == is_same
        ]
        return [(price, quantity), *((other, 1) for other in others[:1])]


def gone(customer: Record) -> Record:
    """Leave of a customer what Stripe still shows after a deletion."""
    return {"id": customer["id"], "created": customer["created"], "deleted": True}


@contextmanager
def _without_collector() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
