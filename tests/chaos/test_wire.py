"""A wire passes on what is said, and is bad in each of the ways that it can be told to be."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from config.demo import ports
from tests.chaos.wire import GOOD, Mood, Wire
from tests.config.processes import soon

ANSWER = b"x" * 5_000


class Far:
    """The far end: says how often it was reached, answers each line, and then goes on listening."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.reached = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                one, _address = self._listener.accept()
                self.reached += 1
                threading.Thread(target=self._answer, args=(one,), daemon=True).start()

    def _answer(self, one: socket.socket) -> None:
        with suppress(OSError), closing(one):
            while one.recv(100):
                one.sendall(ANSWER)

    def close(self) -> None:
        """Be there no more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def far() -> Iterator[Far]:
    """An end to be reached."""
    with closing(Far()) as end:
        yield end


@pytest.fixture
def wire(far: Far) -> Iterator[Wire]:
    """A good wire to it."""
    with closing(Wire(far.port)) as made:
        yield made


def ask(wire: Wire, near: socket.socket | None = None, *, seconds: float = 3) -> bytes:
    """Say something, and return what comes before all of it has come, or the line is dead."""
    told = b""
    with suppress(OSError), near or socket.create_connection(("127.0.0.1", wire.port), timeout=seconds) as line:
        line.settimeout(seconds)
        line.sendall(b"hello")
        while len(told) < len(ANSWER) and (piece := line.recv(10_000)):
            told += piece
    return told


def test_what_is_said_is_passed_on_both_ways(wire: Wire, far: Far) -> None:
    assert [ask(wire), ask(wire)] == [ANSWER, ANSWER]
    assert (far.reached, wire.passed) == (2, 2)


def test_one_that_is_down_reaches_nobody_and_is_good_again_afterwards(wire: Wire, far: Far) -> None:
    wire.be(Mood(refuses=True))
    assert (ask(wire), far.reached) == (b"", 0)
    wire.be(GOOD)
    assert ask(wire) == ANSWER


@pytest.mark.parametrize("most", [0, 1, 700, 4_999])
def test_one_is_cut_after_so_many_bytes_of_the_answer(wire: Wire, most: int) -> None:
    wire.be(Mood(cut_after=most))
    assert len(ask(wire)) <= most < len(ANSWER)


def test_lines_that_are_open_are_cut(wire: Wire) -> None:
    near = socket.create_connection(("127.0.0.1", wire.port))
    near.sendall(b"hello")
    assert near.recv(1)
    wire.hang_up()
    assert len(ask(wire, near)) < len(ANSWER)
    assert ask(wire) == ANSWER


def test_one_that_is_silent_takes_what_is_said_and_answers_nothing(wire: Wire, far: Far) -> None:
    wire.be(Mood(swallows=True))
    assert ask(wire, seconds=0.2) == b""
    assert soon(lambda: far.reached == 1)


def test_where_one_end_is_away_the_next_is_reached(far: Far) -> None:
    with closing(Wire(ports.any_free(), far.port)) as wire:
        assert [ask(wire) for _time in range(4)] == [ANSWER] * 4
