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


def rate(port: int, asked: list[Ask]) -> float:
    """Ask all of it, and return how many were answered a second."""
    shares = [asked[client::CLIENTS] for client in range(CLIENTS)]
    threads = [threading.Thread(target=_ask, args=(port, share)) for share in shares]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(asked) / (time.perf_counter() - start)


def _ask(port: int, asked: list[Ask]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port)
    for one in asked:
        line.request(one.method, one.path, one.body or None, one.headers)
        answer = line.getresponse()
        answer.read()
        if answer.status != one.status:
            raise SystemExit(f"{one.path} answered {answer.status}.")
