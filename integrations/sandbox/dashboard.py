"""A shop's pages for people: a list of subscriptions, and one page for each with its events and buttons."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from integrations.sandbox import brackets
from integrations.sandbox.delivery import Delivery
from integrations.sandbox.page import Html, facts, field, join, page, table, tag
from integrations.sandbox.routing import Row
from integrations.sandbox.shop import Shop
from integrations.sandbox.store import Record
from integrations.sandbox.verbs import NotPossible, Verb
from integrations.sandbox.wire import Answer, Request, see_other

_PAGE = 25
_MOST_EVENTS = 60


class Dashboard(ABC):
    """The pages of one shop; a provider's shop says what stands in them."""

    provider: ClassVar[str]
    places: ClassVar[tuple[str, ...]]
    """Where the pages are, as the provider's own links have them; the first is where ours lead."""
    heads: ClassVar[tuple[str, ...]]
    """The heads of the list's columns."""
    verbs: ClassVar[Mapping[str, Verb[Any]]]

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    @abstractmethod
    def name(self, record: Record) -> str:
        """Call a subscription by its subscriber's name."""

    @abstractmethod
    def known(self, record: Record) -> tuple[str | None, ...]:
        """List what a subscription can be found by."""

    @abstractmethod
    def columns(self, record: Record) -> tuple[object, ...]:
        """Fill the columns after the first, which is a link."""

    @abstractmethod
    def facts(self, record: Record) -> list[tuple[str, object]]:
        """Tell what is known of a subscription."""

    @abstractmethod
    def events(self, record: Record) -> list[Record]:
        """List the events about a subscription, oldest first, each with its type and moment."""

    def credentials(self) -> list[tuple[str, object]]:
        """List what Ritournelle asks for to connect this shop, beside its address; nothing where it is not asked."""
        return []

    def routes(self) -> list[Row]:
        """List the pages."""
        rows: list[Row] = [("GET", "/", lambda request: see_other(f"{self.places[0]}/"))]
        for place in self.places:
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
            newest_first = reversed(list(self.shop.store["subscription"]))
            found = [one for one in newest_first if self._fits(one, words.lower())]
            shown = found[(number - 1) * _PAGE : number * _PAGE]
            rows = [(self._link(one), *self.columns(one)) for one in shown]
        search = tag("form", field("q", words, label="Name, e-mail, id or status", kind="search"), _button("Search"))
        return self._page(
            "Subscriptions",
            tag("h1", "Subscriptions"),
            self._how_to_connect(request),
            search,
            table(f"{len(found)} found", self.heads, rows),
            _turner(words, number, more=len(found) > number * _PAGE),
        )

    def detail(self, request: Request, identity: str, *, said: str = "") -> Answer:
        """Show one subscription, what can be done with it, and what happened to it."""
        with self.shop.lock:
            record = self.shop.store["subscription"].get(identity)
            if record is None:
                return self._page("Not found", tag("h1", "There is no such subscription"), status=404)
            body = (
                tag("h1", self.name(record)),
                tag("p", said, class_="note", role="alert") if said else "",
                facts(self.facts(record)),
                tag("h2", "Make something happen"),
                self._buttons(record),
                tag("h2", "Events"),
                table("Newest first", ("When", "Event", "Deliveries"), self._told(record)),
            )
        return self._page(identity, *body, status=409 if said else 200)

    def act(self, request: Request, identity: str) -> Answer:
        """Do what a button says, and show the subscription again."""
        try:
            self.shop.act(identity, str(brackets.decode(request.body.decode()).get("action")))
        except NotPossible as error:
            return self.detail(request, identity, said=str(error))
        except KeyError:
            return self.detail(request, identity)
        return see_other(request.path)

    def _page(self, title: str, *body: object, status: int = 200) -> Answer:
        said = (
            f"This is a pretend shop for trying Ritournelle out. It speaks {self.provider}'s protocol, "
            f"is not {self.provider}, and moves no money."
        )
        home = tag("a", tag("strong", "Sandbox shop"), href=f"{self.places[0]}/")
        banner = join(tag("p", home), tag("p", said, class_="soft"))
        return page(title, *body, banner=banner, status=status)

    def _how_to_connect(self, request: Request) -> Html:
        asked = self.credentials()
        if not asked:
            return Html("")
        address = f"http://{request.headers.get('host', '')}"
        told = facts([*asked, ("Address", address)])
        return tag("details", tag("summary", "How to connect this shop"), told, class_="note")

    def _fits(self, record: Record, words: str) -> bool:
        return not words or any(words in (text or "").lower() for text in self.known(record))

    def _link(self, record: Record) -> Html:
        return tag("a", self.name(record), href=f"{self.places[0]}/subscriptions/{record['id']}")

    def _buttons(self, record: Record) -> Html:
        possible = (name for name, verb in self.verbs.items() if verb.allows(record))
        buttons = (tag("button", self.verbs[name].label, name="action", value=name) for name in possible)
        return tag("form", *buttons, method="post", action=f"{self.places[0]}/subscriptions/{record['id']}")

    def _told(self, record: Record) -> list[tuple[object, ...]]:
        sent: dict[str, list[Delivery]] = {}
        for delivery in self.shop.deliveries:
            sent.setdefault(delivery.event, []).append(delivery)
        return [
            (
                moment(event["created"]),
                join(event["type"], " ", tag("span", event["id"], class_="soft")),
                "; ".join(map(_outcome, sent.get(event["id"], []))) or "no endpoint wanted it",
            )
            for event in self.events(record)[: -_MOST_EVENTS - 1 : -1]
        ]


def moment(at: int | None) -> str:
    """Write a moment for people."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC" if at else "–"


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


def _whole(text: Any) -> int:
    return max(int(text), 1) if isinstance(text, str) and text.isdecimal() else 1
