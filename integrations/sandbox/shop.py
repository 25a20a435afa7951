"""What every pretend shop has: objects, a clock, faults, deliveries, a log of requests, and a life of its own."""

import threading
import time
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from integrations.sandbox import control, memory
from integrations.sandbox.clock import Clock
from integrations.sandbox.delivery import Delivery, DeliveryQueue
from integrations.sandbox.faults import Faults
from integrations.sandbox.routing import Routes, Row
from integrations.sandbox.sending import Headers
from integrations.sandbox.state import Saver
from integrations.sandbox.store import Store
from integrations.sandbox.wire import Answer, Request, json_answer

Document = dict[str, Any]

_PAGE = b"<!doctype html><title>One moment</title><h1>Checking your browser</h1><p>This page moves on by itself.</p>"


class Shop(ABC):
    """A pretend shop; a provider's shop adds its objects, its API and its pages.

    Everything random comes from `turn`s of the seed, so the same calls make the same shop. Calls may come from any
    thread; `lock` guards the objects.
    """

    api: ClassVar[tuple[str, ...]]
    """How the paths of the provider's own API begin; only these are counted and meet faults."""
    kept: ClassVar[tuple[str, ...]]
    """The attributes that outlive the process beside the objects."""
    type_field: ClassVar[str] = "type"
    """The field of an event that names its type."""

    def __init__(
        self, *, seed: int, now: datetime | None, store: Store, state: Path | None, faults: type[Faults] = Faults
    ) -> None:
        self.address = "http://127.0.0.1"
        """Where the shop is being served, without a slash at the end."""
        self.seed = seed
        self.turns = 0
        self.store = store
        self._state = state
        self._saver = Saver(self.save)
        self.lock = threading.RLock()
        self._saving = threading.Lock()
        self.clock = Clock(now)
        self.faults = faults(rng=Random(f"{seed}/faults"))
        self.answering = 0.0
        """The seconds that answers of the API took, with what a fault made them wait."""
        self.requests: deque[tuple[str, str]] = deque(maxlen=100_000)
        self.queue = DeliveryQueue(sign=self.sign_delivery, faults=self.faults, tried=self.tried)
        self.stopped = threading.Event()
        self._life: threading.Thread | None = None
        self._routes = Routes([*control.routes(self), *self.routes()])
        self._faulty: dict[str, Callable[[], Answer]] = {
            "answer_500": lambda: self.failure(500),
            "answer_html": lambda: Answer(body=_PAGE, content_type="text/html; charset=utf-8"),
        }

    @abstractmethod
    def routes(self) -> list[Row]:
        """List the paths that this shop answers, pages and API."""

    @abstractmethod
    def failure(self, status: int) -> Answer:
        """Make the provider's own answer for 404, 429 and 500."""

    @abstractmethod
    def sign_delivery(self, delivery: Delivery, forged: bool) -> Headers | None:
        """Make the headers of one attempt at a delivery; None when its endpoint is gone."""

    @abstractmethod
    def happen(self) -> list[Document]:
        """Make one random thing happen; return the events."""

    @abstractmethod
    def act(self, subscription: str, action: str) -> list[Document]:
        """Make one thing happen to one subscription; return the events. Raises ValueError where it cannot."""

    def tick(self, now: datetime | None = None, n: int = 1) -> list[Document]:
        """Make `n` random things happen, after going to the moment `now` if one is given; return the events."""
        if now is not None:
            self.clock.move_to(now)
        return [event for _ in range(n) for event in self.happen()]

    def controls(self) -> Sequence[tuple[str, str, control.Control]]:
        """List what only this shop can be told under `/_sandbox/`: method, name, and what to do."""
        return ()

    @property
    def deliveries(self) -> list[Delivery]:
        """List what was handed to the delivery queue, oldest first."""
        return list(self.queue.log)

    @property
    def requested(self) -> Counter[tuple[str, str]]:
        """Count the API requests by method and path."""
        return Counter(self.requests)

    def counts(self) -> dict[str, int]:
        """Count what the shop holds, by kind."""
        return self.store.counts()

    def ids(self, kind: str = "subscription") -> list[str]:
        """List the ids of a kind, newest first."""
        with self.lock:
            return [record["id"] for record in self.store[kind]][::-1]

    def recall_or(self, populate: Callable[[], None]) -> None:
        """Load what was kept, or else fill the shop. Raises DamagedState."""
        if self._state and self._state.exists():
            memory.recall(self, self._state)
        else:
            populate()
            self.changed()

    def changed(self) -> None:
        """Save soon, when there is a place to save to."""
        if self._state:
            self._saver.touch()

    def tried(self, delivery: Delivery) -> None:
        """Take note of an attempt at a delivery; called from the threads that send."""
        self.changed()

    def save(self) -> None:
        """Write the state now, when there is a place for it."""
        if self._state:
            with self._saving:  # the background saves too
                memory.store(self, self._state)

    def turn(self) -> Random:
        """Take the chances of the next thing that happens: they depend on the seed and on how many came before."""
        with self.lock:
            self.turns += 1
            return Random(f"{self.seed}/{self.turns}")

    def flush(self, *, timeout: float = 10.0, retries: bool = False) -> bool:
        """Wait until every delivery was tried (with `retries`: until each is settled); False when time ran out."""
        return self.queue.flush(timeout=timeout, retries=retries)

    def live(self, *, every: float) -> None:
        """Make one random thing happen every so many seconds, in the background, until the shop is closed."""
        self._life = threading.Thread(target=self._live, args=(every,), daemon=True)
        self._life.start()

    def open(self) -> None:
        """Take up work again after a close."""
        self.stopped.clear()

    def close(self) -> None:
        """Stop everything that runs in the background, and save."""
        self.stopped.set()
        if self._life:
            self._life.join()
        self.queue.close()
        self._saver.close()

    def handle(self, request: Request) -> Answer | None:
        """Answer a request, an API one through the faults that are set; None hangs up without an answer."""
        if not request.path.startswith(self.api):
            return self._route(request)
        self.requests.append((request.method, request.path))
        started = time.perf_counter()
        try:
            return self._answer(request)
        finally:
            with self.lock:
                self.answering += time.perf_counter() - started

    def _answer(self, request: Request) -> Answer | None:
        if silence := self.faults.silence():
            self.stopped.wait(silence)
            return None
        if self.faults.answer_delay:
            self.stopped.wait(self.faults.answer_delay)
        return self._fault() or self._route(request)

    def _fault(self) -> Answer | None:
        if self.faults.is_busy():
            return self._with_retry_after(self.failure(429))
        struck = (make for name, make in self._faulty.items() if self.faults.strikes(name))
        return next((make() for make in struck), None)

    def _with_retry_after(self, answer: Answer) -> Answer:
        if self.faults.retry_after is None:
            return answer
        headers = {**answer.headers, "Retry-After": str(self.faults.retry_after)}
        return replace(answer, headers=headers)

    def _route(self, request: Request) -> Answer:
        if request.method != "GET" and request.cross_site:
            return json_answer({"error": "Pages of other sites may not change this shop."}, status=403)
        match = self._routes.find(request)
        return match(request) if match else self.failure(404)

    def _live(self, every: float) -> None:
        while not self.stopped.wait(every):
            self.tick()
