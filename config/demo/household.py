"""Processes that live and die together: when one ends, or somebody asks, all end."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Self

from config.demo import leash

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 6.0  # seconds from the polite word to the rude one
PACE = 0.1  # seconds between two looks
SHOWN = 15  # lines of a log


class Asked(Exception):
    """Somebody asks for the end, by Ctrl-C or another signal."""


class Failed(Exception):
    """A child has ended that should not have, or something takes too long; the text is for the person in front."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process of ours; a job is meant to end, a service is not."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    is_job: bool

    def has_failed(self) -> bool:
        """Tell whether it has ended though it should not have, or badly."""
        code = self.process.poll()
        return code is not None and not (self.is_job and code == 0)

    def obituary(self) -> str:
        """Say how it ended, and its last words."""
        lines = self.log.read_text(errors="replace").splitlines()[-SHOWN:]
        words = "\n".join(f"    {line}" for line in lines) or "    (nothing)"
        return f"{self.name} has ended with exit code {self.process.returncode}. {self.log} ends with:\n{words}"


class Household:
    """Starts children, watches them and, at the end of its block, leaves none behind.

    Children stay in this process's group, so that a signal to the group reaches all of them.
    """

    def __init__(self, *, logs: Path, environment: dict[str, str], folder: Path, grace: float = GRACE) -> None:
        """Children write to one file each in `logs`, see `environment`, and work in `folder`.

        `grace` is for how many seconds they may take to end politely.
        """
        self._logs, self._environment, self._folder, self._grace = logs, environment, folder, grace
        self._children: list[Child] = []
        self._asked = False

    def __enter__(self) -> Self:
        """Listen for signals; one that is ignored on purpose, as nohup does, stays ignored."""
        self._logs.mkdir(parents=True, exist_ok=True)
        leash.adopt_orphans()
        for number in SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._hear)
        return self

    def __exit__(self, *_error: object) -> None:
        """End the first child last, as the others may need it to end well, and then whatever they leave behind."""
        _end(self._children[1:], self._grace)
        _end(self._children[:1], self._grace)
        leash.end_children()

    def start(self, name: str, *command: str, is_job: bool = False) -> Child:
        """Start a child whose words go to a new file; the previous one is kept beside it."""
        log, parent = self._logs / f"{name}.log", os.getpid()
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603  # our own commands
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
                cwd=self._folder,
                preexec_fn=lambda: _before_it_starts(parent),  # there are no threads
            )
        self._children.append(Child(name=name, process=process, log=log, is_job=is_job))
        return self._children[-1]

    def finish(self, *jobs: Child) -> None:
        """Wait until jobs have ended well."""
        self.until(lambda: all(job.process.poll() == 0 for job in jobs), what=", ".join(job.name for job in jobs))

    def until(self, is_ready: Callable[[], bool], *, what: str, seconds: float = 300) -> None:
        """Wait for something; raises Failed when a child fails or the time is over, Asked when somebody asks."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            self._look()
            if time.monotonic() > deadline:
                raise Failed(f"{what} is not ready after {seconds:.0f} seconds; look into {self._logs}")

    def watch(self) -> None:
        """Stay until a child fails or somebody asks."""
        while True:
            self._look()

    def _look(self) -> None:
        if self._asked:
            raise Asked
        for child in self._children:
            if child.has_failed():
                raise Failed(child.obituary())
        time.sleep(PACE)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True


def _before_it_starts(parent: int) -> None:
    """Let a child die with us, and leave Ctrl-C, which the terminal sends to the whole group, to us alone."""
    leash.hold(parent)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])


def _end(children: list[Child], grace: float) -> None:
    """Ask children to end, and kill those that do not."""
    for child in children:
        child.process.terminate()
    deadline = time.monotonic() + grace
    while any(child.process.poll() is None for child in children) and time.monotonic() < deadline:
        time.sleep(PACE / 2)
    for child in children:
        child.process.kill()
        child.process.wait()
