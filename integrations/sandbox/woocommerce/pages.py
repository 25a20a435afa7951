"""What stands in the pages of a WooCommerce shop."""

from typing import TYPE_CHECKING

from integrations.sandbox import brackets
from integrations.sandbox.dashboard import Dashboard, moment
from integrations.sandbox.routing import Row
from integrations.sandbox.store import Record
from integrations.sandbox.wire import Answer, Request, see_other
from integrations.sandbox.woocommerce.documents import newest_order
from integrations.sandbox.woocommerce.lines import sums_of
from integrations.sandbox.woocommerce.verbs import VERBS

if TYPE_CHECKING:
    from integrations.sandbox.woocommerce.shop import WooShop

_PERIODS = {1: "every", 2: "every 2nd", 3: "every 3rd"}


class Pages(Dashboard):
    """The dashboard of one shop, where every pretend shop has it too; WordPress's own addresses lead to its pages."""

    provider = "WooCommerce"
    places = ("/wp-admin", "/dashboard")
    heads = ("Customer", "Status", "Products", "Total", "Next payment", "Subscription")
    verbs = VERBS
    shop: "WooShop"

    def routes(self) -> list[Row]:
        """List the pages, and WordPress's own addresses of them."""
        return [
            ("GET", "/wp-admin/post.php", self._forward),
            ("GET", "/wp-admin/admin.php", self._forward),
            *super().routes(),
        ]

    def credentials(self) -> list[tuple[str, object]]:
        """List the first key, which may read and write."""
        key = self.shop.keys[0]
        return [("Consumer key", key.consumer_key), ("Consumer secret", key.consumer_secret)]

    def name(self, record: Record) -> str:
        """Call a subscription by who pays, or else their e-mail address."""
        address = record["billing"]
        return f"{address['first_name']} {address['last_name']}".strip() or address["email"] or f"#{record['id']}"

    def known(self, record: Record) -> tuple[str | None, ...]:
        """List what a subscription can be found by."""
        return record["id"], record["status"], record["billing"]["email"], self.name(record)

    def columns(self, record: Record) -> tuple[object, ...]:
        """Fill the columns after the first."""
        return record["status"], _products(record), self._price(record), moment(record["next_payment"]), record["id"]

    def facts(self, record: Record) -> list[tuple[str, object]]:
        """Tell what is known of a subscription."""
        order = newest_order(self.shop.desk, record["id"])
        return [
            ("Subscription", record["id"]),
            ("Customer", "guest" if record["customer"] == "0" else record["customer"]),
            ("E-mail", record["billing"]["email"] or "none"),
            ("Status", record["status"]),
            ("Products", _products(record)),
            ("Total", self._price(record)),
            ("Began", moment(record["start"])),
            ("Next payment", moment(record["next_payment"])),
            ("Tried again", moment(record["retry"])),
            ("Ends on", moment(record["end"])),
            ("Newest order", f"{order['status']}, {order['id']}" if order else "none"),
        ]

    def events(self, record: Record) -> list[Record]:
        """List the events about a subscription and its orders."""
        return self.shop.store["event"].owned(record["id"])

    def _price(self, record: Record) -> str:
        total = self.shop.desk.money(sums_of(record["lines"])["total"])
        often = _PERIODS.get(record["count"], f"every {record['count']}th")
        return f"{total} {self.shop.desk.currency} {often} {record['period']}"

    def _forward(self, request: Request) -> Answer:
        asked = brackets.decode(request.query)
        named = str(asked.get("post") or asked.get("id") or "")
        return see_other(f"/wp-admin/subscriptions/{named if named.isdecimal() else ''}")


def _products(record: Record) -> str:
    return ", ".join(item["name"] for item in record["lines"]["items"])
