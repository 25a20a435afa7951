"""Changes over the API: subscriptions, customers and webhook endpoints."""

import pytest
import stripe

from tests.integrations.sandbox.conftest import ask


def active(shop):
    return next(
        one["id"]
        for one in shop.store["subscription"]
        if one["status"] == "active" and not one.get("cancel_at") and not one.get("pause_collection")
    )


def test_a_subscription_can_be_set_to_end_with_its_period_and_back(shop, client):
    one = active(shop)
    ending = client.v1.subscriptions.update(one, {"cancel_at_period_end": True})
    end = min(item.current_period_end for item in ending.items.data)
    assert (ending.cancel_at_period_end, ending.cancel_at) == (True, end)
    assert ending.cancellation_details.reason == "cancellation_requested"
    back = client.v1.subscriptions.update(one, {"cancel_at_period_end": False})
    assert (back.cancel_at_period_end, back.cancel_at, back.canceled_at) == (False, None, None)


def test_collection_can_be_paused_and_resumed(shop, client):
    one = active(shop)
    paused = client.v1.subscriptions.update(one, {"pause_collection": {"behavior": "void", "resumes_at": 1893456000}})
    assert paused.pause_collection.to_dict() == {"behavior": "void", "resumes_at": 1893456000}
    assert paused.status == "active"
    assert client.v1.subscriptions.update(one, {"pause_collection": ""}).pause_collection is None


def test_metadata_is_merged_and_a_blank_takes_a_key_out(shop, client):
    one = active(shop)
    client.v1.subscriptions.update(one, {"metadata": {"a": "1", "b": "2"}, "description": "Hello"})
    after = client.v1.subscriptions.update(one, {"metadata": {"a": "", "c": "3"}})
    told = after.metadata.to_dict()
    assert (told["b"], told["c"], after.description) == ("2", "3", "Hello")
    assert "a" not in told


def test_a_change_over_the_api_names_its_request_in_the_event(shop, client):
    was = shop.retrieve(active(shop))["description"]
    client.v1.subscriptions.update(active(shop), {"description": "Hello"}, {"idempotency_key": "k1"})
    event = client.v1.events.list({"limit": 1}).data[0]
    assert event.type == "customer.subscription.updated"
    assert event.request.id.startswith("req_")
    assert event.request.idempotency_key == "k1"
    assert event.data.to_dict()["previous_attributes"] == {"description": was}


def test_a_cancelled_subscription_stays_cancelled(shop, client):
    one = active(shop)
    gone = client.v1.subscriptions.cancel(one)
    assert (gone.status, gone.ended_at) == ("canceled", shop.clock.now())
    with pytest.raises(stripe.InvalidRequestError, match="not possible"):
        client.v1.subscriptions.cancel(one)


def test_a_subscription_can_be_paused_and_resumed_as_a_whole(shop, client):
    one = active(shop)
    assert client.v1.subscriptions.pause(one, {}).status == "paused"
    assert client.v1.subscriptions.resume(one, {}).status == "active"
    types = [event["type"] for event in shop.events]
    assert "customer.subscription.paused" in types
    assert "customer.subscription.resumed" in types


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b"cancel_at_period_end=yes", "cancel_at_period_end"),
        (b"pause_collection[behavior]=sleep", "pause_collection[behavior]"),
        (b"pause_collection[behavior]=void&pause_collection[resumes_at]=soon", "pause_collection[resumes_at]"),
        (b"status=active", "status"),
        (b"metadata=x", "metadata"),
    ],
)
def test_a_wrong_change_is_refused_and_changes_nothing(shop, server, body, param):
    one = active(shop)
    before = shop.retrieve(one)
    answer = ask(server, f"/v1/subscriptions/{one}", method="POST", body=body)
    assert (answer.status, answer.json["error"]["param"]) == (400, param)
    assert shop.retrieve(one) == before
    assert shop.events == []


def test_a_customer_can_be_changed(shop, client):
    customer = client.v1.customers.list({"limit": 1}).data[0]
    after = client.v1.customers.update(
        customer.id,
        {
            "email": "zoë@example.com",
            "phone": "",
            "address": {"city": "Köln", "country": "DE"},
            "shipping": {"name": "Zoë", "address": {"line1": "Am Hof 1"}},
        },
    )
    assert (after.email, after.phone) == ("zoë@example.com", None)
    assert (after.address.city, after.address.line1) == ("Köln", None)
    assert after.shipping.address.line1 == "Am Hof 1"


def test_deleting_a_customer_cancels_their_subscriptions(shop, client):
    one = client.v1.subscriptions.retrieve(active(shop))
    assert client.v1.customers.delete(one.customer).deleted is True
    assert client.v1.subscriptions.retrieve(one.id).status == "canceled"
    last = [event["type"] for event in shop.events][-2:]
    assert last == ["customer.subscription.deleted", "customer.deleted"]
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        client.v1.customers.update(one.customer, {"name": "Too late"})


def test_the_secret_of_an_endpoint_is_shown_once(client):
    made = client.v1.webhook_endpoints.create({"url": "http://localhost/x", "enabled_events": ["invoice.paid"]})
    assert made.secret.startswith("whsec_")
    assert "secret" not in client.v1.webhook_endpoints.retrieve(made.id).to_dict()
    assert "secret" not in client.v1.webhook_endpoints.update(made.id, {"disabled": True}).to_dict()
    assert client.v1.webhook_endpoints.retrieve(made.id).status == "disabled"


def test_a_deleted_endpoint_is_gone(client):
    made = client.v1.webhook_endpoints.create({"url": "http://localhost/x", "enabled_events": ["*"]})
    assert client.v1.webhook_endpoints.delete(made.id).deleted is True
    assert client.v1.webhook_endpoints.list().data == []


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"enabled_events": ["*"]}, "url"),
        ({"url": "http://localhost/x"}, "enabled_events"),
        ({"url": "localhost", "enabled_events": ["*"]}, "url"),
        ({"url": "http://localhost/x", "enabled_events": "*"}, "enabled_events"),
    ],
)
def test_an_endpoint_without_what_it_needs_is_refused(client, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.webhook_endpoints.create(params)
    assert refusal.value.param == param
