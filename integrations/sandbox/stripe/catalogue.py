"""What the pretend shop sells: products, prices in four currencies, coupons and tax rates."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from integrations.sandbox.store import Record
from integrations.sandbox.stripe.ids import mint


@dataclass(frozen=True, slots=True)
class _Product:
    key: str
    name: str
    category: str
    brand: str
    sku: str
    shippable: bool


@dataclass(frozen=True, slots=True)
class _Price:
    product: str
    currency: str
    amount: int | str | None
    interval: str
    count: int
    nickname: str | None = None
    lookup_key: str | None = None
    usage: str = "licensed"


_PRODUCTS = (
    _Product("coffee", "Single Origin Coffee Box", "Coffee", "Lantern Roasters", "COF-250", True),
    _Product("tea", "Tea of the Month", "Tea", "Maison Camélia", "TEA-100", True),
    _Product("crate", "Snack Crate – crème & caramel", "Snacks", "Bonne Pause", "SNK-12", True),
    _Product("paper", "The Daily Paper", "News", "Morning Wire", "NWS-D", False),
    _Product("letter", "The Weekly Letter", "News", "Morning Wire", "NWS-W", False),
    _Product("studio", "Studio App", "Software", "Quarto", "APP-STU", False),
    _Product("seats", "Team Seats", "Software", "Quarto", "APP-SEAT", False),
    _Product("calls", "API Calls", "Usage", "Quarto", "USE-API", False),
    _Product("storage", "Cloud Storage", "Usage", "Quarto", "USE-GB", False),
    _Product("gym", "Gym Membership", "Sport", "Steel & Chalk", "GYM-01", False),
)

# An amount in quotes has a fraction of a cent; none at all means tiers.
_PRICES = (
    _Price("coffee", "usd", 1800, "month", 1, "Coffee, monthly", "coffee_month_usd"),
    _Price("coffee", "usd", 4900, "month", 3, "Coffee, every quarter"),
    _Price("tea", "usd", 2400, "month", 1),
    _Price("letter", "usd", 500, "week", 1, None, "letter_week_usd"),
    _Price("paper", "usd", 120, "day", 1),
    _Price("studio", "usd", 1200, "month", 1, "Studio Pro"),
    _Price("studio", "usd", 12000, "year", 1, "Studio Pro, yearly", "studio_year_usd"),
    _Price("seats", "usd", 900, "month", 1, "Team seats"),
    _Price("calls", "usd", "0.25", "month", 1, "Calls, pay as you go", None, "metered"),
    _Price("storage", "usd", None, "month", 1, "Storage, by the gigabyte"),
    _Price("gym", "usd", 1500, "week", 2),
    _Price("coffee", "eur", 1690, "month", 1, "Café, chaque mois", "coffee_month_eur"),
    _Price("studio", "eur", 1100, "month", 1, "Studio Pro"),
    _Price("studio", "eur", 11000, "year", 1, None, "studio_year_eur"),
    _Price("paper", "eur", "99.5", "day", 1, "Tageszeitung"),
    _Price("storage", "eur", None, "month", 1, None, "storage_eur", "metered"),
    _Price("letter", "eur", 450, "week", 1),
    _Price("tea", "jpy", 2400, "month", 1, "お茶の定期便"),
    _Price("crate", "jpy", 3200, "month", 2, None, "crate_jpy"),
    _Price("studio", "jpy", 15000, "year", 1, "Studio Pro, yearly"),
    _Price("coffee", "kwd", 5500, "month", 1),
    _Price("studio", "kwd", 37500, "year", 1, "Studio Pro, yearly", "studio_year_kwd"),
    _Price("gym", "kwd", 12250, "month", 6),
)
_TIERS = ((10, 0, 500), (100, 0, 300), (None, 1000, 150))

COUPONS: dict[str, dict[str, Any]] = {
    "LOYAL20": {"percent_off": 20.0, "duration": "forever", "name": "Twenty per cent, for good"},
    "WELCOME_USD": {"amount_off": 500, "currency": "usd", "duration": "repeating", "name": "Welcome"},
    "WELCOME_EUR": {"amount_off": 400, "currency": "eur", "duration": "repeating", "name": "Bienvenue"},
    "WELCOME_JPY": {"amount_off": 500, "currency": "jpy", "duration": "repeating", "name": "ようこそ"},
    "WELCOME_KWD": {"amount_off": 1250, "currency": "kwd", "duration": "repeating", "name": "Welcome"},
}


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A country's tax: per mille, and whether prices include it."""

    id: str
    per_mille: int
    inclusive: bool


TAXES = {
    "US": TaxRate("txr_1SandboxSalesTaxUS000", 85, False),
    "CA": TaxRate("txr_1SandboxSalesTaxCA000", 150, False),
    "DE": TaxRate("txr_1SandboxValueAddedDE0", 190, True),
    "FR": TaxRate("txr_1SandboxValueAddedFR0", 200, True),
    "NL": TaxRate("txr_1SandboxValueAddedNL0", 210, True),
    "ES": TaxRate("txr_1SandboxValueAddedES0", 210, True),
    "JP": TaxRate("txr_1SandboxConsumptionJP", 100, True),
}
SHIPPING = {"usd": 600, "eur": 490, "jpy": 700, "kwd": 1500}


def stock(rng: Random, at: int) -> Iterator[tuple[str, Record]]:
    """Make the products, prices and coupons, as (kind, record)."""
    products = {row.key: _product(row, rng, at + place) for place, row in enumerate(_PRODUCTS)}
    yield from (("product", product) for product in products.values())
    for place, row in enumerate(_PRICES):
        yield "price", _price(row, products[row.product]["id"], rng, at + place)
    for name, coupon in COUPONS.items():
        yield "coupon", {"id": name, "created": at, **coupon}


def _product(row: _Product, rng: Random, at: int) -> Record:
    return {
        "id": mint(rng, "product"),
        "created": at,
        "updated": at,
        "name": row.name,
        "shippable": row.shippable,
        "metadata": {"category": row.category, "brand": row.brand, "sku": row.sku},
    }


def _price(row: _Price, product: str, rng: Random, at: int) -> Record:
    whole = row.amount if isinstance(row.amount, int) else None
    return {
        "id": mint(rng, "price"),
        "created": at,
        "product": product,
        "currency": row.currency,
        "nickname": row.nickname,
        "lookup_key": row.lookup_key,
        "unit_amount": whole,
        "unit_amount_decimal": None if row.amount is None else str(row.amount),
        "recurring": _recurring(row),
        **(_tiered(row) if row.amount is None else {}),
    }


def _recurring(row: _Price) -> Record:
    meter = "mtr_1SandboxMeter0000000" if row.usage == "metered" else None
    return {
        "interval": row.interval,
        "interval_count": row.count,
        "meter": meter,
        "trial_period_days": None,
        "usage_type": row.usage,
    }


def _tiered(row: _Price) -> Record:
    return {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": [_tier(*tier) for tier in _TIERS]}


def _tier(up_to: int | None, flat: int, unit: int) -> Record:
    return {
        "flat_amount": flat,
        "flat_amount_decimal": str(flat),
        "unit_amount": unit,
        "unit_amount_decimal": str(unit),
        "up_to": up_to,
    }
