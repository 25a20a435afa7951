"""A key reaches what is its own connection's, at every address; nothing of another's is told, changed or deleted."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.forms.models import model_to_dict
from django.test import Client

from contacts.models import Contact
from integrations.api import keys, stores
from integrations.models import ApiKey, ApiStore, Batch, Connection
from subscriptions.models import RecurringPayment, Store
from tests.config import matrix
from tests.config.test_matrix import BODIES, known, store  # noqa: F401
from tests.integrations.api.plugin import GRAPHQL, Plugin
from tests.integrations.api.test_graphql import UPSERT

pytestmark = pytest.mark.django_db
OWN = (Contact, RecurringPayment, Store, Connection, ApiStore, Batch)
# What tells the same to everybody, or nothing of anybody.
GENERAL = ("/field-order", "/lists", "<any:rest>", "/api/v1/", "/api/v1")
MARKS = ("ada@example.com", "Ours")


@pytest.fixture
def stranger(known: dict[str, Any], store: Connection) -> Client:  # noqa: F811
    """Whoever has a key of another shop, which may read and write there."""
    other = stores.connect(stores.About(service="woo", external_id="other", name="Other shop"))
    return Client(headers={"Authorization": f"Bearer {keys.issue(other, name='other')[1]}"})


@pytest.fixture
def told(known: dict[str, Any], store: Connection) -> dict[str, Any]:  # noqa: F811
    return known | {"connection_id": store.store_id}


def everything() -> list[dict[str, Any]]:
    """All that the first shop has."""
    return [
        model_to_dict(row) | {"pk": row.pk}
        for model in OWN
        for row in model._default_manager.order_by("pk")
        if "Other shop" not in str(row)
    ]


def asked(client: Client, method: str, path: str, body: Any) -> Any:
    ApiKey.objects.update(full_at=0)
    return client.generic(method, path, json.dumps(body), content_type="application/json")


ROWS = [(method, route) for method, route, _ in matrix.rows(matrix.API, matrix.KEYS) if not route.startswith("/hooks/")]


def test_what_is_another_shops_is_neither_told_nor_changed(stranger: Client, told: dict[str, Any]) -> None:
    before = everything()
    for method, route in ROWS:
        with transaction.atomic():
            answer = asked(stranger, method, matrix.path(route, told), BODIES.get(route, {}))
            text = answer.content.decode().partition('"instance"')[0]  # a problem repeats the address that was asked
            assert not any(mark in text for mark in MARKS), (method, route, text)
            assert [row for row in before if row not in everything()] == [], (method, route)
            transaction.set_rollback(True)


def test_an_address_with_another_shops_number_leads_nowhere(stranger: Client, told: dict[str, Any]) -> None:
    for method, route in ROWS:
        if "<int:" in route or "<uuid:" in route:
            assert asked(stranger, method, matrix.path(route, told), BODIES.get(route, {})).status_code in (403, 404)


def test_naming_the_other_connection_does_not_help(stranger: Client, told: dict[str, Any], store: Connection) -> None:  # noqa: F811
    before = everything()
    for method, route in ROWS:
        if "recurring-payments" in route:
            path = f"{matrix.path(route, told)}?connection={store.store_id}"
            assert asked(stranger, method, path, BODIES.get(route, {})).status_code in (400, 404), (method, route)
    assert everything() == before


def test_over_graphql_neither(stranger: Client, store: Connection, known: dict[str, Any]) -> None:  # noqa: F811
    before = everything()
    row = {"storeRecurringPaymentId": "p1", "legacyConnectionId": store.store_id, "name": "Taken"}
    body = {"query": UPSERT, "variables": {"rows": [row]}}
    assert "errors" in asked(stranger, "POST", GRAPHQL, body).json()
    search = {"query": "{ searchRecurringPayment { storeRecurringPaymentId email } }"}
    assert asked(stranger, "POST", GRAPHQL, search).json()["data"]["searchRecurringPayment"] == []
    assert everything() == before


def test_its_own_it_reaches(known: dict[str, Any], store: Connection) -> None:  # noqa: F811
    own = Plugin(store)
    assert own.get("/recurring-payments/p1").json()["email"] == "ada@example.com"
    assert own.get(f"/contacts/{known['contact_id']}").status_code == 200
    assert own.get(f"/batches/{known['batch_id']}").status_code == 200
