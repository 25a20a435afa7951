"""Who may do what: keys, their scopes, their connections, and how often."""

import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.test import Client
from django.urls import get_resolver

from integrations.api import keys
from integrations.models import ApiKey
from subscriptions.models import RecurringPayment
from tests.integrations.api.plugin import Plugin, row
from tests.integrations.contracts import made

PAYMENT = "/recurring-payments/sub_1"
# address -> method -> the scope that it needs; None: nobody may
ROUTES: dict[str, dict[str, str | None]] = {
    "/recurring-payments": {"GET": "read", "POST": None, "PUT": None, "PATCH": None, "DELETE": None},
    "/recurring-payments/bulk": {"GET": None, "POST": "write", "PUT": None, "PATCH": None, "DELETE": None},
    PAYMENT: {"GET": "read", "POST": None, "PUT": "write", "PATCH": "write", "DELETE": "write"},
    "/batches/00000000-0000-4000-8000-000000000000": {
        "GET": "read",
        "POST": None,
        "PUT": None,
        "PATCH": None,
        "DELETE": None,
    },
    "/contacts": {"GET": "read", "POST": None, "PUT": None, "PATCH": None, "DELETE": None},
    "/contacts/1": {"GET": "read", "POST": None, "PUT": None, "PATCH": None, "DELETE": None},
    "/lists": {"GET": "read", "POST": None, "PUT": None, "PATCH": None, "DELETE": None},
    "/connections": {"GET": "read", "POST": None, "PUT": None, "PATCH": None, "DELETE": None},
    "/connections/1": {"GET": "read", "POST": None, "PUT": None, "PATCH": None, "DELETE": None},
    "/field-order": {"GET": "read", "POST": None, "PUT": None, "PATCH": None, "DELETE": None},
}
CASES = [(path, method, scope) for path, methods in ROUTES.items() for method, scope in methods.items()]
BODY = {"/recurring-payments/bulk": {"recurring_payments": []}, PAYMENT: {}}
MAY_BE = {200, 204, 404}


def asked(plugin: Plugin, method: str, path: str) -> int:
    if method == "GET":
        return int(plugin.get(path).status_code)
    return int(plugin.send(method, path, BODY.get(path, {})).status_code)


def test_the_table_knows_every_address() -> None:
    known = {str(one.pattern) for one in get_resolver("integrations.api.urls").url_patterns}
    v1 = {one for one in known if one.startswith("v1/") and "rest" not in one} - {"v1/", "v1/docs/"}
    of_stores = {one for one in v1 if not one.startswith("v1/segments")}  # no key of a store reaches those
    assert len(of_stores) == len(ROUTES)


@pytest.mark.parametrize(("path", "method", "scope"), CASES)
def test_a_key_may_do_what_its_scopes_say(limited: Any, path: str, method: str, scope: str | None) -> None:
    for scopes in (["read"], ["write"], ["read", "write"]):
        status = asked(limited(*scopes), method, path)
        needed = "read" if method == "GET" else "write"
        if needed not in scopes:
            assert status == 403
        elif scope is None:
            assert status == 405
        else:
            assert status in MAY_BE


@pytest.mark.parametrize(("path", "method", "_scope"), CASES)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic eDp5"},
        {"Api-Token": "rit_00000000_" + "x" * 43},
        {"Authorization": "Bearer é\u00ff"},
    ],
)
def test_strangers_may_do_nothing(db: None, path: str, method: str, _scope: Any, headers: dict[str, str]) -> None:
    answer = Client(headers=headers).generic(method, f"/api/v1{path}", "{}", content_type="application/json")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["title"] == "Unauthorized"


def test_both_headers_open_the_same(plugin: Plugin) -> None:
    assert Client(headers={"Api-Token": plugin.secret}).get("/api/v1/connections").status_code == 200
    both = {"Api-Token": plugin.secret, "Authorization": f"Bearer {plugin.secret}x"}
    assert Client(headers=both).get("/api/v1/connections").status_code == 401


def test_a_key_reaches_its_own_connection_only(plugin: Plugin, other: Plugin, account: Plugin) -> None:
    plugin.bulk(row("sub_1", name="mine"))
    for path in (PAYMENT, f"/connections/{plugin.connection and plugin.connection.store_id}"):
        assert other.get(path).status_code == 404
        assert account.get(path).status_code == 200
    other.bulk(row("sub_1", name="theirs"))
    assert plugin.get(PAYMENT).json()["name"] == "mine"
    assert other.send("DELETE", PAYMENT).status_code == 204
    assert [*RecurringPayment.objects.values_list("name", flat=True)] == ["mine"]
    assert plugin.connection
    assert other.bulk(row(), query=f"?connection={plugin.connection.store_id}").status_code == 404


def test_a_key_of_the_account_says_which_connection_it_means(account: Plugin, plugin: Plugin, other: Plugin) -> None:
    assert plugin.connection
    assert account.bulk(row()).status_code == 400
    assert account.outcomes(row(), query=f"?connection={plugin.connection.store_id}") == ["created"]
    other.bulk(row())
    assert account.get(PAYMENT).status_code == 400
    assert account.bulk(row(), query="?connection=999").status_code == 404
    stripe = made("stripe", "Stripe shop")
    assert account.bulk(row(), query=f"?connection={stripe.store_id}").status_code == 404
    assert account.get(f"/connections/{stripe.store_id}").status_code == 404


def test_a_revoked_key_opens_nothing_from_then_on(plugin: Plugin) -> None:
    assert plugin.get("/connections").status_code == 200
    keys.revoke(plugin.key)
    revoked_at = plugin.key.revoked_at
    assert plugin.get("/connections").status_code == 401
    keys.revoke(plugin.key)
    assert plugin.key.revoked_at == revoked_at


def test_several_keys_serve_beside_one_another(plugin: Plugin) -> None:
    second = Plugin(plugin.connection)
    assert (plugin.get("/connections").status_code, second.get("/connections").status_code) == (200, 200)
    keys.revoke(plugin.key)
    assert (plugin.get("/connections").status_code, second.get("/connections").status_code) == (401, 200)


def test_the_database_holds_no_usable_key(plugin: Plugin) -> None:
    row = ApiKey.objects.filter(pk=plugin.key.pk).values().get()
    random_part = plugin.secret.split("_", 2)[2]
    assert len(random_part) == 43
    assert not any(random_part in str(value) for value in row.values())
    assert row["prefix"] in plugin.secret


def test_use_is_noted_at_most_once_a_minute(plugin: Plugin) -> None:
    plugin.get("/connections")
    first = ApiKey.objects.get(pk=plugin.key.pk).last_used_at
    plugin.get("/connections")
    assert first is not None
    assert ApiKey.objects.get(pk=plugin.key.pk).last_used_at == first


@pytest.mark.parametrize("scopes", [[], ["admin"], ["read", "admin"]])
def test_a_key_has_scopes_that_exist(plugin: Plugin, scopes: list[str]) -> None:
    with pytest.raises(ValueError, match="scopes"):
        keys.issue(plugin.connection, name="x", scopes=scopes)


def test_only_api_stores_have_keys(db: None) -> None:
    with pytest.raises(ValueError, match="speak through the API"):
        keys.issue(made("stripe"), name="x")


# How often


def test_a_burst_is_refused_with_the_time_to_wait(plugin: Plugin, other: Plugin, settings: LazySettings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 5
    answers = [plugin.get("/connections") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert [answer["RateLimit-Remaining"] for answer in answers] == [*"43210", "0", "0"]
    assert {answer["RateLimit-Limit"] for answer in answers} == {"5"}
    assert 1 <= int(answers[-1]["Retry-After"]) <= 12
    assert answers[-1].json()["title"] == "Too Many Requests"
    assert other.get("/connections").status_code == 200


def test_the_allowance_fills_up_again(plugin: Plugin, settings: LazySettings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    assert [plugin.get("/connections").status_code for _ in range(3)] == [200, 200, 429]
    ApiKey.objects.filter(pk=plugin.key.pk).update(full_at=0)
    assert plugin.get("/connections").status_code == 200


# Refusals have one form


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type", "status"),
    [
        ("GET", "/nowhere", b"", "application/json", 404),
        ("POST", "/", b"", "application/json", 404),
        ("POST", "", b"", "application/json", 404),
        ("GET", "/recurring-payments/none", b"", "application/json", 404),
        ("GET", "/batches/no-uuid", b"", "application/json", 404),
        ("DELETE", "/contacts", b"", "application/json", 405),
        ("OPTIONS", "/contacts", b"", "application/json", 405),
        ("POST", "/recurring-payments/bulk", b"a=b", "application/x-www-form-urlencoded", 415),
        ("POST", "/recurring-payments/bulk", b"{}", "text/plain", 415),
        ("POST", "/recurring-payments/bulk", b"{", "application/json", 400),
        ("PUT", "/recurring-payments/a", b"{}", "multipart/form-data; boundary=x", 415),
    ],
)
def test_every_refusal_is_a_problem(
    plugin: Plugin, method: str, path: str, body: bytes, content_type: str, status: int
) -> None:
    answer = plugin.client.generic(method, f"/api/v1{path}", body, content_type=content_type)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = json.loads(answer.content)
    assert told.keys() == {"type", "title", "status", "detail", "instance", "errors"}
    assert (told["status"], told["instance"]) == (status, f"/api/v1{path}")


@pytest.mark.parametrize(
    "path", ["v1/recurring-payments", "v1/contacts", "v1/field-order", "v1/schema/", "3/connections"]
)
def test_more_parameters_than_are_read_are_refused(plugin: Plugin, path: str) -> None:
    answer = plugin.client.get(f"/api/{path}?{'a&' * 1500}")
    assert (answer.status_code, json.loads(answer.content)["detail" if "v1" in path else "message"]) == (
        400,
        "Malformed request.",
    )


@pytest.mark.parametrize("path", ["/api/3/contacts", "/api/3/ecom/graphql/", "/api/3/connections/x"])
def test_what_the_older_api_does_not_have_is_told_as_plugins_read_it(plugin: Plugin, path: str) -> None:
    answer = plugin.client.get(path)
    assert (answer.status_code, answer.json()["message"]) == (404, "There is no such address.")


def test_a_stranger_is_refused_in_the_same_form_while_the_database_is_away(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.api.refusals.wait_of_stranger", _away)
    answer = Client().get("/api/v1/contacts")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def _away(_request: Any) -> float:
    raise OperationalError


def test_a_fault_of_ours_is_a_problem_too(plugin: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.api.writing.apply_records", lambda *_a, **_k: 1 / 0)
    answer = plugin.bulk(row())
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "division" not in answer.content.decode()
