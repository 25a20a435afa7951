"""Every act that matters leaves one entry, in words, and no secret."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from config.audit.audited import Audited
from config.audit.models import Entry
from config.audit.sentences import fields, sentence
from contacts.models import Contact, Tag
from integrations import inbox
from integrations.api import keys
from integrations.connecting import Credentials, connect
from integrations.models import Connection, Delivery, HistoricalSync
from subscriptions.models import RecurringPayment
from tests.integrations.api.plugin import Plugin
from tests.integrations.contracts import CONTRACTS, deliver, made
from tests.integrations.test_admin import NOON

pytestmark = pytest.mark.django_db
CANARY = "rk_live_canary_of_the_audit_log"


@pytest.fixture
def ada() -> User:
    user = User.objects.create_user("ada", password="correct horse", is_staff=True)
    user.groups.set([Group.objects.get(name="Administrator")])
    return user


@pytest.fixture
def browser(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def store() -> Connection:
    return made("stripe")


def api_store() -> Connection:
    return connect("api", name="Shop", credentials=Credentials())[0]


def news(*, after: int = 1) -> list[str]:
    """Tell what was recorded, oldest first, without what the set-up did."""
    return [sentence(entry) for entry in Entry.objects.order_by("pk")[after:]]


def test_every_model_of_the_admin_is_audited_but_the_log() -> None:
    without = {model for model, one in admin.site._registry.items() if not isinstance(one, Audited)}
    assert without == {Entry}


def test_signing_in_and_out_and_failing_to(ada: User) -> None:
    client, page = Client(REMOTE_ADDR="6.6.6.6"), reverse("admin:login")
    for name, password in (("ada", "wrong"), ("hunter2", "wrong"), ("ada", "correct horse")):
        client.post(page, {"username": name, "password": password})
    client.post(reverse("admin:logout"))
    assert news(after=0) == [
        "Somebody failed to sign in as ada",
        "Somebody failed to sign in as somebody who does not exist",
        "ada signed in",
        "ada signed out",
    ]
    assert set(Entry.objects.values_list("address", flat=True)) == {"6.6.6.6"}
    assert not any("hunter2" in str(row) for row in Entry.objects.values())


def test_adding_changing_and_deleting(browser: Client) -> None:
    browser.post(reverse("admin:contacts_tag_add"), {"name": "vip"})
    tag = Tag.objects.get()
    for name in ("VIP", "VIP"):  # the second changes nothing
        browser.post(reverse("admin:contacts_tag_change", args=[tag.pk]), {"name": name})
    browser.post(reverse("admin:contacts_tag_delete", args=[tag.pk]), {"post": "yes"})
    assert news() == ["ada added tag “vip”", "ada changed tag “VIP”", "ada deleted tag “VIP”"]
    assert [fields(entry) for entry in Entry.objects.filter(action="changed")] == ["Name"]


def test_deleting_several_is_an_entry_each_and_all_or_nothing(browser: Client, monkeypatch: Any) -> None:
    chosen = [Tag.objects.create(name=name).pk for name in "ab"]
    asked = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
        broken.setattr("django.contrib.admin.ModelAdmin.delete_queryset", lambda *_: 1 / 0)
        browser.post(reverse("admin:contacts_tag_changelist"), asked)
    assert (news(), Tag.objects.count()) == ([], 2)
    browser.post(reverse("admin:contacts_tag_changelist"), asked)
    assert sorted(news()) == ["ada deleted tag “a”", "ada deleted tag “b”"]


def test_a_new_password_is_told_and_not_what_it_is(browser: Client) -> None:
    grace = User.objects.create_user("grace")
    made = browser.post(reverse("admin:auth_user_password_change", args=[grace.pk])).context["password"]
    assert news() == ["ada changed user “grace”"]
    assert made not in str([*Entry.objects.values()])
    assert fields(Entry.objects.get(action="changed")) == "password"


def test_a_password_of_ones_own_is_told_once_it_is_changed(browser: Client, ada: User) -> None:
    for old in ("wrong", "correct horse"):
        browser.post(
            reverse("admin:password_change"), {"old_password": old, "new_password1": CANARY, "new_password2": CANARY}
        )
    assert news() == ["ada changed user “ada”"]


def test_an_export_tells_which_list_and_how_many_rows(browser: Client) -> None:
    Contact.objects.bulk_create(Contact(first_name=name) for name in ("Ada", "Bob", "Bobby"))
    browser.get(reverse("admin:contacts_contact_export"), {"q": "bob"})
    browser.get(reverse("admin:subscriptions_recurringpayment_export"))
    assert news() == ["ada exported contacts as CSV: 2 rows", "ada exported recurring payments as CSV: 0 rows"]


def test_retrying_twice_is_two_entries_and_one_effect(browser: Client, store: Connection) -> None:
    deliver(store, CONTRACTS["stripe"].news("sub_1", "active", NOON))
    Delivery.objects.update(state="failed")
    path = reverse("admin:delivery_retry", args=[Delivery.objects.get().pk])
    for _ in range(2):
        browser.post(path)
        inbox.process()
    assert (RecurringPayment.objects.count(), Delivery.objects.get().attempts) == (1, 1)
    assert [one for one in news() if "retried" in one] == [
        "ada retried 1 event of Shop",
        "ada retried 0 events of Shop",
    ]


def test_retrying_many_is_one_entry_with_how_many(browser: Client, store: Connection) -> None:
    for connection in (store, made("stripe", "Other")):
        for number in range(2):
            deliver(connection, CONTRACTS["stripe"].news(f"sub_{number}", "active", NOON))
    Delivery.objects.update(state="failed")
    chosen = list(Delivery.objects.values_list("pk", flat=True))
    browser.post(reverse("admin:integrations_delivery_changelist"), {"action": "retry", "_selected_action": chosen})
    assert news()[-1] == "ada retried 4 events of several stores"


def test_a_history_is_started_cancelled_and_resumed(browser: Client, store: Connection) -> None:
    for verb in ("start", "start", "cancel", "cancel", "resume", "resume"):
        browser.post(reverse(f"admin:sync_{verb}", args=[store.pk]))
    assert news()[-3:] == [
        "ada started to read the history of Shop",
        "ada stopped reading the history of Shop",
        "ada went on reading the history of Shop",
    ]
    assert HistoricalSync.objects.count() == 1


def test_keys_are_made_and_revoked(browser: Client) -> None:
    connection = api_store()
    browser.post(reverse("admin:key_issue", args=[connection.pk]), {"name": "first", "write": "on"})
    key = connection.keys.get()
    for _ in range(2):
        browser.post(reverse("admin:key_revoke", args=[connection.pk, key.pk]))
    assert news()[-2:] == [
        f"ada made the key {key.prefix}… of Shop",
        f"ada revoked the key {key.prefix}… of Shop",
    ]


def test_connecting_changing_credentials_and_disconnecting_by_page(browser: Client) -> None:
    add = reverse("setup_connect", args=["stripe"])
    settings = {"name": "Ours", "requests_per_second": "20"}
    browser.post(add, settings)
    connection = Connection.objects.get()
    change = reverse("admin:integrations_connection_change", args=[connection.pk])
    browser.post(change, settings | {"webhook_secret": f"whsec_{CANARY}"})
    browser.post(reverse("admin:connection_disconnect", args=[connection.pk]), {"payments": "keep"})
    assert news() == [
        "ada connected Ours",
        "ada changed the connection of Ours",
        "ada disconnected Ours",
    ]
    assert not any(CANARY in str(row) for row in Entry.objects.values())


def test_connecting_and_changing_credentials_by_command() -> None:
    command = ["connect", "stripe", "--name", "Ours", "--no-check"]
    for key in (f"{CANARY}1", f"{CANARY}2", f"{CANARY}2"):  # the third changes nothing
        call_command(*command, "--api-key", key)
    assert news(after=0) == [
        "A command connected Ours",
        "A command changed the connection of Ours",
    ]
    assert not any(CANARY in str(row) for row in Entry.objects.values())


def test_a_key_by_command_and_new_encryption(store: Connection) -> None:
    call_command("connect", "api", "--account", "--key-name", "plugins")
    call_command("rotate_secrets")
    assert news()[-2].startswith("A command made the key rit_")
    assert news()[-1] == "A command encrypted 1 stored secret anew"


def test_the_order_of_the_fields(browser: Client) -> None:
    steps = [("move", {"field": "shipping_city", "to": "1"}), ("undo", {}), ("redo", {}), ("reset", {}), ("reset", {})]
    for version, (verb, more) in enumerate(steps):
        browser.post(reverse(f"manage_data_{verb}"), {"seen": str(version)} | more)
    assert [entry.action for entry in Entry.objects.order_by("pk")[1:]] == [
        *("fields.move", "fields.undo", "fields.redo", "fields.reset")
    ]
    assert news()[0] == "ada moved the field Shipping address city to position 1"


def test_what_the_api_deletes_connects_and_cuts_off_is_told_by_the_keys_prefix() -> None:
    key, secret = keys.issue(None, name="plugins")
    before = Entry.objects.count()
    client = Client(headers={"Api-Token": secret}, REMOTE_ADDR="6.6.6.6")
    shop = {"connection": {"service": "shop", "externalid": "1", "name": "Theirs"}}
    number = client.post("/api/3/connections", shop, content_type="application/json").json()["connection"]["id"]
    plugin = Plugin(Connection.objects.get())
    plugin.bulk({"store_recurring_payment_id": "sub_1", "status": "active", "email": "ada@example.com"})
    assert plugin.client.delete("/api/v1/recurring-payments/sub_1").status_code == 204
    client.delete(f"/api/3/connections/{number}")
    told = Entry.objects.order_by("pk")[before:]
    assert [sentence(entry) for entry in told if entry.via == "api"] == [
        f"The key {key.prefix}… connected Theirs",
        f"The key {plugin.key.prefix}… deleted recurring payment “sub_1”",
        f"The key {key.prefix}… disconnected Theirs",
    ]
    assert {entry.address for entry in told if entry.actor == key.prefix} == {"6.6.6.6"}
