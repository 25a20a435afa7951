"""The OpenAPI schema: valid, complete, and for the team."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from drf_spectacular.validation import validate_schema

from integrations.providers import SENDERS

SCHEMA = reverse("schema")
WEBHOOK = "/hooks/{provider}/{token}/"


@pytest.fixture
def schema(marketers: Client) -> dict[str, Any]:
    """The schema as the product serves it."""
    answer = marketers.get(SCHEMA, {"format": "json"})
    assert answer.status_code == 200
    served: dict[str, Any] = answer.json()
    return served


def test_it_is_valid_openapi_3_1(schema: dict[str, Any]) -> None:
    assert schema["openapi"] == "3.1.0"
    validate_schema(schema)  # type: ignore[no-untyped-call]


def test_it_tells_how_stores_reach_us(schema: dict[str, Any]) -> None:
    [(method, webhook)] = schema["paths"][WEBHOOK].items()
    assert (method, webhook["operationId"]) == ("post", "receive_webhook")
    assert webhook["responses"].keys() == {"200", "400", "404", "413"}
    parameters = {parameter["name"]: parameter for parameter in webhook["parameters"]}
    assert parameters.keys() == {"provider", "token", "Stripe-Signature"}
    assert parameters["provider"]["schema"]["enum"] == sorted(SENDERS)
    assert webhook.get("security", []) == []


def test_every_operation_has_a_name_and_a_summary(schema: dict[str, Any]) -> None:
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names) >= 2
    assert all(operation.get("summary") or operation.get("description") for operation in operations)


def test_strangers_do_not_get_it(db: None) -> None:
    assert Client().get(SCHEMA).status_code == 401
    outsider = Client()
    outsider.force_login(User.objects.create_user("nobody", is_staff=False))
    assert outsider.get(SCHEMA).status_code == 403
