"""What the pretend shop sells: products on subscription, some with variations, with categories, tags and brands."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce.money import UNIT, rounded, smallest
from integrations.sandbox.woocommerce.numbers import Numbers

DISCONTINUED = "discontinued"
"""The SKU of the product that was sold once and is not there any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Product:
    name: str
    sku: str
    price: str
    period: str = "month"
    count: int = 1
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    sizes: tuple[tuple[str, str, str], ...] = ()
    """Variations: option, SKU and price."""
    is_virtual: bool = False


# WordPress keeps the names of terms escaped, so an ampersand arrives as an entity.
_PRODUCTS = (
    _Product(
        name="Single Origin Coffee",
        sku="COF",
        price="18.50",
        categories=("Coffee &amp; Tea", "Drinks"),
        tags=("fair trade", "bestseller"),
        brands=("Lantern Roasters",),
        sizes=(("250 g", "COF-250", "18.50"), ("1 kg", "COF-1000", "59.00")),
    ),
    _Product(
        name="Tea of the Month",
        sku="TEA-100",
        price="24.00",
        categories=("Coffee &amp; Tea",),
        tags=("organic",),
        brands=("Maison Camélia",),
    ),
    _Product(
        name="Snack Crate – crème & caramel",
        sku="SNK-12",
        price="29.95",
        count=2,
        categories=("Snacks",),
        tags=("bestseller", "gift"),
        brands=("Bonne Pause", "Tante Odile"),
    ),
    _Product(name="Razor Refills", sku="RAZ-4", price="9.99", count=3, categories=("Care",), brands=("Steel & Chalk",)),
    _Product(name="The Weekly Letter", sku="NWS-W", price="5.00", period="week", is_virtual=True, tags=("digital",)),
    _Product(name="The Daily Paper", sku="NWS-D", price="1.2345", period="day", is_virtual=True, categories=("News",)),
    _Product(name="Gym Membership", sku="GYM-01", price="349.00", period="year", categories=("Sport",)),
    _Product(name="Vitamin Box", sku="", price="39.90", categories=("Care", "Sport"), tags=("organic",)),
    _Product(name="Winter Mug", sku=DISCONTINUED, price="12.00", categories=("Drinks",)),
)

# How much of each currency a unit of the prices above is.
_RATES = {"JPY": Fraction(150), "KWD": Fraction(1, 3), "KRW": Fraction(1500), "MXN": Fraction(20)}


def stock(numbers: Numbers, at: int, *, currency: str, decimals: int) -> Iterator[tuple[str, Record]]:
    """Make the products and their variations, each with its kind."""
    terms: dict[str, Record] = {}

    def listed(names: tuple[str, ...]) -> list[Record]:
        return [terms.setdefault(name, _term(numbers, name)) for name in names]

    def price(text: str) -> int:
        return max(rounded(Fraction(text) * UNIT * _RATES.get(currency, Fraction(1)), decimals), smallest(decimals))

    for product in _PRODUCTS:
        identity = numbers.take("product")
        groups = {name: listed(getattr(product, name)) for name in ("categories", "tags", "brands")}
        yield "product", _product(product, price(product.price)) | groups | _made(identity, at)
        for option, sku, amount in product.sizes:
            size = {"product": identity, "option": option, "sku": sku, "price": price(amount)}
            yield "variation", size | _made(numbers.take("variation"), at)


def _product(product: _Product, price: int) -> Record:
    kept = {name: getattr(product, name) for name in ("name", "sku", "period", "count", "is_virtual")}
    return kept | {"price": price}


def _made(identity: str, at: int) -> Record:
    return {"id": identity, "created": at, "modified": at}


def _term(numbers: Numbers, name: str) -> Record:
    words = "".join(letter if letter.isalnum() else " " for letter in name.replace("&amp;", " ").lower())
    return {"id": int(numbers.take("term")), "name": name, "slug": "-".join(words.split())}
