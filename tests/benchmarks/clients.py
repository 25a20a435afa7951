"""A few clients that ask a server at once, each over one open connection."""

import http.client
import threading
import time
from dataclasses import dataclass, field

CLIENTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request, and the status that it has to be answered with."""

    path: str
    method: str = "GET"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


def rate(port: int, asked: list[Ask], *, clients: int = CLIENTS) -> float:
    """Ask all of it by so many clients, and return how many were answered a second."""
    shares = [asked[client::clients] for client in range(clients)]
    threads = [threading.Thread(target=_ask, args=(port, share)) for share in shares]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(asked) / (time.perf_counter() - start)


def line_to(port: int) -> http.client.HTTPConnection:
    """Return a connection that stays open."""
    return http.client.HTTPConnection("127.0.0.1", port)


def ask_one(line: http.client.HTTPConnection, one: Ask) -> None:
    """Ask over a connection; an answer of another status than it should have stops the benchmark."""
    line.request(one.method, one.path, one.body or None, one.headers)
    answer = line.getresponse()
    answer.read()
    if answer.status != one.status:
        raise SystemExit(f"{one.path} answered {answer.status}.")


def _ask(port: int, asked: list[Ask]) -> None:
    line = line_to(port)
    for one in asked:
        ask_one(line, one)
