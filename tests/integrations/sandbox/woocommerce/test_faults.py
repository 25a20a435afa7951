"""Faults and slowness of the API, set in Python and over HTTP; and the control plane."""

import json
import time

import pytest

from integrations.sandbox.woocommerce.faults import WooFaults
from tests.integrations.sandbox.receiver import Receiver
from tests.integrations.woocommerce.shops import SECRET, ask, signed

HTML = "text/html; charset=UTF-8"


def control(shop, path, method="POST", **given):
    return ask(shop, f"/_sandbox/{path}", method=method, given=json.dumps(given).encode())


def test_the_host_answers_too_many_requests_with_a_page(shop):
    shop.faults.answer_429, shop.faults.retry_after = 1, 3
    answer = ask(shop, "/subscriptions")
    assert (answer.status, answer.headers["Content-Type"], answer.headers["Retry-After"]) == (429, HTML, "3")
    assert ask(shop, "/subscriptions").status == 200


def test_too_many_requests_can_come_without_saying_when_to_come_back(shop):
    shop.faults.answer_429 = 1
    answer = ask(shop, "/subscriptions")
    assert (answer.status, answer.headers["Content-Type"], answer.headers["Retry-After"]) == (429, HTML, None)


def test_a_critical_error_is_wordpress_json(shop):
    shop.faults.answer_500 = 1
    answer = ask(shop, "/subscriptions")
    assert (answer.status, answer.json["code"], answer.json["data"]) == (500, "internal_server_error", {"status": 500})


def test_maintenance_is_a_page_with_503(shop):
    shop.faults.answer_maintenance = 2
    for _ in range(2):
        answer = ask(shop, "/subscriptions")
        assert (answer.status, answer.headers["Content-Type"], answer.headers["Retry-After"]) == (503, HTML, "600")
        assert b"scheduled maintenance" in answer.body
    assert ask(shop, "/subscriptions").status == 200


def test_a_page_of_the_host_may_come_with_200(shop):
    shop.faults.answer_html = 1
    answer = ask(shop, "/subscriptions")
    assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (200, "text/html")


def test_a_request_can_be_left_hanging(shop):
    shop.faults.hang = 0.2
    started = time.monotonic()
    with pytest.raises(ConnectionError):
        ask(shop, "/subscriptions")
    assert time.monotonic() - started >= 0.2


def seconds(shop, path):
    started = time.monotonic()
    assert ask(shop, path).status == 200
    return time.monotonic() - started


def test_each_row_takes_its_time(shop):
    shop.faults.row_milliseconds = 10
    assert seconds(shop, "/subscriptions?per_page=30") >= 0.3
    assert seconds(shop, "/orders?per_page=20") >= 0.2
    one = shop.ids()[0]
    assert seconds(shop, f"/subscriptions/{one}") >= 0.01
    shop.faults.row_milliseconds = 60_000
    assert seconds(shop, "/products") < 5


def test_faults_do_not_touch_the_pages_and_the_control(shop):
    shop.faults.answer_500 = 1
    assert ask(shop, "/wp-admin/").status == 200
    assert control(shop, "state", "GET").status == 200
    assert shop.faults.answer_500 == 1


def test_faults_are_set_and_cleared_over_http(shop):
    given = {"strips_authorization": True, "plugin": "", "unreadable": ["12"], "row_milliseconds": 0.5}
    assert control(shop, "faults", **given).status == 200
    assert shop.faults.strips_authorization is True
    assert control(shop, "faults", "GET").json.items() >= given.items()
    assert control(shop, "faults", "DELETE").json == WooFaults().settings()
    assert (shop.faults.plugin, shop.faults.unreadable) == ("7.2.0", [])


@pytest.mark.parametrize(
    "given",
    [{"strips_authorization": 1}, {"plugin": None}, {"unreadable": "12"}, {"updates_per_change": 1.5}, {"explode": 1}],
)
def test_a_wrong_fault_is_refused_and_sets_nothing(shop, given):
    answer = control(shop, "faults", answer_500=5, **given)
    assert answer.status == 400
    assert next(iter(given)) in answer.json["error"]
    assert shop.faults.settings() == WooFaults().settings()


def test_things_can_be_made_to_happen_over_http(shop, receiver: Receiver):
    made = control(
        shop, "webhook", topic="subscription.updated", delivery_url=receiver.url, secret=SECRET, api_version="wp_api_v1"
    ).json
    assert (made["id"], made["api_version"]) == ("1", "wp_api_v1")
    one = next(one["id"] for one in shop.store["subscription"] if one["status"] == "active")
    events = control(shop, "act", subscription=one, action="pause").json["events"]
    assert [event["type"] for event in events] == ["subscription.updated"]
    assert control(shop, "flush").json == {"done": True}
    assert receiver.received[1].headers["X-WC-Webhook-Signature"] == signed(receiver.received[1].body)
    assert len(control(shop, "tick", n=4).json["events"]) >= 4
    product = shop.ids("product")[0]
    renamed = control(shop, "rename_product", product=product, name="Mugs").json["events"]
    assert [event["type"] for event in renamed] == ["product.updated"]
    assert shop.retrieve(product, "product")["name"] == "Mugs"


def test_a_clone_can_be_made_over_http(shop, hooked):
    assert control(shop, "clone", source="https://staging.example.com/").status == 200
    control(shop, "act", subscription=shop.ids()[0], action="change_email")
    control(shop, "flush")
    assert len(hooked.received) == 2


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("act", {"subscription": "999999", "action": "pause"}),
        ("act", {"subscription": 12, "action": "pause"}),
        ("tick", {"n": 0}),
        ("webhook", {"topic": "order.created"}),
        ("webhook", {"topic": "order.created", "delivery_url": "ftp://x"}),
        ("clone", {}),
        ("rename_product", {"product": "1", "name": "x"}),
    ],
)
def test_a_wrong_order_is_refused(shop, path, given):
    assert control(shop, path, **given).status == 400


def test_the_state_says_what_there_is_and_what_was_asked(shop):
    ask(shop, "/products?per_page=1")
    state = control(shop, "state", "GET").json
    assert state["counts"] == shop.counts()
    assert state["requests"] == {"total": 1, "by_path": {"GET /wp-json/wc/v3/products": 1}}
    assert shop.requested["GET", "/wp-json/wc/v3/products"] == 1


def test_a_page_of_another_site_may_not_change_the_shop(shop):
    answer = ask(shop, "/_sandbox/tick", method="POST", given=b"{}", Sec_Fetch_Site="cross-site")
    assert answer.status == 403
    assert shop.events == []
