"""A person's rights: their data in one file, and nothing left of them once they are erased."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.audit.models import Entry
from contacts import privacy
from contacts.models import Contact, ContactList, Standing, Tag
from integrations.api import batches, keys
from integrations.models import Batch, BatchSlice, Connection, Delivery, IdempotentAnswer, Reconciliation
from subscriptions.models import LineItem, RecurringPayment, StoreCustomer
from tests.integrations.api.conftest import connected
from tests.integrations.api.plugin import Plugin, row
from tests.integrations.contracts import made
from tests.people import member

EMAIL, NAME = "Canary@Example.com", "Fringilla"
CUSTOMER, SUBSCRIPTION = "cus_canary123", "sub_canary123"


@pytest.fixture
def shop(db: None) -> Connection:
    return connected("Shop")


@pytest.fixture
def plugin(shop: Connection) -> Plugin:
    return Plugin(shop)


def theirs(payment_id: str = "7", **values: Any) -> dict[str, Any]:
    told = {"email": EMAIL, "billing_first_name": NAME, "billing_last_name": "Serinus", "store_customer_id": "12"}
    return row(payment_id, **told | values)


def event(connection: Connection, key: str, subject: str, body: str) -> Delivery:
    """An event as it lies in the inbox."""
    now = timezone.now()
    state = Delivery.State.APPLIED
    return Delivery.objects.create(
        connection=connection, key=key, event_type="x", occurred_at=now, received_at=now, due_at=now,
        claimed_until=now, subject=subject, body=body, state=state,
    )  # fmt: skip


@pytest.fixture
def person(shop: Connection, plugin: Plugin) -> Contact:
    """Somebody who has left traces everywhere, and somebody else beside them."""
    items = [{"name": f"Tea for {NAME}"}]
    answers = [
        plugin.bulk(theirs(line_items=items), row("8", email="bob@example.com"), Idempotency_Key="a"),
        plugin.bulk(theirs(email="Other.Canary@example.com", status="paused"), Idempotency_Key="b"),
        plugin.bulk(row("8", status="paused"), Idempotency_Key="c"),
    ]
    assert {answer.status_code for answer in answers} == {200}
    contact = Contact.objects.get(email=EMAIL)
    contact.tags.add(Tag.objects.create(name="vip"))
    news = ContactList.objects.create(name="News")
    Standing.objects.create(
        contact=contact, contact_list=news, state="subscribed", source="x", changed_at=timezone.now()
    )
    stripe = made("stripe", "Stripe shop")
    StoreCustomer.objects.create(store=stripe.store, store_customer_id=CUSTOMER, contact=contact)
    RecurringPayment.objects.create(
        store=stripe.store, contact=contact, store_recurring_payment_id=SUBSCRIPTION, as_of=timezone.now()
    )
    event(stripe, "1", f"customer:{CUSTOMER}", json.dumps({"name": NAME}))
    event(stripe, "2", "", json.dumps({"customer": CUSTOMER, "name": NAME}))
    event(stripe, "3", f"subscription:{SUBSCRIPTION}", json.dumps({"name": NAME}))
    event(stripe, "4", "", json.dumps({"customer_email": EMAIL.upper(), "name": NAME}))
    Reconciliation.objects.create(connection=stripe, since=timezone.now(), problem_detail=f"No customer {EMAIL}")
    event(stripe, "5", "subscription:sub_of_bob", json.dumps({"customer": "cus_of_bob"}))
    batches.accept(plugin.key, shop, [(shop.store_id, True, theirs("9")), (shop.store_id, True, row("8", name="Pro"))])
    done = batches.accept(plugin.key, shop, [(shop.store_id, True, theirs("10", status=f"<{EMAIL}>"))])
    batches.run(done.pk)
    return contact


def leftovers(*words: str) -> list[str]:
    """Name the tables of the database that hold any of these words."""
    found = []
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            text = repr(cursor.fetchall()).casefold()
            found += [table for word in words if word.casefold() in text]
    return found


TRACES = (EMAIL, "other.canary@", NAME, "Serinus", CUSTOMER, SUBSCRIPTION)


def erase_page(contact: Contact) -> str:
    return reverse("admin:contact_erase", args=[contact.pk])


@pytest.fixture
def administrators(db: None) -> Client:
    browser = Client()
    browser.force_login(member("Administrator"))
    return browser


def test_nothing_is_left_of_an_erased_person_in_any_table(person: Contact, administrators: Client) -> None:
    change = reverse("admin:contacts_contact_change", args=[person.pk])
    administrators.post(change, {"first_name": NAME, "last_name": "Serinus", "email": EMAIL})
    assert {"django_admin_log", "contacts_contact", "integrations_delivery", "integrations_batchslice"} <= {
        *leftovers(*TRACES)
    }
    assert administrators.post(erase_page(person), {"typed": EMAIL.lower()}).status_code == 302
    assert leftovers(*TRACES) == []
    assert [*Entry.objects.filter(action="person.erased").values_list("object_id", flat=True)] == [str(person.pk)]


def test_what_is_taken_along_holds_no_secret_of_a_store(person: Contact, administrators: Client) -> None:
    stripe, shop = (Connection.objects.get(store__name=name) for name in ("Stripe shop", "Shop"))
    body = {"customer": CUSTOMER, "client_secret": "hush-hush", "card": {"number": "4242424242424242"}}
    for key, told in (("6", json.dumps(body)), ("7", f"customer={CUSTOMER}&token=hush-hush")):
        event(stripe, key, f"customer:{CUSTOMER}", told)
    batches.accept(keys.issue(shop, name="k")[0], shop, [(shop.store_id, True, theirs("9", api_key="hush-hush"))])
    told = administrators.get(reverse("admin:contact_data", args=[person.pk])).content.decode()
    assert ("hush-hush" in told, "42424242424" in told, "•••• 4242" in told) == (False, False, True)


def test_nobody_else_loses_anything(person: Contact) -> None:
    privacy.erase(person)
    assert [*Contact.objects.values_list("email", flat=True)] == ["bob@example.com"]
    assert [*RecurringPayment.objects.values_list("store_recurring_payment_id", flat=True)] == ["8"]
    assert [*Delivery.objects.values_list("key", flat=True)] == ["5"]
    assert [*IdempotentAnswer.objects.values_list("name", flat=True)] == ["c"]
    assert (Tag.objects.count(), ContactList.objects.count(), LineItem.objects.count()) == (1, 1, 0)


def test_a_batch_goes_on_without_the_erased_person(person: Contact) -> None:
    privacy.erase(person)
    waiting = Batch.objects.get(state=Batch.State.WAITING)
    batches.run(waiting.pk)
    outcomes = batches.outcomes(waiting, start=0, limit=10)
    assert [(one["index"], one["outcome"]) for one in outcomes] == [(0, "error"), (1, "updated")]
    assert not Contact.objects.filter(email=EMAIL).exists()
    assert BatchSlice.objects.filter(rows="").count() == 2


def test_a_later_report_brings_the_person_back_as_a_new_contact(person: Contact, plugin: Plugin) -> None:
    privacy.erase(person)
    assert plugin.outcomes(theirs()) == ["created"]
    again = Contact.objects.get(email=EMAIL)
    assert (again.pk != person.pk, again.tags.count()) == (True, 0)


def test_all_is_kept_where_a_part_cannot_be_erased(person: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    before = leftovers(*TRACES)
    broken = privacy.Holder(app="broken", collect=lambda _contact: {}, erase=lambda _contact: 1 / 0)  # type: ignore[arg-type, return-value]
    monkeypatch.setattr(privacy, "_HOLDERS", {"broken": broken} | privacy._HOLDERS)
    with pytest.raises(ZeroDivisionError):
        privacy.erase(person)
    assert leftovers(*TRACES) == before


def test_somebody_without_traces_is_erased_alone(person: Contact) -> None:
    nobody = Contact.objects.create(first_name="Ann")
    privacy.erase(nobody)
    assert (Contact.objects.count(), Delivery.objects.count(), RecurringPayment.objects.count()) == (2, 5, 3)


# ---- the page


@pytest.mark.parametrize("typed", ["", "canary", "bob@example.com", NAME])
def test_nothing_is_erased_until_the_e_mail_or_name_is_typed(
    person: Contact, administrators: Client, typed: str
) -> None:
    answer = administrators.post(erase_page(person), {"typed": typed})
    assert (answer.status_code, Contact.objects.count()) == (422, 2)
    assert "Nothing has been erased." in answer.content.decode()


@pytest.mark.parametrize("typed", [f" {EMAIL} ", f"{NAME} serinus"])
def test_the_e_mail_or_the_whole_name_erases(person: Contact, administrators: Client, typed: str) -> None:
    assert administrators.post(erase_page(person), {"typed": typed}).status_code == 302
    assert Contact.objects.count() == 1


def test_the_page_counts_what_goes_and_says_who_comes_back(person: Contact, administrators: Client) -> None:
    page = administrators.get(erase_page(person)).content.decode()
    assert "comes back as a new contact" in page
    for word, count in (("Recurring payments", 2), ("Events of stores", 4), ("Tags", 1)):
        assert f"<li><span>{word}</span><strong>{count}</strong></li>" in page


def test_only_an_administrator_erases_and_a_viewer_takes_nothing_along(person: Contact, client: Client) -> None:
    data = reverse("admin:contact_data", args=[person.pk])
    client.force_login(member("Marketer"))
    assert [client.get(erase_page(person)).status_code, client.post(erase_page(person)).status_code] == [403, 403]
    assert client.get(data).status_code == 200
    change = reverse("admin:contacts_contact_change", args=[person.pk])
    page = client.get(change).content.decode()
    assert (data in page, erase_page(person) in page) == (True, False)
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(*_permissions("view_contact"))
    client.force_login(viewer)
    assert client.get(data).status_code == 403
    assert "rt-more" not in client.get(change).content.decode()
    assert Client().get(data).status_code == 302


def _permissions(*names: str) -> Any:
    return apps.get_model("auth", "Permission").objects.filter(codename__in=names)


# ---- the file


def test_the_file_holds_everything_of_this_person_and_nobody_else(person: Contact, administrators: Client) -> None:
    answer = administrators.get(reverse("admin:contact_data", args=[person.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="contact-{person.pk}.json"'
    told = json.loads(answer.content)
    assert (told["contact"]["email"], told["contact"]["first_name"]) == (EMAIL, NAME)
    assert told["tags"] == ["vip"]
    assert [(one["list"], one["state"]) for one in told["lists"]] == [("News", "subscribed")]
    payment = next(one for one in told["recurring_payments"] if one["store_recurring_payment_id"] == "7")
    assert (payment["store"], payment["status"]) == ("Shop", "paused")
    assert payment["line_items"][0]["name"] == f"Tea for {NAME}"
    assert [change["kind"] for change in payment["changes"]] == ["updated", "created"]
    assert {"store": "Stripe shop", "id": CUSTOMER} in told["store_customers"]
    assert {one["content"]["name"] for one in told["events"]} == {NAME}
    assert [one["store_recurring_payment_id"] for one in told["rows_to_come"]] == ["9"]
    assert "bob" not in answer.content.decode()


def test_every_app_that_points_at_people_says_what_it_holds() -> None:
    pointing = {
        field.related_model._meta.app_label
        for model in (Contact, RecurringPayment)
        for field in model._meta.related_objects
        if not field.many_to_many
    }
    assert pointing <= {holder.app for holder in privacy.holders()}
