"""PayPal's events from the account to the payment: whatever happens there, in any order, again, or with a delay."""

from typing import Any

import pytest

from contacts.models import Contact, ContactList
from integrations import health, inbox, reconciling
from integrations.models import Connection, Delivery
from subscriptions.models import Change, RecurringPayment
from tests.integrations.contracts import CONTRACTS, deliver, made
from tests.integrations.paypal.conftest import connected, deliver_update
from tests.integrations.paypal.contract import event
from tests.integrations.shops import ServedPayPal
from tests.integrations.states import stored


def settled(account: ServedPayPal) -> None:
    """Let everything that happened arrive, and work it off."""
    account.clock.move_to(account.clock.now() + 600)
    account.flush(retries=True)
    inbox.process()


def payment(identity: str) -> RecurringPayment:
    return RecurringPayment.objects.get(store_recurring_payment_id=identity)


def sold(account: ServedPayPal, **given: Any) -> str:
    return str(account.create_subscription(**{"email": "ada@lovelace.example", "name": "Ada Lovelace"} | given)["id"])


def test_a_new_subscription_arrives_with_its_plan_and_its_person(listening: Connection, account: ServedPayPal) -> None:
    identity = sold(account, quantity=3)
    settled(account)
    found, told = payment(identity), account.retrieve(identity, fields="plan")
    cycle = next(one for one in told["plan"]["billing_cycles"] if one["tenure_type"] == "REGULAR")
    price = cycle["pricing_scheme"]["fixed_price"]
    assert (found.status, found.store_status, str(found.contact)) == ("active", "ACTIVE", "Ada Lovelace")
    assert (found.name, found.currency) == (told["plan"]["name"], price["currency_code"])
    assert found.payment_amount == 3 * type(found.payment_amount)(price["value"])
    assert [(item.name, item.sku, item.quantity) for item in found.line_items.all()] == [
        (told["plan"]["name"], told["plan_id"], 3)
    ]
    assert found.line_items.get().categories
    assert set(Delivery.objects.values_list("state", flat=True)) == {"applied"}


@pytest.mark.parametrize(
    ("scenario", "status", "is_trial"),
    [
        ("active", "active", False),
        ("pending", "pending", False),
        ("approved", "pending", False),
        ("in trial", "active", True),
        ("failing", "payment_failed", False),
        ("failed since the last payment", "payment_failed", False),
        ("failed once, paid since", "active", False),
        ("suspended", "paused", False),
        ("suspended after failures", "payment_failed", False),
        ("cancelled", "cancelled", False),
        ("cancelled after failures", "cancelled", False),
        ("expired", "expired", False),
    ],
)
def test_each_situation_is_told_by_its_status(
    listening: Connection, account: ServedPayPal, scenario: str, status: str, is_trial: bool
) -> None:
    identity = sold(account, scenario=scenario)
    account.event("BILLING.SUBSCRIPTION.UPDATED", identity)
    settled(account)
    found = payment(identity)
    assert (found.status, bool(found.is_trial)) == (status, is_trial)
    assert health.unknown_statuses(listening) == {}


def test_a_life_goes_through_its_statuses_and_the_change_log_tells_them(
    listening: Connection, account: ServedPayPal
) -> None:
    identity = sold(account)
    settled(account)
    for verb in ("fail_payment", "recover", "suspend", "activate", "cancel"):
        account.act(identity, verb)
        settled(account)
    words = [fields["status"][1] for fields in Change.objects.order_by("pk").values_list("fields", flat=True)
             if "status" in fields]  # fmt: skip
    assert words == ["active", "payment_failed", "active", "paused", "active", "cancelled"]
    over = payment(identity)
    assert (over.next_payment_date, bool(over.cancelled_date)) == (None, True)


@pytest.mark.parametrize(
    ("verb", "status"), [("refund", "refunded"), ("refund_half", "partially_refunded"), ("reverse", "refunded")]
)
def test_money_that_goes_back_is_known_until_the_next_payment(
    listening: Connection, account: ServedPayPal, verb: str, status: str
) -> None:
    identity = sold(account)
    settled(account)
    assert payment(identity).last_payment_status == "completed"
    account.act(identity, verb)
    settled(account)
    assert payment(identity).last_payment_status == status
    account.event("BILLING.SUBSCRIPTION.UPDATED", identity)
    settled(account)
    assert payment(identity).last_payment_status == status
    account.act(identity, "renew")
    settled(account)
    assert payment(identity).last_payment_status == "completed"


def test_an_unknown_event_of_a_subscription_still_means_that_it_changed(
    listening: Connection, account: ServedPayPal
) -> None:
    identity = sold(account)
    account.event("BILLING.SUBSCRIPTION.REMEMBERED", identity)
    settled(account)
    assert Delivery.objects.get(event_type="BILLING.SUBSCRIPTION.REMEMBERED").state == "applied"


def test_a_sale_that_names_no_subscription_is_kept_as_unmatched(listening: Connection, account: ServedPayPal) -> None:
    identity = sold(account)
    settled(account)
    account.faults.no_agreement = 99
    account.act(identity, "renew")
    settled(account)
    kept = Delivery.objects.filter(event_type="PAYMENT.SALE.COMPLETED").latest("pk")
    assert (kept.state, "cannot be matched" in kept.reason) == ("ignored", True)


def test_a_sale_of_what_paypal_has_no_subscription_for_is_kept_as_unmatched(
    listening: Connection, account: ServedPayPal
) -> None:
    identity = sold(account)
    settled(account)
    account.faults.forgotten = [identity]
    account.act(identity, "renew")
    settled(account)
    kept = Delivery.objects.latest("pk")
    assert (kept.event_type, kept.state) == ("PAYMENT.SALE.COMPLETED", "ignored")
    assert "cannot be matched" in kept.reason
    assert Connection.objects.get().problem == ""


def test_a_subscription_that_paypal_has_forgotten_is_as_its_last_event_told(
    listening: Connection, account: ServedPayPal
) -> None:
    identity = sold(account)
    settled(account)
    account.act(identity, "cancel")
    account.faults.forgotten = [identity]
    settled(account)
    found = payment(identity)
    assert (found.status, found.next_payment_date, bool(found.name)) == ("cancelled", None, True)


def test_money_that_went_back_of_a_forgotten_subscription_does_no_harm_to_its_own_events(
    listening: Connection, account: ServedPayPal
) -> None:
    identity = sold(account)
    settled(account)
    account.act(identity, "refund")
    account.act(identity, "suspend")
    account.faults.forgotten = [identity]
    settled(account)
    assert payment(identity).status == "paused"


def test_an_order_that_paypal_has_forgotten_is_as_its_event_told(listening: Connection, account: ServedPayPal) -> None:
    order = account.create_order()
    account.faults.forgotten = [order["id"]]
    settled(account)
    assert Contact.objects.get().email == account.store["payer"].at(0)["email"]


def test_a_second_order_updates_the_contact_and_its_tag_stays_one(listening: Connection, account: ServedPayPal) -> None:
    account.create_order()
    settled(account)
    payer = account.store["payer"].at(0)
    Contact.objects.update(first_name="", last_name="")
    account.create_order(payer=payer["id"])
    settled(account)
    contact = Contact.objects.get()
    assert (contact.first_name, contact.tags.count()) == (payer["name"]["given_name"], 1)


def test_an_order_makes_a_tagged_contact_and_no_recurring_payment(listening: Connection, account: ServedPayPal) -> None:
    order = account.create_order()
    account.act(order["id"], "complete")
    settled(account)
    contact = Contact.objects.get()
    assert [tag.name for tag in contact.tags.all()] == ["paypal-integration"]
    assert contact.email == account.store["payer"].at(0)["email"]
    assert not RecurringPayment.objects.exists()


def test_an_order_that_cannot_be_read_fails_at_once_with_its_place(db: None) -> None:
    connection = made("paypal")
    broken = event("CHECKOUT.ORDER.APPROVED")
    broken["resource"]["payer"] = ["Ada"]
    deliver(connection, broken)
    inbox.process()
    kept = Delivery.objects.get()
    assert (kept.state, kept.attempts, kept.reason) == ("failed", 1, "payer: must be an object")


@pytest.mark.parametrize(
    ("connected_one", "kept"),
    [("subscriptions", {"subscription": "applied", "order": "ignored"}),
     ("orders", {"subscription": "ignored", "order": "applied"})],
)  # fmt: skip
def test_an_event_of_a_resource_that_is_not_connected_is_ignored_until_it_is(
    listening: Connection, account: ServedPayPal, connected_one: str, kept: dict[str, str]
) -> None:
    Connection.objects.update(resources=[connected_one])
    sold(account)
    account.act(account.create_order()["id"], "complete")
    settled(account)
    states = {one.subject.partition(":")[0]: one.state for one in Delivery.objects.all()}
    assert states == kept
    ignored = Delivery.objects.filter(state="ignored")
    assert all("is not connected" in one.reason for one in ignored)
    inbox.retry(ignored)
    inbox.process()
    assert {one.state for one in Delivery.objects.all()} == {"applied", "ignored"}
    Connection.objects.update(resources=[])
    inbox.retry(Delivery.objects.filter(state="ignored"))
    inbox.process()
    assert {one.state for one in Delivery.objects.all()} == {"applied"}


def test_the_first_sight_of_an_old_subscription_is_no_news(listening: Connection, account: ServedPayPal) -> None:
    old = next(one["id"] for one in account.store["subscription"] if one["status"] == "ACTIVE")
    account.event("BILLING.SUBSCRIPTION.UPDATED", old)
    new = sold(account)
    settled(account)
    announced = dict(
        Change.objects.filter(kind="created").values_list("payment__store_recurring_payment_id", "announce")
    )
    assert announced == {old: False, new: True}


def test_whatever_goes_wrong_on_the_way_the_account_and_we_end_alike(
    listening: Connection, account: ServedPayPal
) -> None:
    account.faults.apply({"duplicate": 2, "reorder": 5, "mis_sign": 0.2})
    for _ in range(4):
        account.tick(n=4)
        reconciling.run(reconciling.start(listening).pk)
        inbox.process()
    account.faults.clear()
    settled(account)
    touched = set(RecurringPayment.objects.values_list("store_recurring_payment_id", flat=True))
    assert len(touched) > 3
    before = _fields()
    mirror = connected(account, "Mirror")
    for identity in sorted(touched):
        deliver_update(mirror, identity)
    inbox.process()
    after = {key: row for key, row in _fields("Mirror").items() if key in touched}
    told = {"store_modified_date", "last_payment_status"}
    assert _without(before, told) == _without(after, told)


def _fields(store: str = "PayPal") -> dict[str, dict[str, Any]]:
    return stored(Connection.objects.get(store__name=store))


def _without(state: dict[str, dict[str, Any]], names: set[str]) -> dict[str, dict[str, Any]]:
    return {
        key: {name: value for name, value in row.items() if name not in names | {"legacy_connection_id"}}
        for key, row in state.items()
    }


@pytest.mark.parametrize(
    ("faults", "problem"),
    [({"answer_429": 99}, "rate_limited"), ({"answer_500": 99}, "store_fault"), ({"answer_html": 99}, "not_a_store")],
)
def test_an_account_in_trouble_is_asked_again_later(
    listening: Connection, account: ServedPayPal, faults: dict[str, int], problem: str
) -> None:
    sold(account)
    account.flush(retries=True)
    account.faults.apply(faults)
    inbox.process()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}
    assert Connection.objects.get().problem == problem
    account.faults.clear()
    Delivery.objects.update(due_at="2020-01-01T00:00:00Z")
    inbox.process()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"applied"}
    assert Connection.objects.get().problem == ""


def test_a_token_that_is_no_longer_taken_is_replaced(listening: Connection, account: ServedPayPal) -> None:
    sold(account)
    settled(account)
    account.revoke_tokens()
    sold(account, email="b@example.com")
    settled(account)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"applied"}


# Without credentials


def test_without_credentials_an_event_tells_its_own_picture_and_keeps_the_plan(db: None) -> None:
    connection = made("paypal")
    for word, minute in (("ACTIVE", 0), ("SUSPENDED", 1)):
        told = event("BILLING.SUBSCRIPTION.ACTIVATED") | {
            "id": f"WH-{word}",
            "create_time": f"2026-10-20T12:0{minute}:00Z",
        }
        told["resource"] = told["resource"] | {"status": word}
        deliver(connection, told)
        inbox.process()
    found = RecurringPayment.objects.get()
    assert (found.status, found.currency, found.email) == ("paused", "USD", "ada@lovelace.example")


def test_without_credentials_a_sale_is_ignored(db: None) -> None:
    deliver(made("paypal"), event("PAYMENT.SALE.COMPLETED"))
    inbox.process()
    assert Delivery.objects.get().state == "ignored"


def test_the_contract_knows_every_event_of_the_account() -> None:
    assert len(CONTRACTS["paypal"].events()) == 13


def test_whoever_pays_an_order_first_is_put_on_the_list_of_newcomers(
    listening: Connection, account: ServedPayPal
) -> None:
    listening.store.newcomer_list = ContactList.objects.create(name="Letter")
    listening.store.save()
    order = account.create_order()
    account.act(order["id"], "complete")
    settled(account)
    standing = Contact.objects.get().standings.get()
    assert (str(standing.contact_list), standing.state, standing.source) == ("Letter", "subscribed", "PayPal")
