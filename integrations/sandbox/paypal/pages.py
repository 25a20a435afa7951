"""What stands in the pages of a PayPal account."""

from typing import TYPE_CHECKING

from integrations.sandbox.dashboard import Dashboard, moment
from integrations.sandbox.paypal.amounts import exact
from integrations.sandbox.paypal.cycles import is_in_trial
from integrations.sandbox.paypal.people import spoken_name
from integrations.sandbox.paypal.verbs import VERBS
from integrations.sandbox.store import Record

if TYPE_CHECKING:
    from integrations.sandbox.paypal.shop import PayPalShop


class Pages(Dashboard):
    """The dashboard of one shop; PayPal's own pages of subscriptions are under /billing/."""

    provider = "PayPal"
    places = ("/dashboard", "/billing")
    heads = ("Subscriber", "Status", "Plan", "Next payment", "Subscription")
    verbs = VERBS
    shop: "PayPalShop"

    def credentials(self) -> list[tuple[str, object]]:
        """List the REST app's two halves."""
        client_id, secret = self.shop.tokens.credentials
        is_live = "sandbox" not in self.shop.home
        return [("Live mode", "on" if is_live else "off"), ("Client ID", client_id), ("Client secret", secret)]

    def name(self, record: Record) -> str:
        """Call a subscription by its payer's name, or else their e-mail address."""
        payer = self._payer(record)
        return (spoken_name(payer) or payer["email"] or payer["id"]) if payer else "Nobody yet"

    def known(self, record: Record) -> tuple[str | None, ...]:
        """List what a subscription can be found by."""
        payer = self._payer(record) or {"name": {}, "email": None}
        return record["id"], record["payer"], record["status"], spoken_name(payer), payer["email"]

    def columns(self, record: Record) -> tuple[object, ...]:
        """Fill the columns after the first."""
        return record["status"], self._plan(record)["name"], moment(record["next"]), record["id"]

    def facts(self, record: Record) -> list[tuple[str, object]]:
        """Tell what is known of a subscription."""
        payer = self._payer(record) or {"email": None}
        return [
            ("Subscription", record["id"]),
            ("Payer", record["payer"] or "nobody yet"),
            ("E-mail", payer["email"] or "none"),
            ("Status", record["status"]),
            ("Plan", self._plan(record)["name"]),
            ("Quantity", record["quantity"]),
            ("Trial", "running" if is_in_trial(record) else "none"),
            ("Began", moment(record["start"])),
            ("Next payment", moment(record["next"])),
            ("Last payment", self._last_payment(record)),
            ("Failed payments", record["failures"]),
        ]

    def events(self, record: Record) -> list[Record]:
        """List the events about a subscription, sales that do not name it among them."""
        return self.shop.store["event"].owned(record["id"])

    def _plan(self, record: Record) -> Record:
        return self.shop.store["plan"][record["plan"]]

    def _last_payment(self, record: Record) -> str:
        paid, currency = record["last_payment"], self._plan(record)["currency"]
        return f"{exact(paid['amount'], currency)} {currency}, {moment(paid['at'])}" if paid else "none"

    def _payer(self, record: Record) -> Record | None:
        return self.shop.store["payer"].get(record["payer"])
