"""Write records as `wc/v3` shows them."""

from collections.abc import Callable

from integrations.sandbox.store import Record
from integrations.sandbox.woocommerce import templates
from integrations.sandbox.woocommerce.dates import wall
from integrations.sandbox.woocommerce.desk import Desk, Document
from integrations.sandbox.woocommerce.line_documents import lines_of
from integrations.sandbox.woocommerce.lines import sums_of

ROUTES = {
    "subscription": "subscriptions",
    "order": "orders",
    "product": "products",
    "customer": "customers",
    "webhook": "webhooks",
}
_DATES = ("start", "trial_end", "next_payment", "last_payment", "cancelled", "end")
_RELATIONS = {
    "renewal": "_subscription_renewal",
    "switch": "_subscription_switch",
    "resubscribe": "_subscription_resubscribe",
}
_METHODS = {
    "stripe": "Credit card",
    "ppcp-gateway": "PayPal",
    "woocommerce_payments": "Visa credit card",
    "bacs": "Direct bank transfer",
}
_OPEN = frozenset({"pending", "on-hold"})
_BLANK_ADDRESS = dict.fromkeys(
    ("first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country"), ""
)


def document(desk: Desk, kind: str, record: Record) -> Document:
    """Write a record of any kind."""
    return _WRITERS[kind](desk, record)


def _subscription(desk: Desk, record: Record) -> Document:
    newest = newest_order(desk, record["id"])
    paid = newest["paid"] if newest else None
    dates = {f"{name}_date_gmt": wall(record[name]) or "" for name in _DATES}
    return (
        templates.SUBSCRIPTION
        | _common(desk, record)
        | dates
        | desk.dated("date_paid", paid)
        | {
            "parent_id": int(record["parent"] or 0),
            "created_via": record["via"],
            "customer_note": record["note"],
            "meta_data": _meta(record["id"], record["meta"]),
            "billing_period": record["period"],
            "billing_interval": str(record["count"]),
            "payment_retry_date_gmt": wall(record["retry"]) or "",
            "resubscribed_from": record.get("resubscribed_from", ""),
            "resubscribed_subscription": record.get("resubscribed_to", ""),
            "_links": desk.links("subscriptions", record["id"]),
        }
    )


def _order(desk: Desk, record: Record) -> Document:
    refunds = record.get("refunds", ())
    return (
        templates.ORDER
        | _common(desk, record)
        | desk.dated("date_paid", record["paid"])
        | desk.dated("date_completed", record["completed"])
        | {
            "transaction_id": f"txn_{record['id']}" if record["paid"] else "",
            "created_via": "subscription" if record["relation"] == "renewal" else "checkout",
            "meta_data": _meta(record["id"], _relation(record)),
            "refunds": [one | {"total": desk.money(-one["total"])} for one in refunds],
            "needs_payment": record["status"] in ("pending", "failed"),
            "needs_processing": record["status"] == "processing",
            "_links": desk.links("orders", record["id"]),
        }
    )


def newest_order(desk: Desk, subscription: str) -> Record | None:
    """Find the order of a subscription that came last; None where there is none."""
    return next(reversed(desk.store["order"].owned(subscription)), None)


def _common(desk: Desk, record: Record) -> Document:
    identity = record["id"]
    return {
        "id": int(identity),
        "status": record["status"],
        "currency": desk.currency,
        "currency_symbol": desk.symbol,
        **desk.dated("date_created", record["created"]),
        **desk.dated("date_modified", record["modified"]),
        **{name: desk.money(amount) for name, amount in sums_of(record["lines"]).items()},
        **lines_of(desk, identity, record["lines"]),
        "customer_id": int(record["customer"]),
        "order_key": f"wc_order_{int(identity) * 7919 % 16**8:08x}",
        "billing": _BLANK_ADDRESS | record["billing"],
        "shipping": _BLANK_ADDRESS | record["shipping"],
        "payment_method": record["method"],
        "payment_method_title": _METHODS.get(record["method"], record["method"]),
        "number": record.get("number", identity),
        "payment_url": f"{desk.home()}/checkout/order-pay/{identity}/",
        "is_editable": record["status"] in _OPEN,
    }


def _relation(record: Record) -> list[Record]:
    key = _RELATIONS.get(record["relation"])
    return [{"key": key, "value": record.get("before", record["subscription"])}] if key else []


def _meta(owner: str, rows: list[Record]) -> list[Document]:
    return [{"id": int(owner) * 20 + place, **row} for place, row in enumerate(rows)]


def _product(desk: Desk, record: Record) -> Document:
    variations = [int(one["id"]) for one in desk.store["variation"].owned(record["id"])]
    sizes = [one["option"] for one in desk.store["variation"].owned(record["id"])]
    return (
        templates.PRODUCT
        | _sold(desk, record)
        | {
            "name": record["name"],
            "slug": f"product-{record['id']}",
            "type": "variable-subscription" if variations else "subscription",
            "virtual": record["is_virtual"],
            "categories": record["categories"],
            "tags": record["tags"],
            "brands": record["brands"],
            "attributes": [{"id": 0, "name": "Size", "position": 0, "options": sizes}] if sizes else [],
            "variations": variations,
            "meta_data": _meta(
                record["id"],
                [
                    {"key": "_subscription_period", "value": record["period"]},
                    {"key": "_subscription_period_interval", "value": str(record["count"])},
                ],
            ),
            "_links": desk.links("products", record["id"]),
        }
    )


def _variation(desk: Desk, record: Record) -> Document:
    return (
        templates.VARIATION
        | _sold(desk, record)
        | {
            "name": record["option"],
            "parent_id": int(record["product"]),
            "attributes": [{"id": 0, "name": "Size", "option": record["option"]}],
            "_links": desk.links(f"products/{record['product']}/variations", record["id"]),
        }
    )


def _sold(desk: Desk, record: Record) -> Document:
    return {
        "id": int(record["id"]),
        "permalink": f"{desk.home()}/?p={record['id']}",
        **desk.dated("date_created", record["created"]),
        **desk.dated("date_modified", record["modified"]),
        "sku": record["sku"],
        "price": desk.money(record["price"]),
        "regular_price": desk.money(record["price"]),
    }


def _customer(desk: Desk, record: Record) -> Document:
    given = {name: record[name] for name in ("email", "first_name", "last_name", "username", "billing", "shipping")}
    dates = desk.dated("date_created", record["created"]) | desk.dated("date_modified", record["modified"])
    return (
        templates.CUSTOMER | given | dates | {"id": int(record["id"]), "_links": desk.links("customers", record["id"])}
    )


def _webhook(desk: Desk, record: Record) -> Document:
    resource, _, event = record["topic"].partition(".")
    given = {name: record[name] for name in ("name", "status", "topic", "delivery_url")}
    return (
        templates.WEBHOOK
        | given
        | desk.dated("date_created", record["created"])
        | desk.dated("date_modified", record["modified"])
        | {
            "id": int(record["id"]),
            "resource": resource,
            "event": event,
            "hooks": [f"woocommerce_{resource}_{event}"],
            "_links": desk.links("webhooks", record["id"]),
        }
    )


_WRITERS: dict[str, Callable[[Desk, Record], Document]] = {
    "subscription": _subscription,
    "order": _order,
    "product": _product,
    "variation": _variation,
    "customer": _customer,
    "webhook": _webhook,
}
