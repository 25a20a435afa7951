"""The course of one run: life under faults, then mending, coming to rest, and the audit."""

import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import requests
from django.db import DatabaseError, connection, connections
from django.db.models import F, Max

from automations.models import Enrolment, Message
from config.audit.models import Entry
from config.demo import plan
from integrations.models import Connection, Delivery
from subscriptions.models import Change
from tests.chaos import settling
from tests.chaos.auditor import audit
from tests.chaos.faults import Fault, Undo
from tests.chaos.ground import Ground
from tests.chaos.house import BEAT, SHOPS, WEBS, WORKERS
from tests.chaos.life import Life, tell_shop
from tests.chaos.notes import Notes
from tests.chaos.setting_up import set_up
from tests.chaos.witness import Witness
from tests.integrations.contracts import CONTRACTS
from tests.integrations.stripe import documents

REST = 120.0  # seconds within which the house must have come to rest
_POISON = 2
_QUIET = (2.0, 5.0)  # seconds between two faults, so that there is work for the next one to hit
# Woo's webhooks are answered with success also where we could not keep them, for the shop would only count failures.
_TOLD_THE_TRUTH = ("stripe", "paypal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one run came to.

    `longest` is the longest that an event waited, in seconds; `compared` counts the payments compared with the
    shops, `accepted` the events that they were told are taken, `changes` the change log by source, and `people` those
    who are, or were, in automations.
    """

    hits: dict[str, int]
    seconds: float
    rest: float
    happened: int
    events: int
    longest: float
    emails: int
    uncertain: int
    calls: int
    writes: int
    compared: int
    accepted: int
    changes: dict[str, int]
    people: int
    violations: list[str] = field(default_factory=list)

    def written(self) -> str:
        """Write it as JSON."""
        return json.dumps(asdict(self))


def go(ground: Ground, faults: list[Fault], *, seed: int, seconds: float, at_once: int, clean: str) -> Outcome:
    """Set a house up, let it live under faults, and audit what became of it; `clean` is an empty database."""
    house = ground.house
    house.open()
    known = set_up(house)
    poisoned = frozenset(_poison(ground))
    ground.begin()
    house.start(*WORKERS, BEAT)
    life = Life(house, key=known.key, lists=known.lists, seed=seed)
    life.begin()
    sizes = list(_broken(ground, faults, Random(f"{seed}/faults"), seconds, at_once))
    life.end()
    began = time.monotonic()
    left = _brought_to_rest(ground)
    rest = time.monotonic() - began
    witness = _heard(ground, life.notes, poisoned, sizes, clean)
    violations = [f"not at rest after {REST:.0f} seconds: {count} {name}" for name, count in left.items()]
    violations += [*life.notes.surprises, *audit(witness)]
    return _told(ground, life.notes, witness, violations, seconds=seconds, rest=rest)


def _poison(ground: Ground) -> Iterator[str]:
    """Send events about a subscription that the shop does not have, and of which they tell nothing readable."""
    [stripe] = Connection.objects.filter(store__provider="stripe")
    for number in range(_POISON):
        event = documents.event("customer.subscription.updated", {"id": f"evt_poison_{number}", "livemode": False})
        event["data"]["object"] = {"id": f"sub_poison_{number}", "object": "subscription", "status": 1}
        body = json.dumps(event).encode()
        headers = CONTRACTS["stripe"].sign(body, [stripe.webhook_secret], int(time.time()))
        answer = requests.post(stripe.webhook_url, data=body, headers=dict(headers), timeout=20)
        answer.raise_for_status()
        yield event["id"]


def _broken(ground: Ground, faults: list[Fault], rng: Random, seconds: float, at_once: int) -> Iterator[int]:
    """Break and mend for so many seconds, so many things at once at most; yield how long the audit log is at times."""
    ends = time.monotonic() + seconds
    order = _in_rounds(faults, rng)
    quiet_until = time.monotonic() + _QUIET[1]
    active: list[tuple[float, Fault, Undo]] = []
    while (now := time.monotonic()) < ends:
        for one in [one for one in active if one[0] <= now]:
            active.remove(one)
            one[2]()
        if len(active) < at_once and faults and now >= quiet_until:
            fault = next(order)
            undo = fault.do(ground, rng)
            ground.hits[fault.name] = ground.hits.get(fault.name, 0) + 1
            active.append((time.monotonic() + rng.uniform(*fault.lasts), fault, undo))
            quiet_until = active[-1][0] + rng.uniform(*_QUIET) if at_once == 1 else now + rng.uniform(*_QUIET)
        time.sleep(0.3)
        yield from _audit_entries()
    for _until, _fault, undo in active:
        undo()


def _in_rounds(faults: list[Fault], rng: Random) -> Iterator[Fault]:
    """Name faults without end: each once, in an order of chance, before any comes again."""
    while True:
        yield from rng.sample(faults, len(faults))


def _audit_entries() -> Iterator[int]:
    with suppress(DatabaseError):  # it is away, or busy
        yield Entry.objects.count()
    connections.close_all()


def _brought_to_rest(ground: Ground) -> dict[str, int]:
    """Mend everything, let time pass, have the stores compared, and wait; return what is still on its way then."""
    house = ground.house
    ground.mend()
    ground.check()
    for kind in SHOPS:
        tell_shop(house, kind, "POST", "flush")
    house.stop(*WORKERS, BEAT)
    settling.let_claims_run_out()
    since = settling.begin_comparisons()
    house.start(*WORKERS, BEAT, RECONCILE_EVERY="3600")
    left = settling.settle(seconds=REST, since=since)
    house.stop(*WEBS)  # nothing comes in any more
    left = left or settling.settle(seconds=REST / 4)
    house.stop(*WORKERS, BEAT)
    connection.close()
    return left


def _heard(ground: Ground, notes: Notes, poisoned: frozenset[str], sizes: list[int], clean: str) -> Witness:
    """Ask everybody outside."""
    house = ground.house
    truth = house.place.logs / "truth.json"
    command = (plan.PYTHON, "-m", "tests.chaos.truth", str(truth), *(f"{kind}={house.shop(kind)}" for kind in SHOPS))
    with (house.place.logs / "truth.log").open("wb") as log:
        environment = house.environment | {"DATABASE_URL": clean}
        subprocess.run(command, env=environment, cwd=plan.ROOT, stdout=log, stderr=log, check=True)
    house.stop(*SHOPS)
    kept = {kind: _kept(house.state_of_shop(kind)) for kind in SHOPS}
    return Witness(
        truth=json.loads(truth.read_text()),
        statuses={
            kind: {str(one["id"]): one["status"] for one in rows.get("subscription", ())} for kind, rows in kept.items()
        },
        accepted={kind: frozenset(_accepted(kept[kind])) for kind in _TOLD_THE_TRUTH},
        mails={number: len(times) for number, times in house.mail.taken.items()},
        calls={number: len(times) for number, times in house.hooks.taken.items()},
        writes=tuple(notes.writes),
        acts=tuple(notes.acts),
        reads=tuple(notes.reads),
        poisoned=poisoned,
        audit_entries=tuple(sizes),
    )


def _kept(state: Path) -> dict[str, list[dict[str, Any]]]:
    """Read a shop's own file: its records by their kind, and its deliveries."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for line in state.read_text().splitlines()[1:]:
        kind, record = json.loads(line)
        rows.setdefault(kind, []).append(record)
    return rows


def _accepted(rows: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    for delivery in rows.get("delivery", ()):
        if any(200 <= status < 300 for _at, status, _error in delivery["attempts"]):
            yield delivery["event"]


def _told(
    ground: Ground, notes: Notes, witness: Witness, violations: list[str], *, seconds: float, rest: float
) -> Outcome:
    waited = Delivery.objects.exclude(finished_at=None).aggregate(longest=Max(F("finished_at") - F("received_at")))
    states = Counter(Message.objects.values_list("state", flat=True))
    return Outcome(
        hits=ground.hits,
        seconds=seconds,
        rest=rest,
        happened=notes.happened,
        events=Delivery.objects.count(),
        longest=(waited["longest"] or timedelta()).total_seconds(),
        emails=len(ground.house.mail.taken),
        uncertain=states["uncertain"],
        calls=len(ground.house.hooks.taken),
        writes=len(notes.writes),
        compared=sum(map(len, witness.truth.values())),
        accepted=sum(map(len, witness.accepted.values())),
        changes=dict(Counter(Change.objects.values_list("source", flat=True))),
        people=Enrolment.objects.count(),
        violations=violations,
    )
