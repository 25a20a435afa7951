"""The API of subscriptions, plans, products, sales and orders."""

import re

import pytest

from integrations.sandbox.paypal.tokens import SUBSCRIPTIONS
from integrations.sandbox.server import serve
from tests.integrations.sandbox.conftest import ask
from tests.integrations.sandbox.paypal.conftest import AT, Caller, control, open_shop, path_of

ONE = "/v1/billing/subscriptions"
TIMES = "start_time=2020-01-01T00:00:00Z&end_time=2026-11-02T00:00:00Z"


def every_page(caller, path):
    shown, sizes = [], []
    while path:
        page = caller.get(path).json
        shown += page["subscriptions"]
        sizes.append(len(page["subscriptions"]))
        path = next((path_of(one["href"]) for one in page["links"] if one["rel"] == "next"), None)
    return shown, sizes


def first(shop, status):
    return next(one["id"] for one in shop.store["subscription"] if one["status"] == status)


def test_a_subscription_is_shown_with_what_was_asked_for_only(shop, caller):
    one = shop.create_subscription(scenario="failing")["id"]
    bare = caller.get(f"{ONE}/{one}").json
    assert "plan" not in bare
    assert "last_failed_payment" not in bare["billing_info"]
    assert (bare["id"], bare["status"]) == (one, "ACTIVE")
    full = caller.get(f"{ONE}/{one}?fields=plan,last_failed_payment").json
    assert full["plan"]["billing_cycles"][-1]["tenure_type"] == "REGULAR"
    assert full["billing_info"]["last_failed_payment"]["reason_code"]
    assert full["billing_info"]["last_failed_payment"]["time"] > full["billing_info"]["last_payment"]["time"]
    assert caller.get(f"{ONE}/{one}?fields=plan").json["billing_info"] == bare["billing_info"]


def test_an_unknown_field_is_refused(shop, caller):
    answer = caller.get(f"{ONE}/{shop.ids()[0]}?fields=everything")
    assert (answer.status, answer.json["name"]) == (400, "INVALID_REQUEST")
    assert answer.json["details"][0]["field"] == "fields"


@pytest.mark.parametrize(
    "path",
    [
        f"{ONE}/I-GONE",
        f"{ONE}/I-GONE/transactions?{TIMES}",
        "/v1/billing/plans/P-GONE",
        "/v1/catalogs/products/PROD-GONE",
        "/v2/checkout/orders/GONE",
        "/v1/payments/sale/GONE",
    ],
)
def test_what_is_not_there_is_said_so_with_everything_that_paypal_says(caller, path):
    answer = caller.get(path)
    assert answer.status == 404
    assert set(answer.json) == {"name", "message", "debug_id", "details", "links"}
    assert (answer.json["name"], answer.json["details"][0]["issue"]) == ("RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")
    assert answer.json["debug_id"] == answer.headers["Paypal-Debug-Id"]
    assert answer.json["links"][0]["rel"] == "information_link"


def test_an_unknown_path_is_not_found(caller):
    assert caller.get("/v1/billing/everything").json["name"] == "RESOURCE_NOT_FOUND"


def test_a_lacking_permission_is_told(shop, caller):
    shop.faults.forbidden = [SUBSCRIPTIONS]
    answer = caller.get(f"{ONE}/{shop.ids()[0]}")
    assert (answer.status, answer.json["name"]) == (403, "NOT_AUTHORIZED")


def test_most_accounts_cannot_list_their_subscriptions(server, caller):
    assert caller.get(ONE).json["name"] == "NOT_AUTHORIZED"
    assert control(server, "listing", status=404).json == {"status": 404}
    assert (caller.get(ONE).status, caller.get(ONE).json["name"]) == (404, "RESOURCE_NOT_FOUND")
    assert control(server, "listing", status=200).status == 200
    assert len(caller.get(ONE).json["subscriptions"]) == 10
    assert control(server, "listing", status=500).status == 400


def test_a_list_shows_each_subscription_once_newest_first(reader, town):
    shown, sizes = every_page(reader, f"{ONE}?page_size=20")
    assert [one["id"] for one in shown] == town.shop.ids()
    assert sizes == [20] * 12
    assert [one["create_time"] for one in shown] == sorted((one["create_time"] for one in shown), reverse=True)


def test_a_list_counts_when_it_is_asked_to(reader):
    counted = reader.get(f"{ONE}?page=3&page_size=7&total_required=true").json
    assert (counted["total_items"], counted["total_pages"]) == (240, 35)
    assert {one["rel"] for one in counted["links"]} == {"self", "first", "prev", "next", "last"}
    assert "total_items" not in reader.get(ONE).json
    last = reader.get(f"{ONE}?page=35&page_size=7").json
    assert len(last["subscriptions"]) == 2
    assert "next" not in {one["rel"] for one in last["links"]}


def test_a_list_can_be_of_some_statuses_and_plans(reader, town):
    shown, _ = every_page(reader, f"{ONE}?statuses=SUSPENDED,CANCELLED&page_size=20")
    assert {one["status"] for one in shown} == {"SUSPENDED", "CANCELLED"}
    plan = town.shop.retrieve(town.shop.ids()[0])["plan_id"]
    shown, _ = every_page(reader, f"{ONE}?plan_ids={plan}")
    assert {one["plan_id"] for one in shown} == {plan}
    assert len(shown) == sum(one["plan"] == plan for one in town.shop.store["subscription"])


def test_a_list_can_be_of_a_time(reader, town):
    after, before = "2026-08-01T00:00:00Z", "2026-10-01T00:00:00Z"
    shown, _ = every_page(reader, f"{ONE}?created_after={after}&created_before={before}&page_size=20")
    assert shown
    assert all(after <= one["create_time"] <= before for one in shown)
    every = [town.shop.retrieve(one) for one in town.shop.ids()]
    assert len(shown) == sum(after <= one["create_time"] <= before for one in every)


@pytest.mark.parametrize(
    "query",
    ["page_size=21", "page_size=0", "page=x", "statuses=ODD", "total_required=1", "created_after=yesterday"],
)
def test_a_wrong_parameter_is_refused(reader, query):
    answer = reader.get(f"{ONE}?{query}")
    assert (answer.status, answer.json["details"][0]["issue"]) == (400, "INVALID_PARAMETER_VALUE")
    assert answer.json["details"][0]["field"] == query.partition("=")[0]


def test_the_transactions_of_a_time_are_listed_newest_first(shop, caller):
    one = shop.create_subscription(quantity=2)["id"]
    shop.act(one, "renew")
    shop.act(one, "fail_payment")
    listed = caller.get(f"{ONE}/{one}/transactions?{TIMES}").json
    assert [paid["status"] for paid in listed["transactions"]] == ["DECLINED", "COMPLETED", "COMPLETED"]
    parts = {name: float(money["value"]) for name, money in listed["transactions"][1]["amount_with_breakdown"].items()}
    whole = parts["total_item_amount"] + parts["tax_amount"] + parts["shipping_amount"]
    assert parts["gross_amount"] == pytest.approx(whole)
    assert parts["net_amount"] == pytest.approx(parts["gross_amount"] - parts["fee_amount"])
    first_second = "start_time=2026-11-01T12:00:01Z&end_time=2026-11-01T12:00:01Z"
    assert len(caller.get(f"{ONE}/{one}/transactions?{first_second}").json["transactions"]) == 1


@pytest.mark.parametrize(
    ("query", "issue"),
    [
        ("start_time=2026-01-01T00:00:00Z", "MISSING_REQUIRED_PARAMETER"),
        ("start_time=2026-01-01&end_time=2026-02-01", "INVALID_PARAMETER_VALUE"),
        ("start_time=2026-02-01T00:00:00Z&end_time=2026-01-01T00:00:00Z", "INVALID_PARAMETER_VALUE"),
    ],
)
def test_transactions_are_asked_for_with_both_times(shop, caller, query, issue):
    answer = caller.get(f"{ONE}/{shop.ids()[0]}/transactions?{query}")
    assert (answer.status, answer.json["details"][0]["issue"]) == (400, issue)


def test_links_lead_to_where_the_answer_came_from(server, shop, caller):
    shown = caller.get(f"{ONE}/{shop.ids()[0]}").json
    assert all(one["href"].startswith(server.address) for one in shown["links"])


def test_a_plan_and_its_product_are_shown(shop, caller):
    one = shop.create_subscription()
    plan = caller.get(f"/v1/billing/plans/{one['plan_id']}").json
    assert plan["id"] == one["plan_id"]
    product = caller.get(f"/v1/catalogs/products/{plan['product_id']}").json
    assert (product["id"], product["category"]) == (plan["product_id"], "SOFTWARE")
    assert re.fullmatch(r"\d+\.\d\d", plan["billing_cycles"][0]["pricing_scheme"]["fixed_price"]["value"])
    inline = caller.get(f"{ONE}/{one['id']}?fields=plan").json["plan"]
    assert inline.items() <= plan.items()


def test_an_order_is_shown_and_has_a_capture_once_it_is_paid(shop, caller):
    order = shop.create_order()
    path = f"/v2/checkout/orders/{order['id']}"
    shown = caller.get(path).json
    assert (shown["status"], "payments" in shown["purchase_units"][0]) == ("APPROVED", False)
    shop.act(order["id"], "complete")
    shown = caller.get(path).json
    assert shown["status"] == "COMPLETED"
    (capture,) = shown["purchase_units"][0]["payments"]["captures"]
    assert capture["amount"]["value"] == shown["purchase_units"][0]["amount"]["value"]


def test_a_sale_is_shown_with_its_subscription(shop, caller):
    one = shop.create_subscription()
    sale = shop.events[-1]["resource"]
    shown = caller.get(f"/v1/payments/sale/{sale['id']}").json
    assert (shown["billing_agreement_id"], shown["state"]) == (one["id"], "completed")
    shop.act(one["id"], "refund_half")
    assert caller.get(f"/v1/payments/sale/{sale['id']}").json["state"] == "partially_refunded"


@pytest.mark.parametrize(
    ("begun", "action", "given", "status", "event"),
    [
        ("active", "suspend", {"reason": "Moving"}, "SUSPENDED", "SUSPENDED"),
        ("suspended", "activate", {}, "ACTIVE", "RE-ACTIVATED"),
        ("active", "cancel", {"reason": "Too dear"}, "CANCELLED", "CANCELLED"),
        ("suspended", "cancel", {"reason": "Too dear"}, "CANCELLED", "CANCELLED"),
    ],
)
def test_a_merchant_can_change_the_status(shop, caller, begun, action, given, status, event):
    one = shop.create_subscription(scenario=begun)["id"]
    answer = caller.send("POST", f"{ONE}/{one}/{action}", given)
    assert (answer.status, answer.body) == (204, b"")
    shown = caller.get(f"{ONE}/{one}").json
    assert (shown["status"], shown.get("status_change_note")) == (status, given.get("reason"))
    assert shown["status_update_time"] == shown["update_time"] == "2026-11-01T12:00:02Z"
    assert shop.events[-1]["event_type"] == f"BILLING.SUBSCRIPTION.{event}"


@pytest.mark.parametrize(
    ("status", "action", "wanted"),
    [("SUSPENDED", "suspend", "active"), ("ACTIVE", "activate", "suspended"), ("EXPIRED", "cancel", "active or susp")],
)
def test_an_action_that_the_status_does_not_allow_is_refused(shop, caller, status, action, wanted):
    one, told = first(shop, status), len(shop.events)
    answer = caller.send("POST", f"{ONE}/{one}/{action}", {"reason": "why not"})
    assert (answer.status, answer.json["name"]) == (422, "UNPROCESSABLE_ENTITY")
    (detail,) = answer.json["details"]
    assert detail["issue"] == "SUBSCRIPTION_STATUS_INVALID"
    assert f"should be {wanted}" in detail["description"]
    assert (shop.retrieve(one)["status"], len(shop.events)) == (status, told)


def test_some_actions_want_a_reason(shop, caller):
    answer = caller.send("POST", f"{ONE}/{first(shop, 'ACTIVE')}/cancel", {})
    assert (answer.status, answer.json["details"][0]["field"]) == (400, "/reason")


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(shop, server, caller, body):
    path = f"{ONE}/{first(shop, 'ACTIVE')}/cancel"
    answer = ask(server, path, method="POST", body=body, Authorization=f"Bearer {caller.token}")
    assert (answer.status, answer.json["details"][0]["issue"]) == (400, "MALFORMED_REQUEST_JSON")


def test_plan_and_quantity_can_be_revised(shop, caller):
    plans = [one["id"] for one in shop.store["plan"] if one["currency"] == "USD"]
    one = shop.create_subscription(plan=plans[0])["id"]
    answer = caller.send("POST", f"{ONE}/{one}/revise", {"plan_id": plans[1], "quantity": "3"})
    assert (answer.status, answer.json["plan_id"], answer.json["quantity"]) == (200, plans[1], "3")
    assert caller.get(f"{ONE}/{one}?fields=plan").json["plan"]["name"] == "Studio Pro, yearly"
    assert shop.events[-1]["event_type"] == "BILLING.SUBSCRIPTION.UPDATED"
    for wrong, status in (({"plan_id": "P-GONE"}, 404), ({"quantity": 3}, 400), ({"quantity": "0"}, 400)):
        assert caller.send("POST", f"{ONE}/{one}/revise", wrong).status == status
    assert caller.send("POST", f"{ONE}/{first(shop, 'CANCELLED')}/revise", {"quantity": "2"}).status == 422


def test_an_account_may_be_opened_with_its_list():
    with serve(open_shop(listing=200)) as server:
        assert Caller(server).get(ONE).status == 200
    with pytest.raises(ValueError, match="200, 403 or 404"):
        open_shop(listing=500)


def test_requests_are_counted_by_path(shop, server, caller):
    caller.get(f"{ONE}/{shop.ids()[0]}")
    counted = control(server, "state", "GET").json
    assert counted["requests"]["by_path"] == {"POST /v1/oauth2/token": 1, f"GET {ONE}/{shop.ids()[0]}": 1}
    assert counted["now"] == AT
