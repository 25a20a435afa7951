"""What is sold and what it costs: items, shipping, fees, coupons and tax, of a subscription or of an order.

Lines are shared by a subscription and the orders that it makes, so they are never changed, only replaced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce.money import UNIT, rounded

Basket = Sequence[tuple[Record, Record | None, int]]
"""Products, the variation of each where it has some, and quantities."""

_KEPT = {"LOYAL20": 20, "WELCOME5": 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What comes to the items: `coupon` is a percentage's code, `tax` per mille."""

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
        tax={0: 0, 1: 200, 2: 55, 3: 0}[number % 4],
    )


def draw_up(basket: Basket, extras: Extras, decimals: int) -> Record:
    """Add up what a basket costs with its extras."""
    percent = _KEPT.get(extras.coupon, 0)

    def taxed(amount: int) -> int:
        return rounded(Fraction(amount * extras.tax, 1000), decimals)

    def item(product: Record, variation: Record | None, quantity: int) -> Record:
        subtotal = (variation or product)["price"] * quantity
        total = subtotal - rounded(Fraction(subtotal * percent, 100), decimals)
        return {
            "product": product["id"],
            "variation": variation["id"] if variation else None,
            "name": f"{product['name']} - {variation['option']}" if variation else product["name"],
            "quantity": quantity,
            "subtotal": subtotal,
            "subtotal_tax": taxed(subtotal),
            "total": total,
            "tax": taxed(total),
        }

    items = [item(*line) for line in basket]
    unit = min(one["subtotal"] for one in items) if items else UNIT
    postage = rounded(Fraction(unit, 4), decimals)
    fee = rounded(Fraction(unit, 10), decimals)
    off = sum(one["subtotal"] - one["total"] for one in items)
    off_tax = sum(one["subtotal_tax"] - one["tax"] for one in items)
    return {
        "items": items,
        "shipping": [{"title": "Flat rate", "total": postage, "tax": taxed(postage)}] if extras.shipping else [],
        "fees": [{"name": "Packaging", "total": fee, "tax": taxed(fee)}] if extras.fee else [],
        "coupons": [{"code": extras.coupon.lower(), "discount": off, "tax": off_tax}] if percent else [],
        "rate": extras.tax,
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
