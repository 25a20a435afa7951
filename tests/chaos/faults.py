"""The faults: a table of what can be done to the house, and how each is undone."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.chaos.ground import ALWAYS, Ground
from tests.chaos.house import BEAT, BROKER, SECOND_BEAT, SHOPS, WEBS, WORKERS
from tests.chaos.life import tell_shop
from tests.chaos.sinks import Manner
from tests.chaos.wire import GOOD, Mood

type Undo = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to break something: `do` breaks it by chance and returns what mends it, after `lasts` seconds.

    `needs` names what some machines or houses lack: a database server, a small disk, another clock.
    """

    name: str
    do: Callable[[Ground, Random], Undo]
    lasts: tuple[float, float] = (1.0, 3.0)
    needs: str = ""


def _killed(*names: str) -> Callable[[Ground, Random], Undo]:
    """Kill one of some processes as kill -9 does, and start it again."""

    def do(ground: Ground, rng: Random) -> Undo:
        name = rng.choice(names)
        ground.house.kill(name)
        return lambda: ground.house.start(name)

    return do


def _all_killed(*names: str) -> Callable[[Ground, Random], Undo]:
    def do(ground: Ground, _rng: Random) -> Undo:
        for name in names:
            ground.house.kill(name)
        return lambda: ground.house.start(*names)

    return do


def _second_beat(ground: Ground, _rng: Random) -> Undo:
    ground.house.start(SECOND_BEAT)
    return lambda: ground.house.kill(SECOND_BEAT)


def _false_clock(ground: Ground, rng: Random) -> Undo:
    """Give a worker a clock that is an hour off."""
    name = rng.choice(WORKERS)
    ground.house.kill(name)
    ground.house.start_with_clock(name, rng.choice((-1, 1)))

    def undo() -> None:
        ground.house.kill(name)
        ground.house.start(name)

    return undo


def _database(how: str) -> Callable[[Ground, Random], Undo]:
    def do(ground: Ground, _rng: Random) -> Undo:
        assert ground.database is not None
        getattr(ground.database, how)()
        return ground.database.start

    return do


def _wire(mood: Callable[[Random], Mood], *names: str) -> Callable[[Ground, Random], Undo]:
    """Let one of some wires be bad; those that are open are cut first where new ones are refused."""

    def do(ground: Ground, rng: Random) -> Undo:
        wire, bad = ground.house.wires[rng.choice(names)], mood(rng)
        wire.be(bad)
        if bad.refuses or rng.random() < 0.5:
            wire.hang_up()

        def undo() -> None:
            wire.be(GOOD)
            wire.hang_up()  # what was swallowed is never answered

        return undo

    return do


def _shop(**faults: Any) -> Callable[[Ground, Random], Undo]:
    """Let one of the shops answer badly, of its own will."""

    def do(ground: Ground, rng: Random) -> Undo:
        kind = rng.choice(SHOPS)
        tell_shop(ground.house, kind, "POST", "faults", faults)

        def undo() -> None:
            tell_shop(ground.house, kind, "DELETE", "faults")
            tell_shop(ground.house, kind, "POST", "faults", ALWAYS)

        return undo

    return do


def _sink(name: str, manner: Manner) -> Callable[[Ground, Random], Undo]:
    """Let the mail server, or the receiver of webhooks, behave in another manner."""

    def do(ground: Ground, _rng: Random) -> Undo:
        sink = {"mail": ground.house.mail, "hooks": ground.house.hooks}[name]
        sink.manner = manner

        def undo() -> None:
            sink.manner = Manner.GOOD

        return undo

    return do


def _full_disk(ground: Ground, _rng: Random) -> Undo:
    assert ground.disk is not None
    disk = ground.disk
    disk.fill()

    def undo() -> None:
        disk.free()
        time.sleep(0.5)
        if ground.database:
            ground.database.start()

    return undo


def _down(_rng: Random) -> Mood:
    return Mood(refuses=True)


def _slow(rng: Random) -> Mood:
    return Mood(delay=rng.uniform(0.02, 0.2))


def _narrow(rng: Random) -> Mood:
    return Mood(bytes_per_second=rng.uniform(2_000, 20_000))


def _cut(rng: Random) -> Mood:
    return Mood(cut_after=rng.choice((0, 1, 20, 200, 2_000, 20_000)))


def _silent(_rng: Random) -> Mood:
    return Mood(swallows=True)


_PROCESSES = (
    Fault(name="worker killed", do=_killed(*WORKERS), lasts=(0.5, 2)),
    Fault(name="all workers killed", do=_all_killed(*WORKERS), lasts=(0.5, 2)),
    Fault(name="web server killed", do=_killed(*WEBS), lasts=(1, 4)),
    Fault(name="both web servers killed", do=_all_killed(*WEBS), lasts=(0.5, 2)),
    Fault(name="clock (beat) killed", do=_killed(BEAT), lasts=(3, 8)),
    Fault(name="two clocks (beat)", do=_second_beat, lasts=(4, 8)),
    Fault(name="broker killed with its memory", do=_killed(BROKER), lasts=(1, 4)),
    Fault(name="broker unreachable", do=_wire(_down, "broker"), lasts=(1, 4)),
    Fault(name="broker silent", do=_wire(_silent, "broker"), lasts=(2, 6)),
)
_DATABASE = (
    Fault(name="database killed", do=_database("kill"), lasts=(0.5, 3), needs="server"),
    Fault(name="database stopped at once", do=_database("stop"), lasts=(0.5, 3), needs="server"),
    Fault(name="database cut off", do=_wire(_down, "database"), lasts=(0.5, 3), needs="server"),
)
_SHOPS = (
    Fault(name="shop down", do=_wire(_down, *SHOPS), lasts=(2, 5)),
    Fault(name="shop answers 500", do=_shop(answer_500=0.7), lasts=(2, 5)),
    Fault(name="shop answers 429", do=_shop(answer_429_for=3, retry_after=1), lasts=(3, 4)),
    Fault(name="shop slow", do=_wire(_narrow, *SHOPS), lasts=(2, 5)),
    Fault(name="shop cut off in its answer", do=_wire(_cut, *SHOPS), lasts=(2, 5)),
    Fault(name="shop silent", do=_shop(hang=4, hang_next=6), lasts=(4, 7)),
    Fault(name="shop answers a web page", do=_shop(answer_html=0.5), lasts=(2, 4)),
    Fault(name="deliveries lost", do=_shop(drop=0.6, **ALWAYS), lasts=(2, 5)),
)
_MAIL = (
    Fault(name="mail server down", do=_wire(_down, "mail"), lasts=(2, 5)),
    Fault(name="mail server hangs up unanswered", do=_sink("mail", Manner.UNANSWERED), lasts=(0.5, 1.5)),
    Fault(name="mail server hangs up in the middle", do=_sink("mail", Manner.HALF), lasts=(0.5, 1.5)),
    Fault(name="mail server says not now", do=_sink("mail", Manner.NOT_NOW), lasts=(2, 4)),
    Fault(name="mail server says never", do=_sink("mail", Manner.NEVER), lasts=(0.5, 1.5)),
    Fault(name="mail server slow", do=_wire(_slow, "mail"), lasts=(2, 5)),
    Fault(name="receiver of webhooks down", do=_wire(_down, "hooks"), lasts=(2, 5)),
    Fault(name="receiver says not now", do=_sink("hooks", Manner.NOT_NOW), lasts=(2, 5)),
    Fault(name="receiver hangs up unanswered", do=_sink("hooks", Manner.UNANSWERED), lasts=(1, 3)),
)
_NETWORK = (
    Fault(name="wire to the database slow", do=_wire(_slow, "database"), lasts=(2, 5), needs="server"),
    Fault(name="wire to the database cut in an answer", do=_wire(_cut, "database"), lasts=(0.5, 2), needs="server"),
    Fault(name="wire to the database silent", do=_wire(_silent, "database"), lasts=(1, 3), needs="server"),
    Fault(name="wire to the broker slow", do=_wire(_slow, "broker"), lasts=(2, 5)),
    Fault(name="wire to the broker cut in an answer", do=_wire(_cut, "broker"), lasts=(1, 3)),
    Fault(name="wire from the stores cut in our answer", do=_wire(_cut, "web"), lasts=(2, 5)),
    Fault(name="wire to the mail server cut in an answer", do=_wire(_cut, "mail"), lasts=(1, 2)),
    Fault(name="wire to the receiver cut in an answer", do=_wire(_cut, "hooks"), lasts=(1, 3)),
    Fault(name="wire to a shop slow", do=_wire(_slow, *SHOPS), lasts=(2, 5)),
)
_DISK = (Fault(name="disk full", do=_full_disk, lasts=(2, 5), needs="disk"),)
_CLOCK = (Fault(name="a worker's clock an hour off", do=_false_clock, lasts=(18, 25), needs="clock"),)

GROUPS: dict[str, tuple[Fault, ...]] = {
    "processes": _PROCESSES,
    "database": _DATABASE,
    "shops": _SHOPS,
    "mail": _MAIL,
    "network": _NETWORK,
    "disk": _DISK,
    "clock": _CLOCK,
}
FAULTS: dict[str, Fault] = {fault.name: fault for group in GROUPS.values() for fault in group}
