"""Faults of the API, set in Python and over HTTP."""

import json
import time

import pytest
import stripe

from integrations.sandbox.faults import Faults
from tests.integrations.sandbox.conftest import ask, client_of


def control(server, path, method="POST", **given):
    return ask(server, f"/_sandbox/{path}", method=method, body=json.dumps(given).encode())


def test_the_next_few_requests_are_too_many(shop, client):
    shop.faults.answer_429 = 2
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError) as refusal:
            client.v1.subscriptions.list()
        assert refusal.value.http_status == 429
        assert refusal.value.json_body["error"]["code"] == "rate_limit"
        assert "retry-after" not in {name.lower() for name in refusal.value.headers}
    assert client.v1.subscriptions.list().data


def test_too_many_requests_can_say_when_to_come_back(shop, server):
    shop.faults.answer_429, shop.faults.retry_after = 1, 3
    assert ask(server, "/v1/account").headers["Retry-After"] == "3"


def test_requests_can_be_too_many_for_a_while(shop, server):
    shop.faults.answer_429_for = 0.25
    started = time.monotonic()
    assert ask(server, "/v1/account").status == 429
    while ask(server, "/v1/account").status == 429:
        time.sleep(0.02)
    assert 0.25 <= time.monotonic() - started < 2
    assert shop.faults.answer_429_for == 0


def test_the_library_itself_tries_a_server_error_again(shop, server):
    shop.faults.answer_500 = 1
    assert client_of(server, max_network_retries=1).v1.accounts.retrieve_current().id == shop.account
    assert len(shop.requests) == 2


def test_a_server_error_is_reported_as_one(shop, client):
    shop.faults.answer_500 = 1
    with pytest.raises(stripe.APIError) as refusal:
        client.v1.subscriptions.list()
    assert refusal.value.http_status == 500


def test_a_web_page_may_come_in_place_of_an_answer(shop, client, server):
    shop.faults.answer_html = 2
    answer = ask(server, "/v1/subscriptions")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    with pytest.raises(stripe.APIError, match="Invalid response body"):
        client.v1.subscriptions.list()


def test_a_request_can_be_left_hanging(shop, server):
    shop.faults.hang = 0.3
    started = time.monotonic()
    with pytest.raises(ConnectionError):
        ask(server, "/v1/account")
    assert time.monotonic() - started >= 0.3
    assert ask(server, "/v1/account").status == 200


def test_several_requests_can_be_left_hanging(shop, server):
    shop.faults.hang_next, shop.faults.hang = 2, 0.01
    for _ in range(2):
        with pytest.raises(ConnectionError):
            ask(server, "/v1/account")
    assert ask(server, "/v1/account").status == 200


def test_every_answer_can_be_slow(shop, server):
    shop.faults.answer_delay = 0.1
    started = time.monotonic()
    assert {ask(server, "/v1/account").status for _ in range(2)} == {200}
    assert time.monotonic() - started >= 0.2


def test_a_share_of_answers_can_fail_the_same_ones_for_the_same_seed(shop, server):
    shop.faults.answer_500 = 0.3
    statuses = [ask(server, "/v1/account").status for _ in range(30)]
    assert set(statuses) == {200, 500}
    shop.faults.rng.seed(f"{shop.seed}/faults")
    assert [ask(server, "/v1/account").status for _ in range(30)] == statuses


def test_faults_do_not_touch_the_dashboard(shop, server):
    shop.faults.answer_500 = 1
    assert ask(server, "/dashboard/").status == 200
    assert shop.faults.answer_500 == 1


def test_faults_are_set_and_cleared_over_http(shop, server):
    assert control(server, "faults", answer_429=3, retry_after=1, forbidden=["rak_event_read"]).status == 200
    assert (shop.faults.answer_429, shop.faults.forbidden) == (3, ["rak_event_read"])
    assert control(server, "faults", "GET").json["answer_429"] == 3
    assert control(server, "faults", "DELETE").json == Faults().settings()
    assert shop.faults.answer_429 == 0


@pytest.mark.parametrize(
    "given",
    [{"explode": 1}, {"drop": -1}, {"drop": "all"}, {"duplicate": 1.5}, {"duplicate": True}, {"forbidden": "x"}],
)
def test_a_wrong_fault_is_refused_and_sets_nothing(shop, server, given):
    answer = control(server, "faults", answer_500=5, **given)
    assert answer.status == 400
    assert next(iter(given)) in answer.json["error"]
    assert shop.faults.settings() == Faults().settings()


def test_things_can_be_made_to_happen_over_http(shop, server):
    one = next(one["id"] for one in shop.store["subscription"] if one["status"] == "past_due")
    acted = control(server, "act", subscription=one, action="recover")
    assert [event["type"] for event in acted.json["events"]][-1] == "customer.subscription.updated"
    assert len(control(server, "tick", n=4).json["events"]) >= 4
    assert control(server, "flush").json == {"done": True}


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("act", {"subscription": "sub_gone", "action": "renew"}),
        ("act", {"action": "renew"}),
        ("tick", {"n": 0}),
        ("tick", {"n": "many"}),
    ],
)
def test_a_wrong_order_is_refused(server, path, given):
    assert control(server, path, **given).status == 400
    assert ask(server, f"/_sandbox/{path}", method="POST", body=b"[").status == 400


def test_the_state_says_what_there_is_and_what_was_asked(shop, client, server):
    client.v1.customers.list()
    state = control(server, "state", "GET").json
    assert state["counts"] == shop.counts()
    assert state["requests"] == {"total": 1, "by_path": {"GET /v1/customers": 1}}
    assert state["now"] == shop.clock.now()
    assert 0 < state["seconds"] < 60


def test_a_page_of_another_site_may_not_change_the_shop(shop, server):
    answer = ask(server, "/_sandbox/tick", method="POST", body=b"{}", Sec_Fetch_Site="cross-site")
    assert answer.status == 403
    assert shop.events == []
