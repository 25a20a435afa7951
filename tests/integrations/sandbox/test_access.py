"""Who is let in, and what every answer carries."""

import base64
from http.client import HTTPConnection

import pytest
import stripe

from tests.integrations.sandbox.conftest import KEY, ask, client_of


def test_every_answer_names_its_request_and_its_version(server):
    answer = ask(server, "/v1/account")
    assert answer.status == 200
    assert answer.headers["Request-Id"].startswith("req_")
    assert answer.headers["Stripe-Version"] == "2026-10-28.endive"
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Date"].endswith("GMT")


def test_two_requests_have_two_names(server):
    names = {ask(server, "/v1/account").headers["Request-Id"] for _ in range(3)}
    assert len(names) == 3


def test_the_key_may_come_as_a_user_name(server):
    shown = base64.b64encode(f"{KEY}:".encode()).decode()
    assert ask(server, "/v1/account", Authorization=f"Basic {shown}").status == 200


@pytest.mark.parametrize("shown", ["Bearer sk_test_wrong", "Basic !!!", "Digest x", "Bearer", ""])
def test_a_wrong_key_is_turned_away(server, shown):
    answer = ask(server, "/v1/account", Authorization=shown)
    assert (answer.status, answer.json["error"]["type"]) == (401, "invalid_request_error")


def test_the_library_reports_a_wrong_key_as_such(server):
    stranger = stripe.StripeClient("sk_test_wrong", base_addresses={"api": server.address})
    with pytest.raises(stripe.AuthenticationError):
        stranger.v1.accounts.retrieve_current()


def test_the_account_knows_itself(client, shop):
    account = client.v1.accounts.retrieve_current()
    assert (account.id, account.default_currency) == (shop.account, "usd")


def test_a_key_may_lack_a_permission(shop, client):
    shop.faults.forbidden = ["rak_subscription_read"]
    with pytest.raises(stripe.PermissionError, match="rak_subscription_read"):
        client.v1.subscriptions.list()
    assert client.v1.customers.list().data


def test_a_permission_is_needed_for_what_is_expanded_too(shop, client):
    shop.faults.forbidden = ["rak_customer_read"]
    assert client.v1.subscriptions.list().data
    with pytest.raises(stripe.PermissionError, match="rak_customer_read"):
        client.v1.subscriptions.list({"expand": ["data.customer"]})


def test_a_key_that_may_only_read_cannot_make_an_endpoint(shop, client):
    shop.faults.forbidden = ["rak_webhook_write"]
    with pytest.raises(stripe.PermissionError, match="rak_webhook_write"):
        client.v1.webhook_endpoints.create({"url": "http://localhost/x", "enabled_events": ["*"]})
    assert client.v1.webhook_endpoints.list().data == []


def test_an_unknown_address_is_not_found(server):
    answer = ask(server, "/v1/teapots")
    assert (answer.status, answer.json["error"]["type"]) == (404, "invalid_request_error")


def test_requests_are_counted_by_method_and_path(shop, server):
    client = client_of(server)
    client.v1.subscriptions.list({"limit": 2})
    client.v1.subscriptions.list({"limit": 3})
    client.v1.customers.list()
    assert list(shop.requests) == [("GET", "/v1/subscriptions")] * 2 + [("GET", "/v1/customers")]
    assert shop.requested["GET", "/v1/subscriptions"] == 2


def test_a_retried_creation_makes_one_endpoint(client):
    wanted = {"url": "http://localhost/x", "enabled_events": ["*"]}
    first = client.v1.webhook_endpoints.create(wanted, {"idempotency_key": "once"})
    again = client.v1.webhook_endpoints.create(wanted, {"idempotency_key": "once"})
    assert first.id == again.id
    assert len(client.v1.webhook_endpoints.list().data) == 1


def test_a_key_of_another_creation_is_refused(client):
    client.v1.webhook_endpoints.create(
        {"url": "http://localhost/x", "enabled_events": ["*"]}, {"idempotency_key": "once"}
    )
    with pytest.raises(stripe.IdempotencyError):
        client.v1.webhook_endpoints.create(
            {"url": "http://localhost/y", "enabled_events": ["*"]}, {"idempotency_key": "once"}
        )


def test_many_requests_go_over_one_connection(server):
    connection = HTTPConnection("127.0.0.1", server.port)
    for _ in range(3):
        connection.request("GET", "/v1/account", headers={"Authorization": f"Bearer {KEY}"})
        answer = connection.getresponse()
        answer.read()
        assert not answer.will_close
    connection.close()


def test_a_body_without_a_length_is_refused(server):
    connection = HTTPConnection("127.0.0.1", server.port)
    connection.putrequest("POST", "/v1/customers/x")
    connection.putheader("Authorization", f"Bearer {KEY}")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()  # no chunk follows: the shop may have hung up before it is written
    assert connection.getresponse().status == 400
    connection.close()
