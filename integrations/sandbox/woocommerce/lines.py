"""What is sold and what it costs: items, shipping, fees, coupons and tax, of a subscription or of an order.

Lines are shared by a subscription and the orders that it makes, so they are never changed, only replaced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce.money import rounded

Basket = Sequence[tuple[Record, Record | None, int]]
"""Products, the variation of each where it has some, and quantities."""

_OFF = {"LOYAL20": 200, "WELCOME5": 50}
"""What each coupon takes off, per mille."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What comes to the items: `coupon` is a code, `tax` is per mille."""

    coupon: str = ""
    shipping: bool = False
    fee: bool = False
    tax: int = 0


def extras_of(number: int) -> Extras:
    """Choose the extras of the subscription with this number in the row of all that were sold."""
    return Extras(
        coupon={1: "LOYAL20", 5: "WELCOME5", 7: "LOYAL20"}.get(number % 12, ""),
        shipping=number % 3 == 0,
        fee=number % 11 == 4,
        tax=(0, 200, 55, 0)[number % 4],
    )


def draw_up(basket: Basket, extras: Extras, decimals: int) -> Record:
    """Add up what a basket costs with its extras."""

    def part(amount: int, per_mille: int) -> int:
        return rounded(Fraction(amount * per_mille, 1000), decimals)

    def added(amount: int) -> Record:
        return {"total": amount, "tax": part(amount, extras.tax)}

    def item(product: Record, variation: Record | None, quantity: int) -> Record:
        subtotal = (variation or product)["price"] * quantity
        total = subtotal - part(subtotal, _OFF.get(extras.coupon, 0))
        prices = {"subtotal": subtotal, "subtotal_tax": part(subtotal, extras.tax)} | added(total)
        return _sold(product, variation, quantity) | prices

    items = [item(*line) for line in basket]
    cheapest = min(one["subtotal"] for one in items)
    return {
        "items": items,
        "shipping": [{"title": "Flat rate"} | added(part(cheapest, 250))] if extras.shipping else [],
        "fees": [{"name": "Packaging"} | added(part(cheapest, 100))] if extras.fee else [],
        "coupons": [_coupon(extras.coupon, items)] if extras.coupon else [],
        "rate": extras.tax,
    }


def _sold(product: Record, variation: Record | None, quantity: int) -> Record:
    return {
        "product": product["id"],
        "variation": variation["id"] if variation else None,
        "name": f"{product['name']} - {variation['option']}" if variation else product["name"],
        "quantity": quantity,
    }


def _coupon(code: str, items: list[Record]) -> Record:
    return {
        "code": code.lower(),
        "discount": sum(one["subtotal"] - one["total"] for one in items),
        "tax": sum(one["subtotal_tax"] - one["tax"] for one in items),
    }


def nothing_due(lines: Record) -> Record:
    """Leave the items without their prices: what the order of a trial says."""
    free = {"subtotal": 0, "subtotal_tax": 0, "total": 0, "tax": 0}
    return lines | {"items": [item | free for item in lines["items"]], "shipping": [], "fees": [], "coupons": []}


def sums_of(lines: Record) -> dict[str, int]:
    """Add up the totals that WooCommerce shows."""
    items, shipping, fees = lines["items"], lines["shipping"], lines["fees"]
    shipping_tax = sum(one["tax"] for one in shipping)
    cart_tax = sum(one["tax"] for one in (*items, *fees))
    return {
        "discount_total": sum(one["subtotal"] - one["total"] for one in items),
        "discount_tax": sum(one["subtotal_tax"] - one["tax"] for one in items),
        "shipping_total": sum(one["total"] for one in shipping),
        "shipping_tax": shipping_tax,
        "cart_tax": cart_tax,
        "total": sum(one["total"] for one in (*items, *shipping, *fees)) + cart_tax + shipping_tax,
        "total_tax": cart_tax + shipping_tax,
    }
