"""What goes on meanwhile: shops sell, a store writes by our API, a marketer works in the browser, and readers read.

All of it follows a seed. What was answered, and what was not, is noted for the auditor.
"""

import json
import re
import threading
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any, Final

from config.demo import ports
from tests.chaos.house import SHOPS, House
from tests.chaos.notes import Notes
from tests.chaos.people import Marketer, Readers
from tests.chaos.plugin import Plugin

# seconds between two things of a kind
PACE: Final = {"shops": 0.3, "plugin": 0.6, "marketer": 3.0, "readers": 0.5}
# what is done to a subscription that is drawn, beside what happens by itself
_VERBS = {
    "stripe": ("fail_payment", "fail_payment", "recover", "cancel", "refund", "pause"),
    "paypal": ("fail_payment", "recover", "cancel", "suspend"),
    "woocommerce": ("fail_payment", "renew", "cancel", "pause", "delete"),
}


class Life:
    """Lives from its beginning to its end, in threads of its own."""

    def __init__(self, house: House, *, key: str, lists: list[int], seed: int) -> None:
        self.notes = Notes()
        shops, plugin = _Shops(house, self.notes, seed), Plugin(house, self.notes, seed, key)
        marketer = Marketer(house, self.notes, seed, lists)
        readers = Readers(house, self.notes, seed)
        steps = {"shops": shops.step, "plugin": plugin.step, "marketer": marketer.step, "readers": readers.step}
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._go_on, args=(step, PACE[name]), daemon=True) for name, step in steps.items()
        ]

    def begin(self) -> None:
        """Let things happen from now on."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let nothing more happen, and wait for what is happening."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, step: Callable[[], None], pause: float) -> None:
        while not self._over.wait(pause):
            step()


class _Shops:
    """Things happen at the shops, past all wires: what is broken is the way to the house, not what is true."""

    def __init__(self, house: House, notes: Notes, seed: int) -> None:
        self._house, self._notes, self._rng = house, notes, Random(f"{seed}/shops")

    def step(self) -> None:
        """Let something happen at one of them, mostly what happens by itself."""
        kind = self._rng.choice(SHOPS)
        if self._rng.random() < 0.6:
            told = tell_shop(self._house, kind, "POST", "tick", {"n": self._rng.randint(1, 3)})
        else:
            told = self._act(kind)
        self._notes.happened += len(told.get("events", []))

    def _act(self, kind: str) -> dict[str, Any]:
        known = _subscriptions(self._house, kind)
        if not known:
            return {}
        asked = {"subscription": self._rng.choice(known), "action": self._rng.choice(_VERBS[kind])}
        return tell_shop(self._house, kind, "POST", "act", asked)


def tell_shop(house: House, kind: str, method: str, what: str, told: Any = None) -> dict[str, Any]:
    """Tell a pretend shop something under /_sandbox/, and return what it says; what it cannot do, it says."""
    said: dict[str, Any] = json.loads(_ask(house, kind, method, f"/_sandbox/{what}", json.dumps(told or {})))
    return said


def _subscriptions(house: House, kind: str) -> list[str]:
    page = _ask(house, kind, "GET", "/dashboard/").decode()
    return list(dict.fromkeys(re.findall(r"/subscriptions/([\w-]+)", page)))


def _ask(house: House, kind: str, method: str, path: str, body: str | None = None) -> bytes:
    connection = HTTPConnection(ports.HOST, house.shop_door(kind), timeout=30)
    try:
        connection.request(method, path, body)
        return connection.getresponse().read()
    except (OSError, HTTPException):
        return b"{}"
    finally:
        connection.close()
