"""Make customers and their addresses."""

from dataclasses import dataclass
from random import Random

from integrations.sandbox.chances import email_address
from integrations.sandbox.names import COMPANIES, REGIONS, Place, neighbour
from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce.scenarios import PLAIN, Quirk

GUEST = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who buys: a customer of the shop, or a guest, whose number is 0."""

    id: str
    billing: Record
    shipping: Record


def meet(rng: Random, identity: str, *, currency: str, number: int, quirk: Quirk = PLAIN, repeated: str = "") -> Person:
    """Make a person; `number` sets their e-mail address apart, `repeated` is the one to use again."""
    region = REGIONS.get(currency.lower(), REGIONS["usd"])
    place = rng.choice(region.places)
    name = quirk.name or neighbour(number, otherwise=f"{rng.choice(region.first)} {rng.choice(region.last)}")
    email = repeated if quirk.repeats and repeated else email_address(name, number, otherwise="customer")
    home = named(_address(rng, place), name)
    billing = home | {
        "email": (email.upper() if quirk.shouts else email) if quirk.has_email else "",
        "phone": f"{place.phone}{rng.randint(0, 99):02}" if rng.random() < 0.6 else "",
    }
    return Person(id=identity, billing=billing, shipping=_shipping(rng, place, home, name))


def named(address: Record, name: str) -> Record:
    """Put a name into an address: the last word is the last name, a single word the first."""
    first, _, last = name.rpartition(" ")
    return address | {"first_name": first or last, "last_name": last if first else ""}


def customer_record(person: Person, at: int) -> Record:
    """Write down a customer."""
    return {
        "id": person.id,
        "created": at,
        "modified": at,
        "email": person.billing["email"],
        "first_name": person.billing["first_name"],
        "last_name": person.billing["last_name"],
        "username": person.billing["email"].lower().partition("@")[0] or f"customer{person.id}",
        "billing": person.billing,
        "shipping": person.shipping,
    }


def known(customer: Record) -> Person:
    """Recognise a customer."""
    return Person(id=customer["id"], billing=customer["billing"], shipping=customer["shipping"])


def _shipping(rng: Random, place: Place, home: Record, name: str) -> Record:
    if rng.random() < 0.3:
        return dict.fromkeys((*home, "phone"), "")
    away = home if rng.random() < 0.7 else named(_address(rng, place), name)
    return away | {"phone": f"{place.phone}{rng.randint(0, 99):02}" if rng.random() < 0.3 else ""}


def _address(rng: Random, place: Place) -> Record:
    return {
        "first_name": "",
        "last_name": "",
        "company": rng.choice(COMPANIES) if rng.random() < 0.12 else "",
        "address_1": f"{rng.randint(1, 240)} {rng.choice(place.streets)}",
        "address_2": f"Apt {rng.randint(1, 40)}" if rng.random() < 0.25 else "",
        "city": place.city,
        "state": place.state or "",
        "postcode": place.postal,
        "country": place.country,
    }
