"""Calling the webhooks of steps: signed as Standard Webhooks says, to public addresses only, with retries.

A receiver may get a call twice, if we die between its answer and our note; the call's id is the same then.
See https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import json
import logging
import time
from typing import Any

import requests

from automations import bell, outbox, receivers
from automations.models import Call
from config import outgoing, turns
from config.metrics import counters
from subscriptions.catalogue import BY_NAME
from subscriptions.models import RecurringPayment

logger = logging.getLogger(__name__)

TIMEOUT = 15
State = Call.State


def call(*, seconds: float) -> bool:
    """Make the calls that wait, for some seconds; tell whether there are more that can be made at once."""
    ends = time.monotonic() + seconds
    with outgoing.session() as session:
        while due := outbox.due(Call):
            for pk in due:
                if turns.take(Call, pk):
                    _call(_read(pk), session)
                    bell.ring()
                if time.monotonic() >= ends:
                    return True
    return False


def is_waiting() -> bool:
    """Tell whether any call is due."""
    return bool(outbox.due(Call))


def signature(secret: str, number: str, moment: int, body: bytes) -> str:
    """Return what stands in the header webhook-signature."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{number}.{moment}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def _read(pk: int) -> Call:
    rows = Call.objects.select_related("enrolment__contact", "enrolment__payment__store", "enrolment__automation")
    return rows.get(pk=pk)


def _call(row: Call, session: requests.Session) -> None:
    """Make one call that is ours."""
    step = outbox.step_of(row)
    if step is None:
        return
    url = step.options["url"]
    if receivers.is_off(url):
        turns.ours(row).update(state=State.WAITING, problem=receivers.OFF)
        turns.leave(row, receivers.LOOKED_AT_AGAIN)
        return
    body = row.body or json.dumps(told(row))
    if not turns.ours(row).update(body=body):
        return
    status, detail = _post(session, url, row, body.encode(), row.enrolment.automation.webhook_secret)
    counters.call("answered" if 200 <= status < 300 else "refused" if status else "unreachable")
    note = receivers.worked if 200 <= status < 300 else receivers.failed
    note(url)
    if 200 <= status < 300:
        outbox.close(row, State.SENT, status=status)
    elif status in {401, 403, 404, 410}:
        outbox.close(row, State.FAILED, status=status, problem="webhook_refused", detail=str(status))
    else:
        outbox.put_off(row, "webhook_unreachable", status=status or None, detail=detail or str(status))


def _post(session: requests.Session, url: str, row: Call, body: bytes, secret: str) -> tuple[int, str]:
    moment = int(time.time())
    headers = {
        "content-type": "application/json",
        "webhook-id": str(row.number),
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(secret, str(row.number), moment, body),
    }
    try:
        answer = session.post(url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True)
        answer.close()
    except requests.RequestException as error:
        logger.warning("A webhook cannot be called (%s)", type(error).__name__)
        return 0 if error.response is None else error.response.status_code, type(error).__name__
    return answer.status_code, ""


def told(row: Call) -> dict[str, Any]:
    """Say who has come to which step, with the recurring payment as the API writes it."""
    one, contact = row.enrolment, row.enrolment.contact
    fields = ("id", "email", "first_name", "last_name", "phone", "company", "language")
    return {
        "type": "automation.step",
        "timestamp": row.made_at.isoformat(),
        "data": {
            "automation": {"id": one.automation_id, "name": one.automation.name, "step": row.step},
            "contact": {name: getattr(contact, name) for name in fields},
            "recurring_payment": _payment(one.payment) if one.payment else None,
        },
    }


def _payment(payment: RecurringPayment) -> dict[str, Any]:
    fields = {name: field.kind.dump(field.value(payment)) for name, field in BY_NAME.items()}
    return {"id": payment.pk, "store": payment.store.name} | fields
