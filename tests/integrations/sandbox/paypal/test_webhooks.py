"""The API of webhooks and their events, and the check of signatures that PayPal offers."""

import json

import pytest

from tests.integrations.sandbox.conftest import ask
from tests.integrations.sandbox.paypal.conftest import Caller, path_of

HOOKS = "/v1/notifications/webhooks"
EVENTS = "/v1/notifications/webhooks-events"
ALL = [{"name": "*"}]
URL = "https://example.com/hooks/paypal"


def register(caller, url=URL, types=ALL):
    return caller.send("POST", HOOKS, {"url": url, "event_types": types})


def test_a_webhook_is_registered_shown_changed_and_deleted(caller):
    made = register(caller, types=[{"name": "PAYMENT.SALE.COMPLETED"}])
    assert (made.status, made.json["url"]) == (201, URL)
    path = f"{HOOKS}/{made.json['id']}"
    assert caller.get(path).json == made.json
    assert caller.get(HOOKS).json == {"webhooks": [made.json]}
    patch = [
        {"op": "replace", "path": "/url", "value": f"{URL}/2"},
        {"op": "replace", "path": "/event_types", "value": ALL},
    ]
    changed = caller.send("PATCH", path, patch).json
    assert (changed["url"], [one["name"] for one in changed["event_types"]]) == (f"{URL}/2", ["*"])
    gone = caller.send("DELETE", path)
    assert (gone.status, gone.body) == (204, b"")
    assert caller.get(HOOKS).json == {"webhooks": []}
    assert {caller.send(method, path, []).status for method in ("GET", "PATCH", "DELETE")} == {404}
    assert caller.get(path).json["name"] == "INVALID_RESOURCE_ID"


def test_an_address_is_registered_once(caller):
    first, other = register(caller).json, register(caller, f"{URL}/2").json
    again = register(caller)
    assert (again.status, again.json["name"]) == (400, "WEBHOOK_URL_ALREADY_EXISTS")
    taken = [{"op": "replace", "path": "/url", "value": URL}]
    assert caller.send("PATCH", f"{HOOKS}/{other['id']}", taken).json["name"] == "WEBHOOK_URL_ALREADY_EXISTS"
    assert caller.send("PATCH", f"{HOOKS}/{first['id']}", taken).status == 200


def test_there_are_ten_at_most(caller):
    assert {register(caller, f"{URL}/{number}").status for number in range(10)} == {201}
    refused = register(caller, f"{URL}/10")
    assert (refused.status, refused.json["name"]) == (400, "WEBHOOK_NUMBER_LIMIT_EXCEEDED")
    assert len(caller.get(HOOKS).json["webhooks"]) == 10


@pytest.mark.parametrize(
    "given",
    [
        {"event_types": ALL},
        {"url": "ftp://example.com", "event_types": ALL},
        {"url": URL},
        {"url": URL, "event_types": []},
        {"url": URL, "event_types": ["*"]},
        {"url": URL, "event_types": [{"name": "lower case"}]},
    ],
)
def test_a_webhook_without_address_or_types_is_refused(caller, given):
    answer = caller.send("POST", HOOKS, given)
    assert (answer.status, answer.json["name"]) == (400, "VALIDATION_ERROR")
    assert answer.json["details"][0]["field"] in ("url", "event_types")


@pytest.mark.parametrize(
    "patch", [{}, [1], [{"op": "remove", "path": "/url"}], [{"op": "replace", "path": "/id", "value": "x"}]]
)
def test_only_address_and_types_can_be_replaced(caller, patch):
    path = f"{HOOKS}/{register(caller).json['id']}"
    assert caller.send("PATCH", path, patch).status == 400
    assert caller.get(path).json["url"] == URL


def every_page(caller, path):
    shown = []
    while path:
        page = caller.get(path).json
        assert page["count"] == len(page["events"])
        shown += page["events"]
        path = next((path_of(one["href"]) for one in page["links"] if one["rel"] == "next"), None)
    return shown


def test_events_are_listed_newest_first_page_by_page(shop, caller):
    shop.tick(n=25)
    shown = every_page(caller, f"{EVENTS}?page_size=7")
    assert shown == shop.events[::-1]
    assert len(caller.get(EVENTS).json["events"]) == 10


def test_events_can_be_of_a_time_a_type_or_a_transaction(shop, caller):
    shop.tick(n=25)
    middle = shop.events[len(shop.events) // 2]["create_time"][:19] + "Z"
    later = every_page(caller, f"{EVENTS}?start_time={middle}")
    sooner = every_page(caller, f"{EVENTS}?end_time={middle}")
    both = [one for one in shop.events if one["create_time"][:19] + "Z" == middle]
    assert len(later) + len(sooner) == len(shop.events) + len(both)
    sale = next(one for one in shop.events if one["event_type"] == "PAYMENT.SALE.COMPLETED")
    assert {one["event_type"] for one in every_page(caller, f"{EVENTS}?event_type=PAYMENT.SALE.COMPLETED")} == {
        "PAYMENT.SALE.COMPLETED"
    }
    found = every_page(caller, f"{EVENTS}?transaction_id={sale['resource']['id']}")
    assert sale in found
    assert len(found) < 4


@pytest.mark.parametrize("query", ["start_time=yesterday", "page_size=0", "page_size=301", "index_id=gone"])
def test_a_wrong_parameter_is_refused(caller, query):
    assert caller.get(f"{EVENTS}?{query}").json["name"] == "INVALID_REQUEST"


def test_an_event_is_shown_and_sent_again_with_its_id(shop, server, caller, receivers):
    one, other = receivers(), receivers()
    hooks = [shop.add_webhook(receiver.url) for receiver in (one, other)]
    event = shop.event("BILLING.SUBSCRIPTION.UPDATED", {"id": "I-1"})
    shop.flush()
    path = f"{EVENTS}/{event['id']}"
    assert caller.get(path).json == event
    again = caller.send("POST", f"{path}/resend", {"webhook_ids": [hooks[1]]})
    assert (again.status, again.json) == (202, event)
    shop.flush()
    assert (one.ids, other.ids) == ([event["id"]], [event["id"]] * 2)
    transmissions = {received.headers["PAYPAL-TRANSMISSION-ID"] for received in other.received}
    assert len(transmissions) == 2
    assert caller.send("POST", f"{path}/resend", {}).status == 202
    shop.flush()
    assert (len(one.received), len(other.received)) == (2, 3)
    assert caller.send("POST", f"{EVENTS}/WH-GONE/resend", {}).status == 404
    assert caller.send("POST", f"{path}/resend", {"webhook_ids": ["GONE"]}).status == 404


def question(received, webhook, **changes):
    headers = received.headers
    given = {
        "auth_algo": headers["PAYPAL-AUTH-ALGO"],
        "cert_url": headers["PAYPAL-CERT-URL"],
        "transmission_id": headers["PAYPAL-TRANSMISSION-ID"],
        "transmission_sig": headers["PAYPAL-TRANSMISSION-SIG"],
        "transmission_time": headers["PAYPAL-TRANSMISSION-TIME"],
        "webhook_id": webhook,
    }
    return json.dumps(given | changes)[:-1] + ', "webhook_event" : ' + received.body.decode() + ' , "more": [1] }'


def verdict(caller, body):
    path = "/v1/notifications/verify-webhook-signature"
    authorization = f"Bearer {caller.token}"
    return ask(caller.server, path, method="POST", body=body.encode(), Authorization=authorization)


@pytest.fixture
def delivered(shop, receiver):
    """A delivery with its webhook."""
    webhook = shop.add_webhook(receiver.url)
    shop.event("BILLING.SUBSCRIPTION.UPDATED", {"id": "I-1", "note": 'Zoë, "quoted" }'})
    shop.flush()
    return receiver.received[0], webhook


def test_paypal_itself_checks_a_signature(caller, delivered):
    answer = verdict(caller, question(*delivered))
    assert (answer.status, answer.json) == (200, {"verification_status": "SUCCESS"})


@pytest.mark.parametrize(
    "changes",
    [
        {"transmission_id": "another"},
        {"transmission_time": "2026-01-01T00:00:00Z"},
        {"transmission_sig": "AAAA"},
        {"transmission_sig": "no base64"},
        {"auth_algo": "SHA1withRSA"},
        {"webhook_id": "ANOTHER"},
        {"cert_url": "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-gone"},
        {"cert_url": 7},
    ],
)
def test_paypal_itself_finds_what_is_wrong(caller, delivered, changes):
    assert verdict(caller, question(*delivered, **changes)).json == {"verification_status": "FAILURE"}


def test_an_event_written_otherwise_does_not_verify(caller, delivered):
    received, webhook = delivered
    spaced = question(received, webhook).replace(received.body.decode(), json.dumps(received.event))
    assert verdict(caller, spaced).json == {"verification_status": "FAILURE"}


@pytest.mark.parametrize("fault", ["foreign_root", "expired_certificate", "wrong_name", "other_host", "mis_sign"])
def test_paypal_itself_is_not_deceived_by_bad_certificates(shop, caller, receiver, delivered, fault):
    _, webhook = delivered
    setattr(shop.faults, fault, 1)
    shop.event("BILLING.SUBSCRIPTION.UPDATED", {"id": "I-2"})
    shop.flush()
    assert verdict(caller, question(receiver.received[-1], webhook)).json == {"verification_status": "FAILURE"}


def test_a_question_without_everything_is_refused(caller, delivered):
    answer = verdict(caller, '{"auth_algo": "SHA256withRSA"}')
    assert (answer.status, answer.json["details"][0]["issue"]) == (400, "MISSING_REQUIRED_PARAMETER")
    assert verdict(caller, "[]").status == 400


def test_webhooks_have_a_permission_of_their_own(shop, server):
    caller = Caller(server)
    shop.faults.forbidden = ["https://uri.paypal.com/services/applications/webhooks"]
    assert {caller.get(HOOKS).status, caller.get(EVENTS).status} == {403}
