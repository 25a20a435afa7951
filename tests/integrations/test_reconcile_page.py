"""What a connection's page says of its comparisons, and who may ask for one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.audit.log import about
from config.audit.sentences import sentence
from integrations.connecting import Credentials, connect
from integrations.models import Connection, Reconciliation
from subscriptions.models import Change
from subscriptions.records import build
from subscriptions.services import apply_records
from tests.integrations.test_admin import words


@pytest.fixture
def keyed(db: None) -> Connection:
    """A connection that could ask its store."""
    connection, _ = connect("stripe", name="Shop", credentials=Credentials(api_key="rk_test_x", livemode=False))
    return connection


def page(connection: Connection) -> str:
    return reverse("admin:connection_history", args=[connection.pk])


def compared(connection: Connection, **fields: Any) -> Reconciliation:
    """Write down a comparison that is over."""
    usual = {"state": "finished", "finished_at": timezone.now() - timedelta(minutes=12), "since": timezone.now()}
    return Reconciliation.objects.create(connection=connection, **usual | fields)


def verb(connection: Connection, name: str) -> str:
    return reverse(f"admin:reconcile_{name}", args=[connection.pk])


def test_it_says_when_it_was_compared_and_what_was_repaired(keyed: Connection, administrators: Client) -> None:
    assert "Not compared yet" in words(administrators.get(page(keyed)))
    compared(keyed, checked=420, updated=2, created=1, webhook="in_order")
    record = build(
        {"store_recurring_payment_id": "sub_1", "name": "Coffee", "status": "active"}, items=None, as_of=timezone.now()
    )
    apply_records(keyed.store, [record], source=Change.Source.RECONCILE, announce=True)
    told = words(administrators.get(page(keyed)))
    assert "Last compared 12 minutes ago: 420 checked, 3 repaired (2 updated, 1 new). The webhook is in order." in told
    assert "Repaired last: Coffee" in told


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"webhook": "off"}, "Set the webhook up at the store again"),
        ({"webhook": "mended"}, "It has been set up again"),
        ({"remark": "no_events"}, "The API key may not read events"),
        ({"state": "failed", "problem": "unreachable"}, "The store cannot be reached"),
        ({"state": "running", "finished_at": None, "checked": 17}, "17 checked so far"),
    ],
)
def test_what_is_out_of_order_is_said_with_its_remedy(
    keyed: Connection, administrators: Client, fields: dict[str, Any], said: str
) -> None:
    compared(keyed, **fields)
    assert said in words(administrators.get(page(keyed)))
    assert said in words(administrators.get(verb(keyed, "progress")))


@pytest.mark.parametrize(("kind", "said"), [("stripe", "Without credentials"), ("api", "write by themselves")])
def test_a_store_that_cannot_be_compared_says_why(db: None, administrators: Client, kind: str, said: str) -> None:
    connection, _ = connect(kind, name="Silent", credentials=Credentials())
    assert said in words(administrators.get(page(connection)))
    assert administrators.post(verb(connection, "start")).status_code == 404
    assert not Reconciliation.objects.exists()


def test_administrators_compare_by_a_button_and_marketers_only_look(
    keyed: Connection, administrators: Client, marketers: Client
) -> None:
    assert "Compare now" not in words(marketers.get(page(keyed)))
    assert marketers.post(verb(keyed, "start")).status_code == 403
    assert administrators.get(verb(keyed, "start")).status_code == 405
    assert not Reconciliation.objects.exists()
    assert "Compare now" in words(administrators.get(page(keyed)))
    assert administrators.post(verb(keyed, "start")).status_code == 302
    assert Reconciliation.objects.get().connection == keyed
    assert sentence(about(keyed)[0]) == "ada had Shop compared with its store"
