"""Fill a shop from a seed: the same seed, sizes and moment make the same shop."""

from itertools import count, islice
from random import Random

from integrations.sandbox.chances import each_then_any
from integrations.sandbox.paypal.catalogue import stock
from integrations.sandbox.paypal.contracts import begin
from integrations.sandbox.paypal.orders import new_order
from integrations.sandbox.paypal.people import meet
from integrations.sandbox.paypal.sales import fitting
from integrations.sandbox.paypal.scenarios import PLAIN, QUIRKS, SCENARIOS, Quirk
from integrations.sandbox.periods import DAY
from integrations.sandbox.store import Record, Store

_CURRENCIES = ("USD", "EUR", "JPY", "GBP")
_SHARES = (55, 25, 10, 10)


def populate(store: Store, rng: Random, *, now: int, subscriptions: int, big_customer: int = 0) -> None:
    """Stock the shop and sell subscriptions and orders; a big customer's subscriptions come on top of the others."""
    for kind, record in stock(rng, now - 1000 * DAY):
        store[kind].put(record)
    founding = Founding(store, rng, now)
    founding.sell(subscriptions)
    if big_customer:
        founding.sell_to(founding.welcome("USD", PLAIN), big_customer)
    for table in store.tables.values():
        table.sort()


class Founding:
    """Sell subscriptions one after the other; every situation comes once before any comes twice."""

    def __init__(self, store: Store, rng: Random, now: int) -> None:
        self.store, self.rng, self.now = store, rng, now
        self._numbers, self._people, self._orders = count(), count(), count()
        self._email = ""
        self._scenarios = each_then_any(rng, SCENARIOS, [scenario.weight for scenario in SCENARIOS])
        self._quirks = each_then_any(rng, QUIRKS, [97 if quirk is PLAIN else 0.3 for quirk in QUIRKS])
        self._currencies = each_then_any(rng, _CURRENCIES, _SHARES)
        self._plans = {
            (currency, needs): each_then_any(rng, plans, [1] * len(plans))
            for currency in _CURRENCIES
            for needs in ("", "trial", "end")
            for plans in [[one for one in store["plan"] if one["currency"] == currency and fitting(one, needs)]]
        }

    def sell(self, total: int) -> None:
        """Sell so many subscriptions, to payers who take one each or up to four; some order something besides."""
        while total > 0:
            currency = next(self._currencies)
            payer = self.welcome(currency, next(self._quirks))
            taken = min(total, 1 if self.rng.random() < 0.75 else self.rng.randint(2, 4))
            self.sell_to(payer, taken)
            if self.rng.random() < 0.15:
                self._order(payer, currency)
            total -= taken

    def welcome(self, currency: str, quirk: Quirk) -> Record:
        """Make a payer; the e-mail address of the one before may come again."""
        number = next(self._people)
        payer = meet(self.rng, currency=currency, at=self.now, number=number, quirk=quirk, repeated=self._email)
        self._email = (payer["email"] or "").lower()
        return payer | {"currency": currency}

    def sell_to(self, payer: Record, total: int) -> None:
        """Sell subscriptions to one payer."""
        since = self.now
        for number in islice(self._numbers, total):
            scenario = next(self._scenarios)
            plan = next(self._plans[payer["currency"], scenario.needs])
            own = Random(self.rng.getrandbits(64))  # so that no id depends on the moment at which the others are made
            quantity = self.rng.randint(2, 12) if number % 5 == 2 or plan["model"] else 1
            sold = begin(own, plan, payer, scenario, now=self.now, number=number, quantity=quantity)
            self.store["subscription"].put(sold.subscription)
            for payment in sold.payments:
                self.store["transaction"].put(payment)
            since = min(since, sold.subscription["created"])
        self.store["payer"].put(payer | {"created": since})

    def _order(self, payer: Record, currency: str) -> None:
        number = next(self._orders)
        at = self.now - self.rng.randint(1, 90) * DAY
        completed = number % 3 != 0
        order = new_order(self.rng, payer, currency=currency, at=at, number=number, completed=completed)
        self.store["order"].put(order)
