"""No address of the site or of the API, to no role and no key, tells a secret of a store, of a key or of an event."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import Contact
from integrations import health
from integrations.api import keys
from integrations.connecting import Credentials, connect
from integrations.models import Connection, Delivery, HistoricalSync, Reconciliation
from integrations.problems import Problem
from integrations.providers import SENDERS
from integrations.providers.base import ProviderError
from subscriptions.models import RecurringPayment
from tests.config import matrix
from tests.config.test_matrix import known, store  # noqa: F401
from tests.people import member

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CANARY = "Fringilla"
LOOKS = f"ck_{CANARY}_0123456789"


def guarded(kind: str, contact: Contact) -> Connection:
    """A store whose every secret holds the canary's name, and whose events and troubles quote secrets."""
    connection, _ = connect(kind, name=f"{kind} shop", credentials=Credentials(api_key=f"{CANARY}1", webhook_id="WH-1"))
    connection.webhook_secret, connection.old_webhook_secret = f"{CANARY}2", f"{CANARY}3"
    connection.old_secret_until = timezone.now() + timedelta(hours=1)
    connection.save()
    refusal, now = ProviderError(Problem.KEY_REFUSED, f"There is no {LOOKS}."), timezone.now()
    health.report(connection, refusal)
    trouble = {"state": "failed", "problem": refusal.problem, "problem_detail": refusal.detail}
    HistoricalSync.objects.create(connection=connection, **trouble)
    Reconciliation.objects.create(connection=connection, since=now, **trouble)
    RecurringPayment.objects.create(
        store=connection.store, contact=contact, store_recurring_payment_id=f"{kind}_payment_1", as_of=now
    )
    event(connection, f"{kind}_payment_1")
    return connection


def event(connection: Connection, payment: str) -> None:
    """Keep an event that failed, full of secrets."""
    now = timezone.now()
    body = {"id": payment, "client_secret": CANARY, "note": LOOKS, "meta_data": [{"key": "_token", "value": CANARY}]}
    Delivery.objects.create(
        connection=connection, key=payment, event_type="x", occurred_at=now, received_at=now, due_at=now,
        claimed_until=now, subject=f"subscription:{payment}", body=json.dumps(body), state="failed",
        reason=f"The store said {LOOKS}",
    )  # fmt: skip


def content(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{body.decode(errors='replace')}{answer.headers}"


def telling(client: Client, table: list[matrix.Row], told: list[dict[str, Any]]) -> list[str]:
    """Name the addresses whose answers hold the canary; those that name a store are asked for each store."""
    routes = [route for method, route, _ in table if method == "GET" and "logout" not in route]
    paths = dict.fromkeys(matrix.path(route, names) for route in routes for names in told)
    return [path for path in paths if CANARY in content(client.get(path, follow=True))]


def names_of(kind: str, contact: Contact) -> dict[str, Any]:
    """What routes call a guarded store and its event."""
    connection = guarded(kind, contact)
    delivery = connection.deliveries.get()
    return {
        **{"connection": connection.pk, "connection_id": connection.pk, "kind": kind},
        **{"delivery": delivery.pk, "delivery_id": delivery.pk},
    }


@pytest.mark.parametrize("role", matrix.ROLES)
def test_no_page_tells_a_secret(role: str, known: dict[str, Any]) -> None:  # noqa: F811
    contact = Contact.objects.get(pk=known["contact"])
    told = [known | names_of(kind, contact) for kind in SENDERS]
    client = Client()
    if role != "anonymous":
        client.force_login(member(role))
    assert telling(client, matrix.rows(matrix.SITE, matrix.ROLES), told) == []


def test_no_answer_of_the_api_tells_a_secret(known: dict[str, Any]) -> None:  # noqa: F811
    for kind in SENDERS:
        guarded(kind, Contact.objects.get(pk=known["contact"]))
    client = Client(headers={"Api-Token": keys.issue(None, name="all")[1]})
    assert telling(client, matrix.rows(matrix.API, matrix.KEYS), [known]) == []
