"""Deliveries that are due but not built yet, as in WordPress's queue: what is told twice before its turn goes once."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to deliver: a webhook, and the id of what it will tell about as it is then."""

    webhook: str
    resource: str
    event: str
    by_rest: bool = False
    """Whether a change over the REST API was the last that caused it."""

    @property
    def about(self) -> tuple[str, str]:
        """What two jobs share that become one."""
        return self.webhook, self.resource


class Backlog:
    """Keep jobs for `pause` seconds, then hand them over together, in the order in which each was first told."""

    def __init__(self, deliver: Callable[[list[Job]], None], *, pause: float) -> None:
        self.pause = pause
        self._deliver = deliver
        self._jobs: dict[tuple[str, str], Job] = {}
        self._due: float | None = None
        self._bell = threading.Condition()
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def add(self, job: Job) -> None:
        """Take a job, in the place of the one about the same that still waits."""
        with self._bell:
            self._jobs[job.about] = job
            self._due = self._due or time.monotonic() + self.pause
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
            self._bell.notify_all()

    def run(self) -> None:
        """Hand over what waits, now; return when that is done."""
        with self._turn:
            with self._bell:
                jobs, self._jobs, self._due = list(self._jobs.values()), {}, None
            if jobs:
                self._deliver(jobs)

    def rows(self) -> list[dict[str, Any]]:
        """Write the waiting jobs as JSON values."""
        with self._bell:
            return [asdict(job) for job in self._jobs.values()]

    def resume(self, rows: Iterable[dict[str, Any]]) -> None:
        """Take up the jobs that `rows` wrote."""
        for row in rows:
            self.add(Job(**row))

    def close(self) -> None:
        """Stop the thread; what waits stays."""
        with self._bell:
            self._is_closed = True
            self._bell.notify_all()
            thread = self._thread
        if thread:
            thread.join()
        self._thread, self._is_closed = None, False

    def _work(self) -> None:
        while self._is_due():
            self.run()

    def _is_due(self) -> bool:
        with self._bell:
            while not self._is_closed:
                left = None if self._due is None else self._due - time.monotonic()
                if left is not None and left <= 0:
                    return True
                self._bell.wait(left)
            return False
