"""Counting the statements that reach PostgreSQL, whoever sends them: a line in between that reads the message types."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO
from urllib.parse import urlsplit

# A simple query, and the execution of a prepared one: the messages of a client that make the server do something.
_STATEMENTS = frozenset(b"QE")
# The codes with which a client asks for encryption before it says anything (protocol-message-formats.html).
_ENCRYPTIONS = frozenset(code.to_bytes(4) for code in (80877103, 80877104))


class Counter:
    """A port beside the server's own; `count` says how many statements have gone through it."""

    def __init__(self, server: str) -> None:
        told = urlsplit(server)
        self._server = (told.hostname or "127.0.0.1", told.port or 5432)
        self._door = socket.create_server(("127.0.0.1", 0))
        port = self._door.getsockname()[1]
        self.address = f"postgres://{told.username}:{told.password}@127.0.0.1:{port}{told.path}"
        self.count = 0
        threading.Thread(target=self._open, daemon=True).start()

    def close(self) -> None:
        """Let nobody else in."""
        self._door.close()

    def _open(self) -> None:
        with suppress(OSError):  # it was closed
            while True:
                client, _ = self._door.accept()
                server = socket.create_connection(self._server)
                for end in (client, server):  # what is short would else wait for what comes behind it
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._read, args=(client, server), daemon=True).start()
                threading.Thread(target=_pass_on, args=(server, client), daemon=True).start()

    def _read(self, client: socket.socket, server: socket.socket) -> None:
        """Hand on what a client says, message by message; the first ones have no type."""
        with suppress(OSError), client.makefile("rb") as said, server:
            while (opening := _untyped(said))[4:] in _ENCRYPTIONS:
                client.sendall(b"N")  # what is encrypted could not be counted
            server.sendall(opening)
            while kind := said.read(1):
                head = said.read(4)
                self.count += kind[0] in _STATEMENTS
                server.sendall(kind + head + said.read(int.from_bytes(head) - 4))


def _untyped(said: BinaryIO) -> bytes:
    head = said.read(4)
    return head + said.read(int.from_bytes(head) - 4)


def _pass_on(server: socket.socket, client: socket.socket) -> None:
    with suppress(OSError), client:
        while told := server.recv(65_536):
            client.sendall(told)


@contextmanager
def counted(server: str) -> Iterator[Counter]:
    """Have such a port while the block runs; `server` is a database as DATABASE_URL has it."""
    counter = Counter(server)
    try:
        yield counter
    finally:
        counter.close()
