"""What a delivery says: built when it goes out, of what is true then."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from integrations.sandbox.store import Record
from integrations.sandbox.wire import encode
from integrations.sandbox.woocommerce.backlog import Job
from integrations.sandbox.woocommerce.dates import wall
from integrations.sandbox.woocommerce.desk import Desk, Document
from integrations.sandbox.woocommerce.documents import document
from integrations.sandbox.woocommerce.faults import WooFaults
from integrations.sandbox.woocommerce.older import older
from integrations.sandbox.woocommerce.webhooks import OLDEST

_MODIFIED = ("date_modified", "date_modified_gmt")


def bodies(desk: Desk, faults: WooFaults, webhook: Record, job: Job) -> Iterator[bytes]:
    """Write the bodies of a job: several near-identical ones where each change is told more than once.

    What was deleted meanwhile is an empty list, and a deletion only names its id.
    """
    kind, _, event = webhook["topic"].partition(".")
    record = desk.store[kind].get(job.resource)
    if event == "deleted":
        yield encode({"id": int(job.resource)})
    elif record is None:
        yield b"[]"
    else:
        times = max(faults.updates_per_change, 1) if event == "updated" else 1
        for place in range(times):
            yield encode(_payload(desk, faults, webhook, job, kind, record, place))


def _payload(
    desk: Desk, faults: WooFaults, webhook: Record, job: Job, kind: str, record: Record, later: int
) -> Document:
    written = document(desk, kind, record)
    written |= {name: _moved(written[name], later) for name in _MODIFIED}
    if job.by_rest and "start_date_gmt" in written:
        # Woo puts the time of a change over REST in the place of a start that the change does not name.
        written["start_date_gmt"] = wall(record["modified"])
    if "line_items" in written and faults.strikes("empty_line_items"):
        written["line_items"] = []
    return older(written) if webhook["api_version"] == OLDEST else written


def _moved(text: str, seconds: int) -> str:
    return (datetime.fromisoformat(text) + timedelta(seconds=seconds)).isoformat() if seconds else text
