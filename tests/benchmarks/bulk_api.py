"""The bulk API over HTTP: rows a second against the writer alone on the same rows."""

import http.client
import json
import time
from typing import Any

from django.utils import timezone

from integrations.api import keys, rows, stores
from integrations.models import Connection
from subscriptions.catalogue import BY_NAME
from subscriptions.models import Change
from subscriptions.records import ITEM_KINDS, Record
from subscriptions.services import apply_records
from tests.benchmarks.applying import empty, many, read_templates
from tests.benchmarks.figures import Figure
from tests.benchmarks.servers import gunicorn

GOAL = 0.6
ROUNDS = 3
# As many as are answered at once.
REQUEST = 1000


def measure(database: str, quick: bool) -> None:
    """Write the same rows by both ways, round by round in turn."""
    size = 1_000 if quick else 10_000
    told = [_row(record) for record in many(read_templates(), size)]
    connection = stores.connect(stores.About(service="bench", external_id="bulk", name="bulk"))
    _, secret = keys.issue(connection, name="bench")
    with gunicorn() as port:
        rates = [(_over_http(port, secret, told), _alone(connection, told)) for _ in range(ROUNDS)]
    ratio, ours, alone = sorted((ours / alone, ours, alone) for ours, alone in rates)[ROUNDS // 2]
    Figure(
        name="bulk_api",
        database=database,
        value=ours,
        unit="rows/s",
        yardstick=f"the writer alone on the same rows, {alone:,.0f} a second",
        ratio=ratio,
        goal=GOAL,
    ).emit()


def _row(record: Record) -> dict[str, Any]:
    """Write a record as a plugin would send it."""
    values = {name: BY_NAME[name].kind.dump(value) for name, value in record.values.items()}
    items = [{name: kind.dump(getattr(item, name)) for name, kind in ITEM_KINDS.items()} for item in record.items or ()]
    return values | {"line_items": items}


def _over_http(port: int, secret: str, told: list[dict[str, Any]]) -> float:
    bodies = [
        json.dumps({"recurring_payments": told[start : start + REQUEST]}).encode()
        for start in range(0, len(told), REQUEST)
    ]
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    empty()
    line = http.client.HTTPConnection("127.0.0.1", port)
    start = time.perf_counter()
    for body in bodies:
        line.request("POST", "/api/v1/recurring-payments/bulk", body, headers)
        answer = line.getresponse()
        content = json.loads(answer.read())
        if answer.status != 200 or content["counts"]["error"]:
            raise SystemExit(f"The bulk API answered {answer.status}.")
    return len(told) / (time.perf_counter() - start)


def _alone(connection: Connection, told: list[dict[str, Any]]) -> float:
    now = timezone.now()
    records = [rows.read(row, now=now) for row in told]
    empty()
    start = time.perf_counter()
    for first in range(0, len(records), REQUEST):
        chunk = records[first : first + REQUEST]
        apply_records(connection.store, chunk, source=Change.Source.API, announce=True)
    return len(told) / (time.perf_counter() - start)
