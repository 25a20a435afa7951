"""The products and plans of the pretend shop, invented: every currency has an endless, a trial and a finite plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from integrations.sandbox.paypal.ids import mint
from integrations.sandbox.store import Record


@dataclass(frozen=True, slots=True)
class _Product:
    key: str
    name: str
    type: str
    category: str | None


@dataclass(frozen=True, slots=True)
class _Trial:
    price: int
    unit: str
    count: int
    cycles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A plan; `price` is for one, in the smallest unit, and None where tiers have it; `cycles` 0 is without end."""

    product: str
    name: str
    currency: str
    price: int | None = None
    unit: str = "MONTH"
    count: int = 1
    cycles: int = 0
    model: str = ""
    tax: str | None = None
    inclusive: bool = False
    trial: _Trial | None = None
    is_active: bool = True


_PRODUCTS = (
    _Product("studio", "Harbor Studio", "SERVICE", "SOFTWARE"),
    _Product("magazine", "Quarto Magazine", "PHYSICAL", "BOOKS_AND_MAGAZINES"),
    _Product("coffee", "Blue Kettle Coffee", "PHYSICAL", "GOURMET_FOODS"),
    _Product("gym", "Gym & Sauna", "SERVICE", None),
)

_PLANS = (
    _Plan(product="studio", name="Studio Pro", currency="USD", price=2900, tax="8.5"),
    _Plan(product="studio", name="Studio Pro, yearly", currency="USD", price=29000, unit="YEAR", tax="8.5"),
    _Plan(
        product="studio",
        name="Studio Pro after a free fortnight",
        currency="USD",
        price=2900,
        trial=_Trial(0, "DAY", 14, 1),
    ),
    _Plan(
        product="studio",
        name="Studio Team by volume",
        currency="USD",
        model="VOLUME",
    ),
    _Plan(product="studio", name="Studio Storage in steps", currency="USD", model="TIERED"),
    _Plan(product="magazine", name="Quarto, 12 issues", currency="USD", price=950, unit="WEEK", count=2, cycles=12),
    _Plan(product="coffee", name="Beans every ten days", currency="USD", price=1850, unit="DAY", count=10),
    _Plan(product="studio", name="Studio Pro, retired", currency="USD", price=1999, is_active=False),
    _Plan(product="studio", name="Studio Pro, mensuel", currency="EUR", price=2700, tax="20", inclusive=True),
    _Plan(
        product="studio",
        name="Studio Pro nach der Probe",
        currency="EUR",
        price=2700,
        trial=_Trial(100, "WEEK", 1, 2),
        tax="19",
        inclusive=True,
    ),
    _Plan(product="magazine", name="Quarto, six numéros", currency="EUR", price=850, count=2, cycles=6),
    _Plan(product="coffee", name="Bohnen & mehr", currency="EUR", price=1649, count=3),
    _Plan(product="studio", name="スタジオ プロ", currency="JPY", price=2980, tax="10", inclusive=True),
    _Plan(product="studio", name="スタジオ お試し", currency="JPY", price=2980, trial=_Trial(0, "MONTH", 1, 1)),
    _Plan(product="magazine", name="クアルト 四季", currency="JPY", price=1200, count=3, cycles=4),
    _Plan(product="gym", name="Gym & Sauna", currency="GBP", price=2499),
    _Plan(product="gym", name="Gym & Sauna, try it", currency="GBP", price=2499, trial=_Trial(0, "WEEK", 2, 1)),
    _Plan(product="gym", name="Gym for half a year", currency="GBP", price=1999, cycles=6),
)
_TIERS = ((1, 9, 1200), (10, 49, 1000), (50, None, 800))

SHIPPING = {"USD": 600, "EUR": 490, "JPY": 700, "GBP": 395}


def stock(rng: Random, at: int) -> Iterator[tuple[str, Record]]:
    """Make the products and plans, as (kind, record)."""
    products = {row.key: _product(row, rng, at + place) for place, row in enumerate(_PRODUCTS)}
    yield from (("product", product) for product in products.values())
    for place, row in enumerate(_PLANS):
        yield "plan", _plan(row, products[row.product], rng, at + place)


def _product(row: _Product, rng: Random, at: int) -> Record:
    return {
        "id": mint(rng, "product"),
        "created": at,
        "updated": at,
        "name": row.name,
        "type": row.type,
        "category": row.category,
    }


def _plan(row: _Plan, product: Record, rng: Random, at: int) -> Record:
    return {
        "id": mint(rng, "plan"),
        "created": at,
        "updated": at,
        "product": product["id"],
        "is_shipped": product["type"] == "PHYSICAL",
        "name": row.name,
        "status": "ACTIVE" if row.is_active else "INACTIVE",
        "currency": row.currency,
        "price": row.price,
        "model": row.model,
        "tiers": [list(tier) for tier in _TIERS] if row.model else [],
        "interval": [row.unit, row.count],
        "cycles": row.cycles,
        "trial": None if row.trial is None else _trial(row.trial),
        "tax": row.tax,
        "inclusive": row.inclusive,
    }


def _trial(trial: _Trial) -> Record:
    return {"price": trial.price, "interval": [trial.unit, trial.count], "cycles": trial.cycles}
