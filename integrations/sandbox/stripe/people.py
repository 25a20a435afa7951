"""Make customers and their cards."""

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from integrations.sandbox.chances import email_address, letters
from integrations.sandbox.names import CARDS, COMPANIES, REGIONS, Place, neighbour
from integrations.sandbox.store import Record
from integrations.sandbox.stripe.ids import mint
from integrations.sandbox.stripe.scenarios import PLAIN, Quirk


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A customer with a card, and the e-mail address that their invoices show."""

    customer: Record
    card: Record | None
    invoice_email: str | None


def meet(rng: Random, *, currency: str, at: int, number: int, quirk: Quirk = PLAIN, repeated: str = "") -> Person:
    """Make a customer; `number` sets their e-mail address apart, `repeated` is the one to use again."""
    region = REGIONS[currency]
    place = rng.choice(region.places)
    spoken = neighbour(number, otherwise=f"{rng.choice(region.first)} {rng.choice(region.last)}")
    name = spoken if quirk.name == "" else quirk.name
    email = repeated if quirk.repeats and repeated else email_address(name or spoken, number, otherwise="customer")
    email = email.upper() if quirk.shouts and not quirk.repeats else email
    address = _address(rng, place)
    customer = _customer(rng, place, name, email if quirk.email_on == "customer" else None, address, at)
    customer["currency"] = currency
    card = None
    if quirk.has_card:
        card = _card(rng, customer, email if quirk.email_on in ("customer", "card") else None, at)
        customer["invoice_settings"] = {"default_payment_method": card["id"]}
    shown = email if quirk.email_on in ("customer", "invoice") else None
    return Person(customer=customer, card=card, invoice_email=shown)


def _customer(rng: Random, place: Place, name: str | None, email: str | None, address: Record, at: int) -> Record:
    phone = f"{place.phone}{rng.randint(0, 99):02}" if rng.random() < 0.6 else None
    customer: Record = {"id": mint(rng, "customer"), "created": at, "name": name, "email": email, "address": address}
    if phone:
        customer["phone"] = phone
    if rng.random() < 0.4:
        home = address if rng.random() < 0.7 else _address(rng, place)
        customer["shipping"] = {"address": home, "name": name or "Reception", "phone": phone}
    if rng.random() < 0.12:
        customer["business_name"] = rng.choice(COMPANIES)
    return customer


def _address(rng: Random, place: Place) -> Record:
    return {
        "city": place.city,
        "country": place.country,
        "line1": f"{rng.randint(1, 240)} {rng.choice(place.streets)}",
        "line2": f"Apt {rng.randint(1, 40)}" if rng.random() < 0.25 else None,
        "postal_code": place.postal,
        "state": place.state,
    }


def _card(rng: Random, customer: Record, email: str | None, at: int) -> Record:
    brand, last4 = rng.choice(CARDS)
    month, year = _expiry(rng, at)
    billing = {"address": customer["address"], "email": email, "name": customer["name"], "phone": None, "tax_id": None}
    return {
        "id": mint(rng, "payment_method"),
        "created": at,
        "customer": customer["id"],
        "billing_details": billing,
        "card": {
            "brand": brand,
            "country": customer["address"]["country"],
            "exp_month": month,
            "exp_year": year,
            "fingerprint": letters(rng, 16),
            "last4": last4,
        },
    }


def _expiry(rng: Random, at: int) -> tuple[int, int]:
    moment = datetime.fromtimestamp(at, UTC)
    years, month = divmod(moment.year * 12 + moment.month - 1 + rng.randint(-2, 48), 12)
    return month + 1, years
