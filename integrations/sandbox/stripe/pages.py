"""The dashboard: a list of subscriptions, and one page for each with its events and buttons."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from integrations.sandbox import brackets
from integrations.sandbox.delivery import Delivery
from integrations.sandbox.page import Html, facts, field, join, page, table, tag
from integrations.sandbox.routing import Row
from integrations.sandbox.store import Record
from integrations.sandbox.stripe.invoicing import total_of
from integrations.sandbox.stripe.verbs import VERBS, NotPossible
from integrations.sandbox.wire import Answer, Request, see_other

if TYPE_CHECKING:
    from integrations.sandbox.stripe.shop import StripeShop

_PAGE = 25
_MOST_EVENTS = 60
_DECIMALS = {"jpy": 0, "kwd": 3}
_PLACES = ("/dashboard", "/dashboard/test")


class Pages:
    """The dashboard of one shop."""

    def __init__(self, shop: "StripeShop") -> None:
        self.shop = shop

    def routes(self) -> list[Row]:
        """List the pages; Stripe's own links have /test/ in them."""
        rows: list[Row] = [("GET", "/", lambda request: see_other("/dashboard/"))]
        for place in _PLACES:
            rows += [
                ("GET", f"{place}/?", self.overview),
                ("GET", f"{place}/subscriptions/?", self.overview),
                ("GET", f"{place}/subscriptions/{{identity}}", self.detail),
                ("POST", f"{place}/subscriptions/{{identity}}", self.act),
            ]
        return rows

    def overview(self, request: Request) -> Answer:
        """Show the subscriptions, newest first, that a search finds."""
        asked = brackets.decode(request.query)
        words, number = str(asked.get("q", "")), _whole(asked.get("page"))
        with self.shop.lock:
            found = [one for one in reversed(list(self.shop.store["subscription"])) if self._fits(one, words.lower())]
            shown = found[(number - 1) * _PAGE : number * _PAGE]
            rows = [self._row(one) for one in shown]
        search = tag("form", field("q", words, label="Name, e-mail, id or status", kind="search"), _button("Search"))
        return page(
            "Subscriptions",
            tag("h1", "Subscriptions"),
            search,
            table(f"{len(found)} found", ("Customer", "Status", "Product", "Next period", "Subscription"), rows),
            _turner(words, number, more=len(found) > number * _PAGE),
            banner=_BANNER,
        )

    def detail(self, request: Request, identity: str, *, said: str = "") -> Answer:
        """Show one subscription, what can be done with it, and what happened to it."""
        with self.shop.lock:
            record = self.shop.store["subscription"].get(identity)
            if record is None:
                return page("Not found", tag("h1", "There is no such subscription"), banner=_BANNER, status=404)
            body = (
                tag("h1", self._name(record)),
                tag("p", said, class_="note", role="alert") if said else "",
                facts(self._facts(record)),
                tag("h2", "Make something happen"),
                self._buttons(record),
                tag("h2", "Events"),
                table("Newest first", ("When", "Event", "Deliveries"), self._events(record)),
            )
        return page(identity, *body, banner=_BANNER, status=409 if said else 200)

    def act(self, request: Request, identity: str) -> Answer:
        """Do what a button says, and show the subscription again."""
        try:
            self.shop.act(identity, str(brackets.decode(request.body.decode()).get("action")))
        except NotPossible as error:
            return self.detail(request, identity, said=str(error))
        except KeyError:
            return self.detail(request, identity)
        return see_other(request.path)

    def _fits(self, record: Record, words: str) -> bool:
        customer = self._customer(record)
        known = (record["id"], record["customer"], record["status"], customer.get("name"), customer.get("email"))
        return not words or any(words in (text or "").lower() for text in known)

    def _row(self, record: Record) -> tuple[object, ...]:
        link = tag("a", self._name(record), href=f"/dashboard/subscriptions/{record['id']}")
        return link, record["status"], self._products(record), _moment(_end(record)), record["id"]

    def _facts(self, record: Record) -> list[tuple[str, object]]:
        customer = self._customer(record)
        return [
            ("Subscription", record["id"]),
            ("Customer", record["customer"]),
            ("E-mail", customer.get("email") or "none"),
            ("Status", record["status"]),
            ("Collection", "paused" if record.get("pause_collection") else "running"),
            ("Products", self._products(record)),
            ("Began", _moment(record["start_date"])),
            ("This period ends", _moment(_end(record))),
            ("Ends on", _moment(record.get("ended_at") or record.get("cancel_at"))),
            ("Latest invoice", self._invoice(record)),
        ]

    def _buttons(self, record: Record) -> Html:
        possible = (name for name, verb in VERBS.items() if verb.allows(record))
        buttons = (tag("button", VERBS[name].label, name="action", value=name) for name in possible)
        return tag("form", *buttons, method="post", action=f"/dashboard/subscriptions/{record['id']}")

    def _events(self, record: Record) -> list[tuple[object, ...]]:
        sent: dict[str, list[Delivery]] = {}
        for delivery in self.shop.deliveries:
            sent.setdefault(delivery.event, []).append(delivery)
        about = [one for one in self.shop.store["event"].owned(record["customer"]) if _is_about(one, record)]
        return [
            (
                _moment(event["created"]),
                join(event["type"], " ", tag("span", event["id"], class_="soft")),
                "; ".join(map(_outcome, sent.get(event["id"], []))) or "no endpoint wanted it",
            )
            for event in about[: -_MOST_EVENTS - 1 : -1]
        ]

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

    def _name(self, record: Record) -> str:
        customer = self._customer(record)
        return str(customer.get("name") or customer.get("email") or record["customer"])


def _is_about(event: Record, subscription: Record) -> bool:
    others = [one for one in event["about"] if one.startswith("sub_")]
    return not others or subscription["id"] in others


def _outcome(delivery: Delivery) -> str:
    if delivery.is_dropped:
        return f"{delivery.url}: dropped"
    tries = ", ".join(str(attempt.status or attempt.error.partition(":")[0]) for attempt in delivery.attempts)
    return f"{delivery.url}: {tries or 'waiting'}"


def _turner(words: str, number: int, *, more: bool) -> Html:
    def link(text: str, to: int) -> Html:
        return tag("a", text, href=f"?{urlencode({'q': words, 'page': to})}")

    parts = [link("Newer", number - 1)] if number > 1 else []
    return tag("nav", *parts, *([link("Older", number + 1)] if more else []), class_="pages", aria_label="Pages")


def _button(text: str) -> Html:
    return tag("button", text)


def _end(record: Record) -> int:
    return min((int(item["current_period_end"]) for item in record["items"]), default=0)


def _moment(at: int | None) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC" if at else "–"


def _whole(text: Any) -> int:
    return max(int(text), 1) if isinstance(text, str) and text.isdecimal() else 1


_BANNER = join(
    tag("p", tag("a", tag("strong", "Sandbox shop"), href="/dashboard/")),
    tag(
        "p",
        "This is a pretend shop for trying Ritournelle out. It speaks Stripe's protocol, is not Stripe, "
        "and moves no money.",
        class_="soft",
    ),
)
