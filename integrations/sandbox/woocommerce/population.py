"""Fill a shop from a seed: the same seed, sizes and moment make the same shop."""

from dataclasses import replace
from itertools import count
from random import Random

from integrations.sandbox.chances import each_then_any
from integrations.sandbox.periods import DAY
from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce.catalogue import DISCONTINUED, stock
from integrations.sandbox.woocommerce.contracts import Office, begin, link
from integrations.sandbox.woocommerce.lines import Basket, extras_of
from integrations.sandbox.woocommerce.people import Person, customer_record, meet
from integrations.sandbox.woocommerce.scenarios import ACTIVE, PLAIN, QUIRKS, SCENARIOS, Quirk, Scenario

_WITH_DISCONTINUED = 6


def populate(
    office: Office, rng: Random, *, currency: str, now: int, subscriptions: int, big_customer: int = 0
) -> None:
    """Stock the shop and sell subscriptions; a big customer's come on top of the others."""
    for kind, record in stock(office.numbers, now - 1000 * DAY, currency=currency, decimals=office.decimals):
        office.store[kind].put(record)
    founding = Founding(office, rng, currency=currency, now=now)
    founding.sell(subscriptions)
    if big_customer:
        founding.sell_to(founding.welcome(PLAIN), big_customer, room=big_customer)
    founding.clear_out()
    for table in office.store.tables.values():
        table.sort()


class Founding:
    """Sell subscriptions one after the other; every situation comes once before any comes twice."""

    def __init__(self, office: Office, rng: Random, *, currency: str, now: int) -> None:
        self.office, self.rng, self.currency, self.now = office, rng, currency, now
        self._sold = count()
        self._people = count()
        self._email = ""
        self._scenarios = each_then_any(rng, SCENARIOS, [scenario.weight for scenario in SCENARIOS])
        self._quirks = each_then_any(rng, QUIRKS, [97 if quirk is PLAIN else 0.4 for quirk in QUIRKS])
        self._products = list(office.store["product"])

    def sell(self, total: int) -> None:
        """Sell so many subscriptions, to customers who take one each or up to five."""
        while total > 0:
            taken = min(total, 1 if self.rng.random() < 0.7 else self.rng.randint(2, 5))
            total -= self.sell_to(self.welcome(next(self._quirks)), taken, room=total)

    def welcome(self, quirk: Quirk) -> Person:
        """Make a customer; the e-mail address of the one before may come again."""
        identity = self.office.numbers.take("customer")
        number = next(self._people)
        person = meet(self.rng, identity, currency=self.currency, number=number, quirk=quirk, repeated=self._email)
        self._email = person.billing["email"].lower()
        return person

    def sell_to(self, person: Person, wanted: int, *, room: int) -> int:
        """Sell subscriptions to one customer, and those that followed some of them while there is room; count them."""
        sold: list[Record] = []
        while len(sold) < wanted:
            scenario = next(self._scenarios)
            sold.append(self._begin(person, scenario))
            if scenario.then and len(sold) < room:
                sold.append(self._following(person, sold[-1], scenario.then))
        since = min(one["created"] for one in sold)
        self.office.store["customer"].put(customer_record(person, since))
        return len(sold)

    def clear_out(self) -> None:
        """Remove the discontinued product from the shop, though not from what was sold."""
        for product in self._products:
            if product["sku"] == DISCONTINUED:
                self.office.store["product"].drop(product["id"])

    def _following(self, person: Person, old: Record, how: str) -> Record:
        days = (self.now - old["end"]) / DAY
        new = self._begin(person, replace(ACTIVE, age=(days, days)))
        return link(self.office.store, old, new, how)[1]

    def _begin(self, person: Person, scenario: Scenario) -> Record:
        number = next(self._sold)
        own = Random(self.rng.getrandbits(64))  # so that no date depends on how many chances the others took
        return begin(
            own,
            self.office,
            person,
            self._basket(own, number),
            scenario,
            now=self.now,
            extras=extras_of(number),
            number=number,
        )

    def _basket(self, rng: Random, number: int) -> Basket:
        current = [one for one in self._products if one["sku"] != DISCONTINUED]
        product = self._products[-1] if number % 40 == _WITH_DISCONTINUED else current[number % len(current)]
        quantity = rng.randint(2, 12) if number % 5 == 2 else 1
        alike = [one for one in current if (one["period"], one["count"]) == (product["period"], product["count"])]
        further = [one for one in alike if one is not product][: number % 7 == 3]
        return [self._line(rng, product, quantity), *(self._line(rng, one, 1) for one in further)]

    def _line(self, rng: Random, product: Record, quantity: int) -> tuple[Record, Record | None, int]:
        variations = self.office.store["variation"].owned(product["id"])
        return product, rng.choice(variations) if variations else None, quantity
