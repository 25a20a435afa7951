"""The place where documents are written: the records, and the settings of the shop that show in every document."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.store import Store
from integrations.sandbox.woocommerce.dates import wall
from integrations.sandbox.woocommerce.money import written

Document = dict[str, Any]

OWNERS = {
    "product": "product",
    "variation": "product",
    "customer": "customer",
    "subscription": "customer",
    "order": "subscription",
    "webhook": "source",
    "event": "subscription",
}
"""The kinds of records, and by which field they belong to another."""

_DECIMALS = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "KWD": "د.ك"}


def usual_decimals(currency: str) -> int:
    """Tell how many decimals a shop in a currency usually shows."""
    return _DECIMALS.get(currency, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Hold what the writers of documents need; `hours` is how far the shop's clock is ahead of GMT."""

    store: Store
    home: Callable[[], str]
    currency: str
    decimals: int
    hours: int
    symbol: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "symbol", _SYMBOLS.get(self.currency, self.currency))

    def money(self, amount: int) -> str:
        """Write an amount."""
        return written(amount, self.decimals)

    def dated(self, name: str, at: int | None) -> Document:
        """Write a date twice, by the shop's clock and in GMT."""
        return {name: wall(at, self.hours), f"{name}_gmt": wall(at)}

    def links(self, route: str, identity: str) -> Document:
        """Write the links of an object to itself and to its list."""
        listed = f"{self.home()}/wp-json/wc/v3/{route}"
        return {"self": [{"href": f"{listed}/{identity}"}], "collection": [{"href": listed}]}
