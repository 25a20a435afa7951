"""The pretend store, and its plugin: what happens is written to Ritournelle's API, in the order in which it happens."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from integrations.sandbox.api_store import population, rows, verbs
from integrations.sandbox.api_store.pages import Pages
from integrations.sandbox.api_store.verbs import Turn
from integrations.sandbox.delivery import Delivery
from integrations.sandbox.routing import Row
from integrations.sandbox.sending import Headers
from integrations.sandbox.shop import Document, Shop
from integrations.sandbox.store import Record, Store
from integrations.sandbox.verbs import do
from integrations.sandbox.wire import Answer, encode, json_answer

_PATH = "/api/v1/recurring-payments/bulk"
_AT_ONCE = 500
_RETRIES = (1, 5, 30, *(60,) * 1440)
"""The pauses between the tries of a request: a day, for as long as its name is remembered."""


class ApiStore(Shop):
    """A store whose plugin writes to the API at `site` with `key`: its past once, then each change.

    A store with another key than before tells its past again, since it may have been connected anew. `now` gives a
    moment to stand still at, `state` a file that outlives the process, `big_customer` one person's subscriptions.
    """

    api = ()
    kept = ("seed", "turns", "told_with")

    def __init__(
        self,
        *,
        site: str,
        key: str,
        seed: int = 7,
        subscriptions: int = 60,
        now: datetime | None = None,
        state: Path | None = None,
        big_customer: int = 0,
    ) -> None:
        self.site, self._key = site.rstrip("/"), key
        self.told_with = ""
        """What the key was with which the past was told, as a digest."""
        store = Store({"subscription": "", "event": "subscription"})
        super().__init__(seed=seed, now=now, store=store, state=state)
        self.queue.schedule = _RETRIES
        rng, moment = Random(f"{seed}/population"), self.clock.now()
        self.recall_or(
            lambda: population.populate(store, rng, now=moment, subscriptions=subscriptions, big_customer=big_customer)
        )

    def open(self) -> None:
        """Begin to speak: first of the past, quietly, where this key has not told it."""
        super().open()
        digest = sha256(self._key.encode()).hexdigest()
        with self.lock:
            if self.told_with != digest:
                self._tell_past()
                self.told_with = digest
        self.changed()

    def happen(self) -> list[Document]:
        """Make one random thing happen; return the events."""
        with self.lock:
            turn = Turn(self)
            verbs.happen(turn)
        self.changed()
        return turn.events

    def act(self, subscription: str, action: str) -> list[Document]:
        """Make one thing happen to one subscription; return the events. Raises ValueError where it cannot."""
        with self.lock:
            turn, record = Turn(self), self.store["subscription"].get(subscription)
            if record is None:
                raise KeyError(f"There is no subscription {subscription}.")
            do(verbs.VERBS, turn, record, action)
        self.changed()
        return turn.events

    def tell(self, record: Record, what: str, at: int) -> Record:
        """Write down that something happened to a subscription, and hand it to the plugin; return the event."""
        event = {"id": f"{self.seed}-{self.turns}-{at}", "created": at, "type": what, "subscription": record["id"]}
        self.store["event"].put(event)
        self._send(event["id"], what, [rows.row(record, at)])
        return event

    def sign_delivery(self, delivery: Delivery, forged: bool) -> Headers | None:
        """Make the headers of one attempt, which goes to where the site is now; a repeated one bears the same name."""
        delivery.url = self.site + _PATH
        key = "forged" if forged else self._key
        return {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Idempotency-Key": delivery.endpoint,
        }

    def routes(self) -> list[Row]:
        """List the pages; this store has no API of its own."""
        return Pages(self).routes()

    def failure(self, status: int) -> Answer:
        """Say plainly what went wrong."""
        return json_answer({"error": "There is nothing here."}, status=status)

    def _tell_past(self) -> None:
        now = self.clock.now()
        known = [rows.row(record, now) for record in self.store["subscription"]]
        for start in range(0, len(known), _AT_ONCE):
            name = f"{self.seed}-past-{now}-{start}"
            self._send(name, "past", known[start : start + _AT_ONCE], is_quiet=True)

    def _send(self, event: str, what: str, told: Iterable[dict[str, Any]], *, is_quiet: bool = False) -> None:
        body = encode({"recurring_payments": list(told), "suppressAutomations": is_quiet})
        self.queue.add(Delivery(event=event, type=what, endpoint=event, url=self.site + _PATH, body=body))
