"""What merchants' plugins change over the REST API."""

import pytest

from tests.integrations.woocommerce.shops import ask


def first(shop, status="active"):
    return next(one["id"] for one in shop.store["subscription"] if one["status"] == status and one["parent"])


def change(shop, one, method="PUT", **given):
    return ask(shop, f"/subscriptions/{one}", method=method, given=given)


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH"])
def test_a_status_can_be_set_and_brings_its_dates(shop, method):
    one = first(shop)
    shown = change(shop, one, method, status="pending-cancel").json
    assert (shown["status"], shown["next_payment_date_gmt"]) == ("pending-cancel", "")
    assert shown["cancelled_date_gmt"] == shown["date_modified_gmt"]
    assert ask(shop, f"/subscriptions/{one}").json == shown
    assert [event["type"] for event in shop.events] == ["subscription.updated"]


def test_a_transition_is_a_status_too(shop):
    assert change(shop, first(shop), transition_status="cancelled").json["status"] == "cancelled"


def test_meta_is_added_changed_and_removed(shop):
    one = first(shop)
    given = [{"key": "colour", "value": "red"}, {"key": "is_vat_exempt", "value": None}]
    shown = change(shop, one, meta_data=given).json
    assert {meta["key"]: meta["value"] for meta in shown["meta_data"]} == {"colour": "red"}
    shown = change(shop, one, meta_data=[{"key": "colour", "value": "blue"}]).json
    assert {meta["key"]: meta["value"] for meta in shown["meta_data"]} == {"colour": "blue"}


def test_addresses_and_the_note_are_changed_in_part(shop):
    one = first(shop)
    before = shop.retrieve(one)
    shown = change(shop, one, billing={"email": "new@example.com"}, customer_note="Soon").json
    assert shown["billing"] == before["billing"] | {"email": "new@example.com"}
    assert (shown["customer_note"], shown["status"]) == ("Soon", before["status"])


@pytest.mark.parametrize(
    ("given", "name"),
    [({"status": "flux"}, "status"), ({"meta_data": "x"}, "meta_data"), ({"meta_data": [{"value": 1}]}, "meta_data")],
)
def test_a_wrong_change_is_refused_and_changes_nothing(shop, given, name):
    one = first(shop)
    before = shop.retrieve(one)
    answer = change(shop, one, **given)
    assert (answer.status, answer.json["code"]) == (400, "rest_invalid_param")
    assert list(answer.json["data"]["params"]) == [name]
    assert shop.retrieve(one) == before
    assert shop.events == []


def test_what_is_not_there_cannot_be_changed(shop):
    assert change(shop, 999999, status="active").status == 404


def test_a_subscription_goes_to_the_trash_cancelled_and_is_told_as_deleted(shop, hooked):
    one = first(shop)
    assert ask(shop, f"/subscriptions/{one}", method="DELETE").status == 200
    trashed = ask(shop, f"/subscriptions/{one}").json
    assert (trashed["status"], trashed["next_payment_date_gmt"]) == ("trash", "")
    assert trashed["cancelled_date_gmt"] == trashed["date_modified_gmt"]
    shop.flush()
    told = {came.headers["X-WC-Webhook-Topic"]: came.event for came in hooked.received}
    assert told["subscription.deleted"] == {"id": int(one)}
    assert told["subscription.updated"]["status"] == "trash"


def test_what_is_in_the_trash_is_listed_only_when_it_is_asked_for(shop):
    one = first(shop)
    shop.act(one, "trash")
    assert ask(shop, f"/subscriptions?include={one}").json == []
    assert ask(shop, f"/subscriptions?include={one}&status=any").json == []
    assert [row["id"] for row in ask(shop, "/subscriptions?status=trash").json] == [int(one)]
    assert "wc-trash" not in ask(shop, "/subscriptions/statuses").json


def test_a_subscription_is_deleted_for_good_by_force(shop):
    one = first(shop)
    assert ask(shop, f"/subscriptions/{one}", method="DELETE", given={"force": True}).json["id"] == int(one)
    assert ask(shop, f"/subscriptions/{one}").status == 404


def test_a_status_of_a_plugin_can_be_asked_for_once_it_is_there(shop):
    one = first(shop)
    assert ask(shop, "/subscriptions?status=awaiting-parcel").status == 400
    shop.act(one, "park")
    assert [row["id"] for row in ask(shop, "/subscriptions?status=awaiting-parcel").json] == [int(one)]
    assert ask(shop, "/subscriptions/statuses").json["wc-awaiting-parcel"] == "Awaiting Parcel"
