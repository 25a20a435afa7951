"""The place where documents are written: the records, the mode, and the fields that every kind has."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.store import Record, Store
from integrations.sandbox.stripe import templates

Document = dict[str, Any]

KINDS = (
    "customer",
    "subscription",
    "invoice",
    "payment_method",
    "product",
    "price",
    "coupon",
    "discount",
    "charge",
    "event",
    "webhook_endpoint",
)

_BLANKS: Mapping[str, templates.Template] = {
    "subscription": templates.SUBSCRIPTION,
    "customer": templates.CUSTOMER,
    "invoice": templates.INVOICE,
    "line": templates.LINE,
    "payment_method": templates.PAYMENT_METHOD,
    "product": templates.PRODUCT,
    "price": templates.PRICE,
    "coupon": templates.COUPON,
    "charge": templates.CHARGE,
    "webhook_endpoint": templates.ENDPOINT,
}


class Desk:
    """Hold what the writers of documents need."""

    def __init__(self, store: Store, *, livemode: bool) -> None:
        self.store = store
        self.livemode = livemode
        self.blanks = {kind: {**blank, "livemode": livemode} for kind, blank in _BLANKS.items()}
        self._prices: dict[str, tuple[Record, Document, Document]] = {}

    def price_and_plan(self, identity: str) -> tuple[Document, Document]:
        """Write a price, and the plan that older readers expect; both are shared, so copy before changing one."""
        record = self.store["price"][identity]
        kept = self._prices.get(identity)
        if kept is None or kept[0] is not record:
            kept = self._prices[identity] = (record, self._price(record), self._plan(record))
        return kept[1], kept[2]

    def listed(self, data: list[Document], url: str) -> Document:
        """Write the list inside an object."""
        return {"object": "list", "data": data, "has_more": False, "total_count": len(data), "url": url}

    def _price(self, record: Record) -> Document:
        return {name: value for name, value in (self.blanks["price"] | record).items() if name != "tiers"}

    def _plan(self, record: Record) -> Document:
        recurring = record["recurring"]
        return {
            "id": record["id"],
            "object": "plan",
            "active": record.get("active", True),
            "amount": record["unit_amount"],
            "amount_decimal": record["unit_amount_decimal"],
            "billing_scheme": record.get("billing_scheme", "per_unit"),
            "created": record["created"],
            "currency": record["currency"],
            "interval": recurring["interval"],
            "interval_count": recurring["interval_count"],
            "livemode": self.livemode,
            "metadata": {},
            "meter": recurring["meter"],
            "nickname": record["nickname"],
            "product": record["product"],
            "tiers_mode": record.get("tiers_mode"),
            "transform_usage": None,
            "trial_period_days": None,
            "usage_type": recurring["usage_type"],
        }
