"""Access tokens."""

import pytest

from integrations.sandbox.paypal.tokens import SUBSCRIPTIONS, WEBHOOKS
from integrations.sandbox.server import serve
from tests.integrations.sandbox.conftest import NOW, ask
from tests.integrations.sandbox.paypal.conftest import AT, BASIC, GRANT, Caller, control, open_shop, token_of


def ask_token(server, *, body=GRANT, authorization=BASIC):
    return ask(server, "/v1/oauth2/token", method="POST", body=body, Authorization=authorization)


def status_of(server, token):
    return ask(server, "/v1/notifications/webhooks", Authorization=f"Bearer {token}").status


def test_credentials_are_worth_a_token(server):
    answer = ask_token(server)
    assert answer.status == 200
    assert set(answer.json) == {"scope", "access_token", "token_type", "app_id", "expires_in", "nonce"}
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 32_400)
    assert {SUBSCRIPTIONS, WEBHOOKS} <= set(answer.json["scope"].split())
    assert status_of(server, answer.json["access_token"]) == 200


@pytest.mark.parametrize("authorization", ["Basic " + "c2FuZGJveC1jbGllbnQ6d3Jvbmc=", "Basic !", "Bearer x", ""])
def test_wrong_credentials_are_refused_in_oauths_words(server, authorization):
    answer = ask_token(server, authorization=authorization)
    assert answer.status == 401
    assert answer.json == {"error": "invalid_client", "error_description": "Client Authentication failed"}


@pytest.mark.parametrize("body", [b"", b"grant_type=password", b"\xff"])
def test_only_the_clients_own_grant_is_known(server, body):
    answer = ask_token(server, body=body)
    assert (answer.status, answer.json["error"]) == (400, "unsupported_grant_type")


def test_a_token_stays_the_same_until_it_expires_by_the_shops_clock(shop, server):
    first = ask_token(server).json
    shop.clock.move_to(AT + 32_399)
    second = ask_token(server).json
    assert second["access_token"] == first["access_token"]
    assert second["expires_in"] == 1
    assert status_of(server, first["access_token"]) == 200
    shop.clock.move_to(AT + 32_400)
    refused = ask(server, "/v1/notifications/webhooks", Authorization=f"Bearer {first['access_token']}")
    assert (refused.status, refused.json["error"]) == (401, "invalid_token")
    assert ask_token(server).json["access_token"] != first["access_token"]
    assert status_of(server, token_of(server)) == 200


def test_without_a_token_nobody_gets_in(server):
    answer = ask(server, "/v1/notifications/webhooks", Authorization="")
    assert (answer.status, answer.json["name"]) == (401, "AUTHENTICATION_FAILURE")
    assert answer.json["debug_id"] == answer.headers["Paypal-Debug-Id"]


def test_the_credentials_themselves_are_no_token(server):
    assert ask(server, "/v1/notifications/webhooks", Authorization=BASIC).status == 401
    assert status_of(server, "A21AAmadeUp") == 401


def test_tokens_can_be_revoked(server):
    caller = Caller(server)
    assert control(server, "revoke").status == 200
    assert caller.get("/v1/notifications/webhooks").json["error"] == "invalid_token"
    assert Caller(server).get("/v1/notifications/webhooks").status == 200


def test_a_permission_can_be_lacking(shop, caller):
    shop.faults.forbidden = [WEBHOOKS]
    answer = caller.get("/v1/notifications/webhooks")
    assert (answer.status, answer.json["name"]) == (403, "NOT_AUTHORIZED")
    assert answer.json["details"][0]["issue"] == "PERMISSION_DENIED"
    assert caller.get(f"/v1/billing/subscriptions/{shop.ids()[0]}").status == 200
    assert WEBHOOKS not in ask_token(caller.server).json["scope"]


def test_other_credentials_may_be_chosen():
    with serve(open_shop(client_id="ours", secret="ours too")) as server:
        assert ask_token(server).status == 401
        assert ask_token(server, authorization="Basic b3VyczpvdXJzIHRvbw==").status == 200


def test_a_token_outlives_a_restart(tmp_path):
    path = tmp_path / "paypal.jsonl"
    with serve(open_shop(state=path)) as server:
        token = token_of(server)
    with serve(open_shop(state=path)) as server:
        assert status_of(server, token) == 200
        assert server.shop.clock.now() == int(NOW.timestamp())
