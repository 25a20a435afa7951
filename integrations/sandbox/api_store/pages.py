"""What stands in the pages of the store."""

from integrations.sandbox.api_store.rows import amount
from integrations.sandbox.api_store.verbs import VERBS
from integrations.sandbox.dashboard import Dashboard, moment
from integrations.sandbox.store import Record


class Pages(Dashboard):
    """The dashboard of the store."""

    provider = "Ritournelle's own API"
    places = ("/dashboard",)
    heads = ("Customer", "Status", "Product", "Amount", "Next payment", "Subscription")
    verbs = VERBS

    def name(self, record: Record) -> str:
        """Call a subscription by its subscriber's name."""
        return str(record["name"])

    def known(self, record: Record) -> tuple[str | None, ...]:
        """List what a subscription can be found by."""
        return record["id"], record["status"], record["email"], record["name"]

    def columns(self, record: Record) -> tuple[object, ...]:
        """Fill the columns after the first."""
        return record["status"], record["item"]["name"], _price(record), moment(record["next"]), record["id"]

    def facts(self, record: Record) -> list[tuple[str, object]]:
        """Tell what is known of a subscription."""
        return [
            ("Subscription", record["id"]),
            ("E-mail", record["email"]),
            ("Status", record["status"]),
            ("Product", f"{record['quantity']} × {record['item']['name']}"),
            ("Amount", _price(record)),
            ("Began", moment(record["created"])),
            ("Last payment", f"{moment(record['last'])} {record['paid']}"),
            ("Next payment", moment(record["next"])),
            ("Cancelled", moment(record["cancelled"])),
        ]

    def events(self, record: Record) -> list[Record]:
        """List what happened to a subscription."""
        return self.shop.store["event"].owned(record["id"])


def _price(record: Record) -> str:
    unit, count = record["interval"]
    return f"{amount(record)} {record['currency']} every {f'{count} {unit}s' if count > 1 else unit}"
