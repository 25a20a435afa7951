"""Webhooks over the REST API: made, listed, changed and removed, with the first ping."""

import pytest

from tests.integrations.woocommerce.shops import SECRET, ask

WANTED = {"topic": "subscription.updated", "delivery_url": "http://127.0.0.1:9/hook", "secret": SECRET}


def make(shop, **given):
    return ask(shop, "/webhooks", method="POST", given=WANTED | given)


def record(shop, identity=1):
    return shop.store["webhook"][str(identity)]


def test_a_webhook_is_made_and_never_shows_its_secret(shop, receiver):
    answer = make(shop, delivery_url=receiver.url, name="Ritournelle")
    made = answer.json
    assert answer.status == 201
    assert answer.headers["Location"] == f"{shop.address}/wp-json/wc/v3/webhooks/{made['id']}"
    assert (made["status"], made["topic"]) == ("active", "subscription.updated")
    assert (made["resource"], made["event"], made["name"]) == ("subscription", "updated", "Ritournelle")
    assert SECRET not in answer.body.decode()
    assert ask(shop, f"/webhooks/{made['id']}").json == made
    assert ask(shop, "/webhooks").json == [made]


def test_the_first_ping_is_an_unsigned_form_with_the_number(shop, receiver):
    made = make(shop, delivery_url=receiver.url).json
    shop.flush()
    (ping,) = receiver.received
    assert ping.body == f"webhook_id={made['id']}".encode()
    assert ping.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert not [name for name in ping.headers if name.lower().startswith("x-wc-")]
    assert record(shop)["is_pending"] is False


@pytest.mark.parametrize("status", [201, 204, 302, 500])
def test_a_ping_that_is_not_answered_with_exactly_200_leaves_the_webhook_pending(shop, receiver, status):
    receiver.answers.append(status)
    make(shop, delivery_url=receiver.url)
    shop.flush()
    assert (record(shop)["is_pending"], record(shop)["failures"]) == (True, 0)
    assert ask(shop, "/webhooks/1", method="PUT", given={"status": "active"}).status == 200
    shop.flush()
    assert [one.body for one in receiver.received] == [b"webhook_id=1"] * 2
    assert record(shop)["is_pending"] is False


def test_a_webhook_that_was_reached_is_not_pinged_again_unless_it_moves(shop, receiver):
    make(shop, delivery_url=receiver.url)
    shop.flush()
    ask(shop, "/webhooks/1", method="PUT", given={"name": "Another"})
    shop.flush()
    assert len(receiver.received) == 1
    ask(shop, "/webhooks/1", method="PUT", given={"delivery_url": f"{receiver.url}/2"})
    shop.flush()
    assert len(receiver.received) == 2


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH"])
def test_a_webhook_is_changed(shop, method):
    make(shop)
    changed = ask(shop, "/webhooks/1", method=method, given={"status": "paused", "topic": "order.updated"}).json
    assert (changed["status"], changed["topic"], changed["resource"]) == ("paused", "order.updated", "order")
    assert ask(shop, "/webhooks?status=paused").json == [changed]
    assert ask(shop, "/webhooks?status=active").json == []


def test_a_webhook_is_removed_only_by_force(shop):
    make(shop)
    refused = ask(shop, "/webhooks/1", method="DELETE")
    assert (refused.status, refused.json["code"]) == (501, "woocommerce_rest_trash_not_supported")
    assert ask(shop, "/webhooks/1?force=true", method="DELETE").json["id"] == 1
    assert ask(shop, "/webhooks/1").status == 404
    assert ask(shop, "/webhooks").json == []


def test_a_form_is_taken_as_well_as_json(shop):
    body = b"topic=order.created&delivery_url=http%3A%2F%2F127.0.0.1%3A9%2Fx"
    answer = ask(shop, "/webhooks", method="POST", given=body, Content_Type="application/x-www-form-urlencoded")
    assert (answer.status, answer.json["topic"]) == (201, "order.created")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"topic": "subscription.exploded"}, "woocommerce_rest_shop_webhook_invalid_topic"),
        ({"delivery_url": "ftp://x"}, "woocommerce_rest_shop_webhook_invalid_delivery_url"),
        ({"status": "asleep"}, "rest_invalid_param"),
        ({"secret": 5}, "rest_invalid_param"),
        ({"topic": None}, "rest_missing_callback_param"),
    ],
)
def test_a_wrong_webhook_is_refused(shop, given, code):
    answer = make(shop, **given)
    assert (answer.status, answer.json["code"]) == (400, code)
    assert shop.counts()["webhook"] == 0


def test_a_webhook_without_topic_or_address_is_told_what_lacks(shop):
    answer = ask(shop, "/webhooks", method="POST", given={"name": "x"})
    assert (answer.status, answer.json["code"]) == (400, "rest_missing_callback_param")
    assert answer.json["data"]["params"] == ["topic", "delivery_url"]


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(shop, body):
    answer = ask(shop, "/webhooks", method="POST", given=body, Content_Type="application/json")
    assert (answer.status, answer.json["code"]) == (400, "rest_invalid_json")


def test_the_numbers_of_webhooks_are_not_used_again(shop):
    for number in (1, 2):
        assert make(shop).json["id"] == number
    ask(shop, "/webhooks/2?force=true", method="DELETE")
    assert make(shop).json["id"] == 3
