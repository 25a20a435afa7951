"""The API describes itself: valid, complete, for stores and the team, without a script; and it is as it says."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.db import connection
from django.test import Client
from django.urls import reverse
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from integrations.api import keys
from integrations.api.filters import FILTERS
from integrations.models import ApiKey, Connection
from subscriptions.catalogue import STORED
from tests.integrations.api.plugin import Plugin, row

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
DOCUMENTATION = reverse("api:documentation")


@pytest.fixture
def told(plugin: Plugin) -> dict[str, Any]:
    """The schema as a store gets it."""
    answer = plugin.get("/schema/", format="json")
    assert answer.status_code == 200
    schema: dict[str, Any] = answer.json()
    return schema


def test_it_is_valid_openapi_3_1(told: dict[str, Any]) -> None:
    assert told["openapi"] == "3.1.0"
    validate_schema(told)  # type: ignore[no-untyped-call]


def test_every_component_that_it_refers_to_is_in_it(told: dict[str, Any]) -> None:
    named = {name.group(1) for name in re.finditer(r"#/components/schemas/(\w+)", json.dumps(told))}
    assert "Schema" in named
    assert named <= told["components"]["schemas"].keys()


def test_it_says_that_rows_must_be_sent(told: dict[str, Any]) -> None:
    assert told["paths"]["/api/v1/recurring-payments/bulk"]["post"]["requestBody"]["required"] is True


def test_every_field_is_in_it(told: dict[str, Any]) -> None:
    schemas = told["components"]["schemas"]
    assert STORED.keys() <= schemas["RecurringPayment"]["properties"].keys()
    assert STORED.keys() <= schemas["RecurringPaymentRow"]["properties"].keys()
    parameters = {one["name"] for one in told["paths"]["/api/v1/recurring-payments"]["get"]["parameters"]}
    assert FILTERS.keys() <= parameters


def test_both_headers_are_told(told: dict[str, Any]) -> None:
    assert {"bearer", "apiToken"} <= told["components"]["securitySchemes"].keys()
    assert {"bearer": []} in told["paths"]["/api/v1/contacts"]["get"]["security"]


def test_the_page_tells_every_operation_and_brings_no_script(told: dict[str, Any], marketers: Client) -> None:
    answer = marketers.get(DOCUMENTATION)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<script" not in page
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for methods in told["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    assert all(f"<code>{name}</code>" in page for name in STORED)


@pytest.mark.parametrize("told", [{}, {"Accept": "application/yaml"}, {"Accept": "text/html"}])
def test_a_problem_is_json_in_whatever_form_the_schema_is_asked_for(db: None, told: dict[str, str]) -> None:
    answer = Client(headers=told).get(reverse("schema"))
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["status"] == answer.status_code


def test_a_browser_that_takes_pages_only_gets_the_page(marketers: Client) -> None:
    assert marketers.get(DOCUMENTATION, headers={"Accept": "text/html"}).status_code == 200


def test_strangers_may_not_read_it(db: None) -> None:
    assert [Client().get(path).status_code for path in (DOCUMENTATION, reverse("schema"))] == [401, 401]


@pytest.fixture
def open_database(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One connection to the database for all requests, as in production: a new one takes longer than most of them."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)
    yield
    connection.close()


def test_what_the_api_answers_is_what_it_says(open_database: None, shop_connection: Connection) -> None:
    plugin = Plugin(shop_connection)
    plugin.bulk(row("sub_1", name="Coffee", email="ada@example.com", line_items=[{"name": "Coffee"}]))
    schema = schemathesis.openapi.from_wsgi(f"{reverse('schema')}?format=json", application, headers=headers(plugin))
    analyst = Plugin(None, scopes=keys.ACCOUNT_SCOPES)
    called = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path.startswith("/api/v1/") and operation.path != reverse("schema"):
            hold(operation, analyst if re.search("/(segments|automations|reports)", operation.path) else plugin)
            called += 1
    assert called == 54


def hold(operation: Any, plugin: Plugin) -> None:
    """Call an operation in many ways, and hold each answer against the schema."""

    @seed(1)
    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        ApiKey.objects.update(full_at=0)
        response = case.call(headers=headers(plugin))
        case.validate_response(response, checks=CHECKS)

    check()


def headers(plugin: Plugin) -> dict[str, str]:
    return {"Authorization": f"Bearer {plugin.secret}"}
