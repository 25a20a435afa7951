"""What stands in the pages of a Stripe account."""

from typing import TYPE_CHECKING

from integrations.sandbox.dashboard import Dashboard, moment
from integrations.sandbox.store import Record
from integrations.sandbox.stripe.invoicing import total_of
from integrations.sandbox.stripe.verbs import VERBS

if TYPE_CHECKING:
    from integrations.sandbox.stripe.shop import StripeShop

_DECIMALS = {"jpy": 0, "kwd": 3}


class Pages(Dashboard):
    """The dashboard of one shop; Stripe's own links to test objects have /test/ in them."""

    provider = "Stripe"
    places = ("/dashboard", "/dashboard/test")
    heads = ("Customer", "Status", "Product", "Next period", "Subscription")
    verbs = VERBS
    shop: "StripeShop"

    def credentials(self) -> list[tuple[str, object]]:
        """List the key that opens everything here."""
        return [("Live mode", "on" if self.shop.desk.livemode else "off"), ("Restricted API key", self.shop.key)]

    def name(self, record: Record) -> str:
        """Call a subscription by its customer's name, or else their e-mail address."""
        customer = self._customer(record)
        return str(customer.get("name") or customer.get("email") or record["customer"])

    def known(self, record: Record) -> tuple[str | None, ...]:
        """List what a subscription can be found by."""
        customer = self._customer(record)
        return record["id"], record["customer"], record["status"], customer.get("name"), customer.get("email")

    def columns(self, record: Record) -> tuple[object, ...]:
        """Fill the columns after the first."""
        return record["status"], self._products(record), moment(_end(record)), record["id"]

    def facts(self, record: Record) -> list[tuple[str, object]]:
        """Tell what is known of a subscription."""
        return [
            ("Subscription", record["id"]),
            ("Customer", record["customer"]),
            ("E-mail", self._customer(record).get("email") or "none"),
            ("Status", record["status"]),
            ("Collection", "paused" if record.get("pause_collection") else "running"),
            ("Products", self._products(record)),
            ("Began", moment(record["start_date"])),
            ("This period ends", moment(_end(record))),
            ("Ends on", moment(record.get("ended_at") or record.get("cancel_at"))),
            ("Latest invoice", self._invoice(record)),
        ]

    def events(self, record: Record) -> list[Record]:
        """List the events about a subscription, and those of its customer that are about no other."""
        return [one for one in self.shop.store["event"].owned(record["customer"]) if _is_about(one, record)]

    def _products(self, record: Record) -> str:
        prices = (self.shop.store["price"][item["price"]] for item in record["items"])
        return ", ".join(self.shop.store["product"][price["product"]]["name"] for price in prices)

    def _invoice(self, record: Record) -> str:
        invoice = self.shop.store["invoice"].get(record["latest_invoice"])
        if invoice is None:
            return "none"
        decimals = _DECIMALS.get(invoice["currency"], 2)
        amount = f"{total_of(invoice) / 10**decimals:.{decimals}f} {invoice['currency'].upper()}"
        return f"{invoice['status']}, {amount}, {invoice['id']}"

    def _customer(self, record: Record) -> Record:
        return self.shop.store["customer"].get(record["customer"]) or {}


def _is_about(event: Record, subscription: Record) -> bool:
    others = [one for one in event["about"] if one.startswith("sub_")]
    return not others or subscription["id"] in others


def _end(record: Record) -> int:
    return min((int(item["current_period_end"]) for item in record["items"]), default=0)
