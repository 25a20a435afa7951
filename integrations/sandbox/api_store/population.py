"""Fill a store from a seed: the same seed, sizes and moment make the same store."""

from random import Random

from integrations.sandbox.chances import email_address
from integrations.sandbox.names import CARDS, NOTES, REGIONS, Place, neighbour
from integrations.sandbox.periods import DAY, Interval, period_at, step
from integrations.sandbox.store import Record, Store

# name, SKU, category, tags, price, interval
PRODUCTS: tuple[tuple[str, str, str, list[str], str, Interval], ...] = (
    ("Studio membership", "STUDIO", "Memberships", ["local"], "39.00", ("month", 1)),
    ("Piano lessons", "PIANO", "Lessons", ["music", "local"], "120.00", ("month", 1)),
    ("Seed box", "SEEDS", "Boxes", ["garden"], "18.50", ("month", 3)),
    ("Field notes, the almanac", "NOTES", "Print", ["paper", "gift"], "64.00", ("year", 1)),
    ("Bread of the week", "BREAD", "Boxes", ["food"], "9.80", ("week", 1)),
)
_STATUSES = {"active": 70, "paused": 8, "payment_failed": 7, "cancelled": 10, "pending": 5}
_CURRENCIES = ("usd", "eur", "gbp")


def populate(store: Store, rng: Random, *, now: int, subscriptions: int, big_customer: int = 0) -> None:
    """Sell subscriptions, one a person; a big customer's come on top of the others."""
    people = [*range(subscriptions), *[subscriptions] * big_customer]
    for number, person in enumerate(people):
        store["subscription"].put(begun(rng, number=number, person=person, at=now - rng.randint(2, 700) * DAY, now=now))
    store["subscription"].sort()


def begun(rng: Random, *, number: int, person: int, at: int, now: int, status: str = "") -> Record:
    """Begin a subscription at a moment, and let it be what it is now."""
    status = status or rng.choices(list(_STATUSES), list(_STATUSES.values()))[0]
    name, sku, category, tags, price, interval = PRODUCTS[number % len(PRODUCTS)]
    last, following = period_at(at, interval, now)
    has_ended = status == "cancelled"
    return {
        **_person(Random(f"person/{person}"), person),
        "id": f"S-{1001 + number}",
        "created": at,
        "modified": now if at == now else last,
        "status": status,
        "item": {"name": name, "sku": sku, "categories": [category], "tags": tags, "store_primary_id": sku.lower()},
        "price": price,
        "quantity": 2 if number % 7 == 3 else 1,
        "interval": list(interval),
        "last": None if status == "pending" else last,
        "paid": {"payment_failed": "declined", "pending": ""}.get(status, "completed"),
        "next": None if has_ended else following,
        "cancelled": last if has_ended else None,
        "card_ends": step(now, ("month", 1), rng.randint(-1, 40)),
        "notes": [rng.choice(NOTES)] if number % 6 == 1 else [],
    }


def _person(rng: Random, number: int) -> Record:
    region = REGIONS[_CURRENCIES[number % len(_CURRENCIES)]]
    name = neighbour(number, otherwise=f"{rng.choice(region.first)} {rng.choice(region.last)}")
    return {
        "customer": f"C-{1 + number}",
        "currency": _CURRENCIES[number % len(_CURRENCIES)].upper(),
        "name": name,
        "email": email_address(name, number, otherwise="customer"),
        "address": _address(rng, rng.choice(region.places)),
        "card": list(rng.choice(CARDS)),
    }


def _address(rng: Random, place: Place) -> Record:
    return {
        "address_1": f"{rng.randint(1, 240)} {rng.choice(place.streets)}",
        "city": place.city,
        "province": place.state or "",
        "country": place.country,
        "postal": place.postal,
        "phone": f"{place.phone}{rng.randint(0, 99):02}",
    }
