"""What a PayPal account of 240 subscriptions has in it, and that the seed alone decides it."""

import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from integrations.sandbox.paypal.pricing import bill
from integrations.sandbox.paypal.scenarios import SCENARIOS
from tests.integrations.sandbox.conftest import NOW
from tests.integrations.sandbox.paypal.conftest import open_shop

MOMENT = "2026-11-01T12:00:00Z"
STATUSES = {"APPROVAL_PENDING", "APPROVED", "ACTIVE", "SUSPENDED", "CANCELLED", "EXPIRED"}
OVER = {"CANCELLED", "EXPIRED"}


@pytest.fixture(scope="module")
def shown(town):
    """Every subscription of the shop, with everything that can be asked for."""
    return [town.shop.retrieve(one, fields=("plan", "last_failed_payment")) for one in town.shop.ids()]


def some(shown, status):
    return [one for one in shown if one["status"] == status]


def cycle(one, tenure):
    return next((part for part in one["billing_info"]["cycle_executions"] if part["tenure_type"] == tenure), None)


def terms(one, tenure="REGULAR"):
    return next(part for part in one["plan"]["billing_cycles"] if part["tenure_type"] == tenure)


def everything(shop):
    return {kind: list(table) for kind, table in shop.store.tables.items()}


def test_every_status_is_there_even_in_a_shop_of_thirty(shown):
    assert {one["status"] for one in shown} == STATUSES
    assert {one["status"] for one in open_shop().store["subscription"]} == STATUSES


def test_one_that_waits_for_approval_has_no_billing_and_often_nobody(shown):
    pending = some(shown, "APPROVAL_PENDING")
    assert {"subscriber" in one for one in pending} == {True, False}
    assert not any("billing_info" in one for one in pending + some(shown, "APPROVED"))
    assert {tuple(one["subscriber"]) for one in pending if "subscriber" in one} == {("email_address",)}
    assert all(one["start_time"] > MOMENT for one in some(shown, "APPROVED"))


def test_trials_are_running_over_and_not_there(shown):
    trials = [(one["status"], cycle(one, "TRIAL")) for one in shown if "billing_info" in one]
    left = {(status, trial["cycles_remaining"] > 0) for status, trial in trials if trial}
    assert left >= {("ACTIVE", True), ("ACTIVE", False), ("CANCELLED", True)}
    assert any(trial is None for _, trial in trials)


def test_failed_payments_are_counted_or_only_newer_than_the_last_one(shown):
    kinds = Counter()
    for one in some(shown, "ACTIVE") + some(shown, "SUSPENDED"):
        billing = one["billing_info"]
        failed = billing.get("last_failed_payment", {"time": ""})["time"]
        is_newer = failed > billing.get("last_payment", {"time": ""})["time"]
        kinds[one["status"], billing["failed_payments_count"] > 0, is_newer, bool(failed)] += 1
        assert (Decimal(billing["outstanding_balance"]["value"]) > 0) == (billing["failed_payments_count"] > 0)
    assert set(kinds) == {
        ("ACTIVE", False, False, False),
        ("ACTIVE", True, True, True),
        ("ACTIVE", False, True, True),
        ("ACTIVE", False, False, True),
        ("SUSPENDED", False, False, False),
        ("SUSPENDED", True, True, True),
    }


def test_the_next_billing_disappears_with_the_end(shown):
    billed = [one for one in shown if "billing_info" in one]
    assert not any("next_billing_time" in one["billing_info"] for one in billed if one["status"] in OVER)
    assert all("next_billing_time" in one["billing_info"] for one in billed if one["status"] == "ACTIVE")
    assert all(
        one["billing_info"]["next_billing_time"] > one["billing_info"].get("last_payment", {"time": ""})["time"]
        for one in some(shown, "ACTIVE")
    )


def test_cycles_are_without_end_or_counted_down(shown):
    regular = [cycle(one, "REGULAR") for one in shown if "billing_info" in one]
    assert {part["total_cycles"] for part in regular} >= {0, 4, 6, 12}
    assert all(part["cycles_remaining"] == 0 for part in regular if part["total_cycles"] == 0)
    assert all(
        part["cycles_completed"] + part["cycles_remaining"] == part["total_cycles"]
        for part in regular
        if part["total_cycles"]
    )
    expired = [cycle(one, "REGULAR") for one in some(shown, "EXPIRED")]
    assert expired
    assert all(part["cycles_remaining"] == 0 < part["total_cycles"] for part in expired)
    ends = [one for one in shown if "billing_info" in one and cycle(one, "REGULAR")["total_cycles"]]
    assert all("final_payment_time" in one["billing_info"] for one in ends)


def test_some_have_one_cycle_left():
    shop = open_shop()
    one = shop.create_subscription(scenario="last cycle")
    assert cycle(one, "REGULAR")["cycles_remaining"] == 1


def test_a_quantity_is_a_string_of_digits(shown):
    assert all(isinstance(one["quantity"], str) and one["quantity"].isdecimal() for one in shown)
    assert {one["quantity"] for one in shown} > {"1", "2"}


def test_every_currency_is_there_and_yen_have_no_fractions(shown):
    values = {}
    for one in shown:
        price = terms(one)["pricing_scheme"].get("fixed_price") or terms(one)["pricing_scheme"]["tiers"][0]["amount"]
        values.setdefault(price["currency_code"], set()).update((price["value"], one["shipping_amount"]["value"]))
    assert set(values) == {"USD", "EUR", "JPY", "GBP"}
    assert all("." not in value for value in values["JPY"])
    assert any(value == "0.0" for value in values["USD"])


def test_every_interval_and_pricing_is_there(shown):
    frequencies = {tuple(terms(one)["frequency"].values()) for one in shown}
    assert {unit for unit, _ in frequencies} == {"DAY", "WEEK", "MONTH", "YEAR"}
    assert {count for _, count in frequencies} >= {1, 2, 3, 10}
    models = {terms(one)["pricing_scheme"].get("pricing_model") for one in shown}
    assert models == {None, "VOLUME", "TIERED"}


def test_taxes_are_on_top_or_included_or_not_there(shown):
    taxes = {(one["plan"].get("taxes") or {"inclusive": None})["inclusive"] for one in shown}
    assert taxes == {True, False, None}


def test_a_payment_is_price_times_quantity_with_tax_and_shipping(shown):
    checked = 0
    for one in shown:
        price, billing = terms(one)["pricing_scheme"].get("fixed_price"), one.get("billing_info", {})
        if not price or "last_payment" not in billing or not cycle(one, "REGULAR")["cycles_completed"]:
            continue
        tax = one["plan"].get("taxes") or {"percentage": "0", "inclusive": True}
        rate = 1 if tax["inclusive"] else 1 + Decimal(tax["percentage"]) / 100
        due = Decimal(price["value"]) * int(one["quantity"]) * rate + Decimal(one["shipping_amount"]["value"])
        assert abs(Decimal(billing["last_payment"]["amount"]["value"]) - due) <= Decimal("0.005")
        checked += 1
    assert checked > 100


def test_payers_are_as_odd_as_in_life(shown):
    payers = [one["subscriber"] for one in shown if "payer_id" in one.get("subscriber", {})]
    names = [" ".join(payer.get("name", {}).values()) for payer in payers]
    assert {"<b>Bobby</b> & Co", "Zoë Müller", "Cher", ""} <= set(names)
    assert {"surname"} <= set().union(*(payer.get("name", {}) for payer in payers))
    assert any(payer.get("name", {}) == {"given_name": "Cher"} for payer in payers)
    assert {"email_address" in payer for payer in payers} == {True, False}
    assert {"payment_source" in payer for payer in payers} == {True, False}
    assert {"shipping_address" in payer for payer in payers} == {True, False}
    assert {"name" in payer["shipping_address"] for payer in payers if "shipping_address" in payer} == {True, False}


def test_two_payers_share_an_address_in_other_capitals(town):
    emails = {one["email"] for one in town.shop.store["payer"] if one["email"]}
    assert max(Counter(email.casefold() for email in emails).values()) == 2
    assert {email.casefold().partition("@")[2] for email in emails} == {"example.com", "example.org", "example.net"}


def test_one_big_payer_has_many(town):
    owners = Counter(one["payer"] for one in town.shop.store["subscription"] if one["payer"])
    assert max(owners.values()) >= 30


def test_one_off_orders_are_approved_and_completed(town):
    assert {one["status"] for one in town.shop.store["order"]} == {"APPROVED", "COMPLETED"}
    assert len({one["currency"] for one in town.shop.store["order"]}) > 1


def test_every_field_of_ours_has_its_value_somewhere(shown, town):
    card = next(
        one["subscriber"]["payment_source"]["card"] for one in shown if "payment_source" in one.get("subscriber", {})
    )
    assert re.fullmatch(r"20\d\d-\d\d", card["expiry"])
    assert {"address_line_1", "admin_area_2", "postal_code", "country_code"} <= set(card["billing_address"])
    paths = set()
    for one in shown:
        collect(one, "", paths)
    assert paths >= {
        *("id", "status", "quantity", "custom_id", "plan_id", "create_time", "update_time", "start_time"),
        *("status_update_time", "status_change_note", "shipping_amount.value", "plan.name", "plan.product_id"),
        *("plan.taxes.percentage", "plan.taxes.inclusive", "subscriber.email_address", "subscriber.payer_id"),
        *("subscriber.name.given_name", "subscriber.name.surname", "subscriber.shipping_address.name.full_name"),
        "billing_info.next_billing_time",
        "billing_info.last_payment.time",
        "billing_info.last_payment.amount.value",
        "billing_info.last_failed_payment.next_payment_retry_time",
        "billing_info.cycle_executions.total_cycles",
        "plan.billing_cycles.frequency.interval_unit",
        "plan.billing_cycles.frequency.interval_count",
        *(f"subscriber.shipping_address.address.{part}" for part in ADDRESS),
        *(f"subscriber.payment_source.card.billing_address.{part}" for part in ADDRESS),
    }
    assert {one["category"] for one in town.shop.store["product"]} > {None, "SOFTWARE"}


ADDRESS = ("address_line_1", "address_line_2", "admin_area_1", "admin_area_2", "postal_code", "country_code")


def collect(value, path, paths):
    if isinstance(value, dict):
        for name, part in value.items():
            collect(part, f"{path}.{name}" if path else name, paths)
    elif isinstance(value, list):
        for part in value:
            collect(part, path, paths)
    else:
        paths.add(path)


@pytest.mark.parametrize("scenario", [one.name for one in SCENARIOS])
@pytest.mark.parametrize("currency", ["USD", "EUR", "JPY", "GBP"])
def test_every_situation_can_be_had_in_every_currency(reader_shop, scenario, currency):
    made = reader_shop.create_subscription(scenario=scenario, currency=currency)
    assert made["status"] == next(one.status for one in SCENARIOS if one.name == scenario)
    assert made["shipping_amount"]["currency_code"] == currency


@pytest.fixture(scope="module")
def reader_shop():
    """A shop in which anything may begin."""
    return open_shop(subscriptions=0)


def test_the_same_seed_makes_the_same_shop_and_life():
    one, other = open_shop(seed=3), open_shop(seed=3)
    assert everything(one) == everything(other)
    assert one.tick(n=80) == other.tick(n=80)
    assert everything(one) == everything(other)


def test_another_seed_makes_another_shop():
    assert set(open_shop(seed=3).ids()).isdisjoint(open_shop(seed=4).ids())


def test_the_moment_moves_the_dates_but_not_the_people():
    now, later = open_shop(seed=3), open_shop(seed=3, now=NOW + timedelta(days=17, hours=5))
    assert set(now.ids()) == set(later.ids())
    assert set(now.ids("payer")) == set(later.ids("payer"))


def test_ids_have_paypals_forms_and_are_unique(town):
    kinds = ("subscription", "plan", "product", "payer", "order", "transaction")
    every = {kind: town.shop.ids(kind) for kind in kinds}
    assert all(len(ids) == len(set(ids)) for ids in every.values())
    assert all(re.fullmatch(r"I-[A-Z0-9]{12}", one) for one in every["subscription"])
    assert all(re.fullmatch(r"P-[A-Z0-9]{24}", one) for one in every["plan"])
    assert all(re.fullmatch(r"[A-Z0-9]{13}", one) for one in every["payer"])
    assert all(re.fullmatch(r"[A-Z0-9]{17}", one) for one in every["order"] + every["transaction"])


TIERS = [[1, 9, 1200], [10, 49, 1000], [50, None, 800]]


@pytest.mark.parametrize(
    ("plan", "quantity", "items", "tax"),
    [
        ({"model": "", "price": 2900, "tax": "8.5", "inclusive": False}, 3, 8700, 740),
        ({"model": "", "price": 2700, "tax": "20", "inclusive": True}, 1, 2250, 450),
        ({"model": "VOLUME", "tiers": TIERS, "tax": None, "inclusive": False}, 12, 12_000, 0),
        ({"model": "TIERED", "tiers": TIERS, "tax": None, "inclusive": False}, 12, 9 * 1200 + 3 * 1000, 0),
        ({"model": "TIERED", "tiers": TIERS, "tax": None, "inclusive": False}, 50, 9 * 1200 + 40 * 1000 + 800, 0),
        ({"model": "VOLUME", "tiers": TIERS, "tax": None, "inclusive": False}, 51, 51 * 800, 0),
    ],
)
def test_a_cycle_has_its_price(plan, quantity, items, tax):
    made = bill(plan, quantity=quantity, shipping=600)
    assert (made.items, made.tax, made.total) == (items, tax, items + tax + 600)
