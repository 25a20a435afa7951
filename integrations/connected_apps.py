"""The page of connected apps: a card an app, with what is connected and how it is doing."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from integrations.models import Connection, Delivery
from integrations.providers import PROVIDERS

if TYPE_CHECKING:
    from integrations.providers.base import StrPromise

# Connections that a card shows; the list has the others.
SHOWN = 5
# kind of store -> two letters that stand for it, and what it brings, in a sentence
_ABOUT = {
    "stripe": ("St", _("Subscriptions by webhook and by history, with a restricted key that may only read.")),
    "paypal": (
        "PP",
        _("Subscriptions by webhook, and the people who pay single orders. PayPal documents no history."),
    ),
    "woocommerce": ("Wo", _("Woo Subscriptions of your own shop, by webhook and by history.")),
    "api": (
        "{ }",
        _("Any other store: its plugin or script writes through our API, with a key that we issue."),
    ),
}


@dataclass(slots=True, kw_only=True)
class Card:
    """One kind of store, and the newest connections to stores of this kind; `count` is how many there are."""

    name: str
    label: str
    initials: str
    about: "StrPromise"
    connections: list[Connection] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        """How many connections the card does not show."""
        return self.count - len(self.connections)


def cards() -> list[Card]:
    """Return a card for each kind of store, in two queries however many connections there are.

    Each connection has `last_event`, the moment of the newest event, and `last_request`, that of the newest request
    with one of its keys to within a minute; each may be None.
    """
    found = [_card(name) for name in PROVIDERS]
    by_kind = defaultdict(list)
    for pk, provider in Connection.objects.order_by("-pk").values_list("pk", "store__provider"):
        by_kind[provider].append(pk)
    shown = {row.pk: row for row in _rows([pk for pks in by_kind.values() for pk in pks[:SHOWN]])}
    for card in found:
        pks = by_kind[card.name]
        card.count, card.connections = len(pks), [shown[pk] for pk in pks[:SHOWN] if pk in shown]
    return found


def about(kind: str) -> "StrPromise":
    """Say in a sentence what a kind of store brings."""
    return _ABOUT[kind][1]


def _card(name: str) -> Card:
    initials, brings = _ABOUT[name]
    return Card(name=name, label=PROVIDERS[name].label, initials=initials, about=brings)


def _rows(pks: list[int]) -> "QuerySet[Connection]":
    newest = Delivery.objects.filter(connection=OuterRef("pk")).exclude(event_type="history").order_by("-received_at")
    rows = Connection.objects.filter(pk__in=pks).with_state()
    return rows.annotate(last_event=Subquery(newest.values("received_at")[:1]), last_request=Max("keys__last_used_at"))
