"""Write lines as `wc/v3` shows them inside orders and subscriptions."""

from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce import templates
from integrations.sandbox.woocommerce.desk import Desk, Document
from integrations.sandbox.woocommerce.money import UNIT, unit_price, written

_MOST_LINES = 20
_PRECISE = 6


def lines_of(desk: Desk, owner: str, lines: Record) -> Document:
    """Write all lines of one order or subscription; their ids come from its own."""
    first = int(owner) * _MOST_LINES
    written_lines: Document = {}
    for name, key, write in _KINDS:
        rows = lines[key]
        written_lines[name] = [write(desk, lines, row) | {"id": first + place} for place, row in enumerate(rows)]
        first += len(rows)
    written_lines["tax_lines"] = _tax_lines(desk, lines, first)
    return written_lines


def _item(desk: Desk, lines: Record, row: Record) -> Document:
    product, variation = desk.store["product"].get(row["product"]), desk.store["variation"].get(row["variation"])
    sold = variation or product
    return templates.ITEM | {
        "name": row["name"],
        "product_id": int(row["product"]),
        "variation_id": int(row["variation"] or 0),
        "quantity": row["quantity"],
        "subtotal": desk.money(row["subtotal"]),
        "subtotal_tax": desk.money(row["subtotal_tax"]),
        "total": desk.money(row["total"]),
        "total_tax": desk.money(row["tax"]),
        "taxes": _taxes(lines, row["tax"], row["subtotal_tax"]),
        "meta_data": _options(variation, row["product"]),
        "sku": sold["sku"] if sold else None,
        "price": unit_price(row["total"], row["quantity"]),
        "parent_name": product["name"] if product and variation else None,
    }


def _shipping(desk: Desk, lines: Record, row: Record) -> Document:
    return templates.SHIPPING_LINE | {
        "method_title": row["title"],
        "total": desk.money(row["total"]),
        "total_tax": desk.money(row["tax"]),
        "taxes": _taxes(lines, row["tax"], None),
    }


def _fee(desk: Desk, lines: Record, row: Record) -> Document:
    return templates.FEE_LINE | {
        "name": row["name"],
        "amount": desk.money(row["total"]),
        "total": desk.money(row["total"]),
        "total_tax": desk.money(row["tax"]),
        "taxes": _taxes(lines, row["tax"], None),
    }


def _coupon(desk: Desk, lines: Record, row: Record) -> Document:
    return templates.COUPON_LINE | {
        "code": row["code"],
        "discount": desk.money(row["discount"]),
        "discount_tax": desk.money(row["tax"]),
    }


def _tax_lines(desk: Desk, lines: Record, identity: int) -> list[Document]:
    if not lines["rate"]:
        return []
    return [
        templates.TAX_LINE
        | {
            "id": identity,
            "tax_total": desk.money(sum(row["tax"] for row in (*lines["items"], *lines["fees"]))),
            "shipping_tax_total": desk.money(sum(row["tax"] for row in lines["shipping"])),
            "rate_percent": lines["rate"] / 10,
        }
    ]


def _taxes(lines: Record, total: int, subtotal: int | None) -> list[Document]:
    if not lines["rate"]:
        return []
    shown = "" if subtotal is None else _precise(subtotal)
    return [{"id": 1, "total": _precise(total), "subtotal": shown}]


def _precise(amount: int) -> str:
    return written(amount, _PRECISE).rstrip("0").rstrip(".") if amount % UNIT else str(amount // UNIT)


def _options(variation: Record | None, product: str) -> list[Document]:
    if variation is None:
        return []
    value = variation["option"]
    return [{"id": int(product), "key": "size", "value": value, "display_key": "Size", "display_value": value}]


_KINDS = (
    ("line_items", "items", _item),
    ("shipping_lines", "shipping", _shipping),
    ("fee_lines", "fees", _fee),
    ("coupon_lines", "coupons", _coupon),
)
