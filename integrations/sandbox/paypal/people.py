"""Make payers: names, addresses, and for some a card."""

from random import Random
from typing import Any

from integrations.sandbox.chances import email_address
from integrations.sandbox.names import CARDS, REGIONS, Place, neighbour
from integrations.sandbox.paypal.ids import mint
from integrations.sandbox.paypal.moments import written
from integrations.sandbox.paypal.scenarios import PLAIN, Quirk
from integrations.sandbox.periods import step
from integrations.sandbox.store import Record


def meet(rng: Random, *, currency: str, at: int, number: int, quirk: Quirk = PLAIN, repeated: str = "") -> Record:
    """Make a payer; `number` sets their e-mail address apart, `repeated` is the one to use again."""
    region = REGIONS[currency.lower()]
    place = rng.choice(region.places)
    spoken = neighbour(number, otherwise=f"{rng.choice(region.first)} {rng.choice(region.last)}")
    name = spoken if quirk.name == "" else quirk.name
    email = repeated if quirk.repeats and repeated else email_address(name or spoken, number, otherwise="payer")
    address = _address(rng, place)
    has_card = rng.random() < 0.5 if quirk.has_card is None else quirk.has_card
    return {
        "id": mint(rng, "payer"),
        "created": at,
        "name": name_parts(name),
        "email": (email.upper() if quirk.shouts and not quirk.repeats else email) if quirk.has_email else None,
        "address": address,
        "ship_to": _ship_to(name, address, quirk),
        "card": _card(rng, name, address, at) if has_card else None,
    }


def name_parts(name: str | None) -> dict[str, str]:
    """Split a name at its last space; a single word is the given name."""
    if not name:
        return {}
    given, _, surname = name.rpartition(" ")
    return {"given_name": given, "surname": surname} if given else {"given_name": surname}


def spoken_name(payer: Record) -> str:
    """Say the whole name of a payer; "" when it is not known."""
    return " ".join(payer["name"].values())


def _ship_to(name: str | None, address: dict[str, str], quirk: Quirk) -> dict[str, Any] | None:
    if quirk.ships_to == "nobody":
        return None
    named = {"name": {"full_name": name}} if name and not quirk.ships_to else {}
    return {**named, "address": address}


def _address(rng: Random, place: Place) -> dict[str, str]:
    lines = {
        "address_line_1": f"{rng.randint(1, 240)} {rng.choice(place.streets)}",
        "address_line_2": f"Apt {rng.randint(1, 40)}" if rng.random() < 0.25 else None,
        "admin_area_2": place.city,
        "admin_area_1": place.state,
        "postal_code": place.postal,
        "country_code": place.country,
    }
    return {name: line for name, line in lines.items() if line}


def _card(rng: Random, name: str | None, address: dict[str, str], at: int) -> dict[str, Any]:
    brand, digits = rng.choice(CARDS)
    ends = step(at, ("month", 1), rng.randint(-2, 48))
    named = {"name": name} if name else {}
    return {
        **named,
        "billing_address": address,
        "brand": brand.upper(),
        "expiry": written(ends)[:7],
        "last_digits": digits,
    }
