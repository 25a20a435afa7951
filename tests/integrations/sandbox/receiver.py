"""A webhook receiver that writes down what it gets, and answers what it is told to."""

import contextlib
import json
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Received:
    """One delivery as it came."""

    body: bytes
    headers: Message

    @property
    def signature(self) -> str:
        """The signature of Stripe."""
        return self.headers["Stripe-Signature"]

    @property
    def event(self) -> dict[str, Any]:
        """The event in the body."""
        return json.loads(self.body)


@dataclass(slots=True)
class Receiver:
    """What came to an address; `answers` are the next statuses, then 200."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answers: deque[int] = field(default_factory=deque)

    @property
    def types(self) -> list[str]:
        """The types of the events, in the order they came."""
        return [one.event.get("type") or one.event["event_type"] for one in self.received]

    @property
    def ids(self) -> list[str]:
        """The ids of the events, in the order they came."""
        return [one.event["id"] for one in self.received]


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive webhooks while the block runs."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append(Received(body, self.headers))
            self.send_response(receiver.answers.popleft() if receiver.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{http.server_port}/hook"
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
