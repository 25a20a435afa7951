"""Deliver webhooks in the background: signed at each attempt, tried again with growing pauses, faulty on request."""

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.faults import Faults
from integrations.sandbox.sending import Headers, Sender

_HOLD = 0.2


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: when (machine time), the status of the answer, and why there was none (status 0)."""

    at: float
    status: int
    error: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether the receiver took it."""
        return 200 <= self.status < 300


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One event on its way to one endpoint."""

    event: str
    type: str
    endpoint: str
    url: str
    body: bytes
    made: float = field(default_factory=time.time)
    """When it was handed in, by the machine's clock."""
    attempts: list[Attempt] = field(default_factory=list)
    is_dropped: bool = False
    is_settled: bool = False

    @property
    def status(self) -> int:
        """The last answer's status; 0 when there was none."""
        return self.attempts[-1].status if self.attempts else 0

    @property
    def statuses(self) -> list[int]:
        """The status of every attempt."""
        return [attempt.status for attempt in self.attempts]


Sign = Callable[[Delivery, bool], Headers | None]
"""Make the headers of an attempt, falsely signed when asked to; None when the endpoint is gone."""


class DeliveryQueue:
    """Send deliveries from background threads, which start with the first.

    With one worker, deliveries go out in the order they came. `schedule` holds the pauses in seconds between the
    attempts; after the last the delivery is given up. `tried` hears of each attempt before a flush is over. `log` is
    what was handed in, the latest 20,000.
    """

    def __init__(self, *, sign: Sign, faults: Faults, tried: Callable[[Delivery], None], workers: int = 1) -> None:
        self.schedule: tuple[float, ...] = (1, 5, 30, 120, 600)
        self.workers = workers
        self.log: deque[Delivery] = deque(maxlen=20_000)
        self.sender = Sender()
        self._sign, self._faults, self._tried = sign, faults, tried
        self._heap: list[tuple[float, int, Delivery]] = []
        self._held: list[tuple[float, Delivery]] = []
        self._serials = itertools.count()
        self._sending = self._untried = 0
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._bell = threading.Condition()

    def add(self, delivery: Delivery) -> None:
        """Hand in a delivery, through the faults that are set."""
        self.log.append(delivery)
        if self._faults.strikes("drop"):
            delivery.is_dropped = delivery.is_settled = True
            return
        with self._bell:
            for copy in self._copies(delivery):
                self._untried += 1
                self._schedule(copy)
            self._start()
            self._bell.notify_all()

    def resume(self, deliveries: Iterable[Delivery]) -> None:
        """Take up deliveries from before a restart: log all, and send what is not settled."""
        deliveries = list(deliveries)
        self.log.extend(deliveries)
        with self._bell:
            for delivery in (one for one in deliveries if not one.is_settled):
                self._untried += not delivery.attempts
                self._push(time.monotonic(), delivery)
                self._start()

    def flush(self, *, timeout: float = 10.0, retries: bool = False) -> bool:
        """Wait until every delivery was tried (with `retries`: until each is settled); False when time ran out."""
        with self._bell:
            return self._bell.wait_for(lambda: not self._is_busy(retries), timeout)

    def skip(self, seconds: float) -> None:
        """Let so many seconds pass at once for whatever waits to be tried again."""
        with self._bell:
            self._heap = [(due - seconds * bool(one.attempts), serial, one) for due, serial, one in self._heap]
            heapq.heapify(self._heap)
            self._bell.notify_all()

    def close(self) -> None:
        """Stop the threads; what is not settled stays in the log as such."""
        with self._bell:
            self._closed = True
            self._bell.notify_all()
        for thread in self._threads:
            thread.join(timeout=1.0)
        self._threads, self._closed = [], False

    def _copies(self, delivery: Delivery) -> list[Delivery]:
        extra = [_again(delivery) for _ in range(max(int(self._faults.duplicate), 1) - 1)]
        self.log.extend(extra)
        return [delivery, *extra]

    def _schedule(self, delivery: Delivery) -> None:
        now = time.monotonic()
        if self._faults.reorder > 1:
            self._held.append((now, delivery))
            self._release(now)
        else:
            self._push(now + self._faults.delay, delivery)

    def _push(self, due: float, delivery: Delivery) -> None:
        heapq.heappush(self._heap, (due, next(self._serials), delivery))

    def _release(self, now: float) -> None:
        if not self._held or (len(self._held) < self._faults.reorder and now < self._held[0][0] + _HOLD):
            return
        group = [delivery for _, delivery in self._held]
        self._held.clear()
        for delivery in _shuffled(group, self._faults):
            self._push(now + self._faults.delay, delivery)

    def _is_busy(self, retries: bool) -> bool:
        return bool(self._untried or self._sending or (retries and self._heap))

    def _start(self) -> None:
        if not self._threads:
            self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(self.workers)]
            for thread in self._threads:
                thread.start()

    def _work(self) -> None:
        while (delivery := self._next()) is not None:
            self._attempt(delivery)
        self.sender.close()

    def _next(self) -> Delivery | None:
        with self._bell:
            while not self._closed:
                now = time.monotonic()
                self._release(now)
                if self._heap and self._heap[0][0] <= now:
                    self._sending += 1
                    return heapq.heappop(self._heap)[2]
                self._bell.wait(self._pause(now))
            return None

    def _pause(self, now: float) -> float | None:
        moments = [due for due, _, _ in self._heap[:1]] + [since + _HOLD for since, _ in self._held[:1]]
        return max(min(moments) - now, 0) if moments else None

    def _attempt(self, delivery: Delivery) -> None:
        headers = self._sign(delivery, self._faults.strikes("mis_sign"))
        status, error = (0, "the endpoint is gone") if headers is None else self._send(delivery, headers)
        with self._bell:
            self._untried -= not delivery.attempts
            delivery.attempts.append(Attempt(time.time(), status, error))
            self._settle(delivery, gone=headers is None)
        self._tried(delivery)
        with self._bell:
            self._sending -= 1
            self._bell.notify_all()

    def _send(self, delivery: Delivery, headers: Headers) -> tuple[int, str]:
        return self.sender.post(delivery.url, delivery.body, headers)

    def _settle(self, delivery: Delivery, *, gone: bool) -> None:
        tries = len(delivery.attempts)
        if gone or delivery.attempts[-1].succeeded or tries > len(self.schedule):
            delivery.is_settled = True
        else:
            self._push(time.monotonic() + self.schedule[tries - 1], delivery)


def _again(delivery: Delivery) -> Delivery:
    return Delivery(
        event=delivery.event,
        type=delivery.type,
        endpoint=delivery.endpoint,
        url=delivery.url,
        body=delivery.body,
    )


def _shuffled(group: list[Delivery], faults: Faults) -> list[Delivery]:
    order = list(group)
    faults.rng.shuffle(order)
    return order[::-1] if order == group else order


def to_row(delivery: Delivery) -> dict[str, Any]:
    """Write a delivery as JSON values; the body only while it is still needed."""
    body = "" if delivery.is_settled else delivery.body.decode()
    tries = [[attempt.at, attempt.status, attempt.error] for attempt in delivery.attempts]
    names = ("event", "type", "endpoint", "url", "made", "is_dropped", "is_settled")
    return {name: getattr(delivery, name) for name in names} | {"body": body, "attempts": tries}


def from_row(row: dict[str, Any]) -> Delivery:
    """Read back what `to_row` wrote."""
    tries = [Attempt(*attempt) for attempt in row["attempts"]]
    return Delivery(**(row | {"body": row["body"].encode(), "attempts": tries}))
