"""A wire between two of the house's processes: it passes bytes on, and can be bad in all the ways of wires."""

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

_PIECE = 16 * 1024
_HOST = "127.0.0.1"
_LINGER = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # on, for no second: closing is a reset, as when a machine dies


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """How a wire is: all off is a good one.

    `refuses` new connections; holds each piece back for `delay` seconds; lets `bytes_per_second` through; cuts the
    connection after `cut_after` bytes of what the far end answers on it; `swallows` all that is said and answers
    nothing.
    """

    refuses: bool = False
    delay: float = 0
    bytes_per_second: float = 0
    cut_after: int | None = None
    swallows: bool = False


GOOD = Mood()


class Wire:
    """Listens on a port of its own and leads to one of several others, in turn: to the next where one is away."""

    def __init__(self, *ends: int, port: int = 0) -> None:
        self._ends, self._turns = ends, count()
        self.mood = GOOD
        self.passed = 0
        """How many connections it has made."""
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server((_HOST, port), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def be(self, mood: Mood) -> None:
        """Be like this from now on, also for connections that are open."""
        self.mood = mood

    def hang_up(self) -> None:
        """Cut every connection that is open, in the middle of whatever is being said."""
        with self._lock:
            opened, self._open = self._open, set()
        for one in opened:
            _reset(one)

    def close(self) -> None:
        """Take the wire away."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()

    def _accept(self) -> None:
        with suppress(OSError):  # it is being taken away
            while True:
                near, _address = self._listener.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        far = None if self.mood.refuses else self._reach()
        if far is None:
            _reset(near)
            return
        for one in (near, far):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self.passed += 1
            self._open |= {near, far}
        threading.Thread(target=self._pass, args=(near, far), daemon=True).start()
        self._pass(far, near, answers=True)

    def _reach(self) -> socket.socket | None:
        first = next(self._turns)
        for step in range(len(self._ends)):
            with suppress(OSError):
                return socket.create_connection((_HOST, self._ends[(first + step) % len(self._ends)]), timeout=5)
        return None

    def _pass(self, source: socket.socket, target: socket.socket, *, answers: bool = False) -> None:
        """Pass on what comes from one side until it ends; then both ends are closed."""
        told = 0
        try:
            source.settimeout(None)
            while piece := source.recv(_PIECE):
                mood = self.mood
                if mood.swallows:
                    continue
                _wait(mood, len(piece))
                rest = mood.cut_after - told if answers and mood.cut_after is not None else len(piece)
                target.sendall(piece[: max(rest, 0)])
                told += len(piece)
                if rest < len(piece):
                    _reset(target)
                    break
        except OSError:
            _reset(target)
        finally:
            self._end(source, target)

    def _end(self, *ends: socket.socket) -> None:
        with self._lock:
            self._open -= set(ends)
        for one in ends:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _wait(mood: Mood, size: int) -> None:
    seconds = mood.delay + (size / mood.bytes_per_second if mood.bytes_per_second else 0)
    if seconds:
        time.sleep(seconds)


def _reset(one: socket.socket) -> None:
    with suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
