"""One person is erased: nothing is left of them in any column of any table, nor in any file; and all is handed out."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session as OldSession
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from automations.email import kept
from automations.email.tracking import keeping
from automations.email.tracking.hits import CLICKED, Hit
from automations.models import Message
from config.audit.models import Entry
from config.sessions.models import Session
from contacts import privacy
from contacts.conditions import NOBODY
from contacts.models import Contact
from reports.models import Report
from subscriptions.models import Segment
from subscriptions.people_actions.models import PeopleAction, PeopleSlice
from tests.contacts import traces
from tests.contacts.traces import EMAIL, HOLDS_NOTHING, NAME, WORDS
from tests.people import member

pytestmark = pytest.mark.django_db
TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.UUIDField)
# What is packed or signed -> what it says.
UNPACKED: dict[type[models.Model], Any] = {
    Message: lambda row: {"body": kept.of(row)},
    Session: lambda row: {"session_data": row.get_decoded()},
    OldSession: lambda row: {"session_data": row.get_decoded()},
}
# Parts of the export that are about the person without a word of theirs.
MOMENT = "exported_at"


@pytest.fixture
def person() -> Contact:
    return traces.leave()


def columns() -> set[str]:
    """Name every column of every model that can hold a text."""
    return {
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models(include_auto_created=True)
        for column in model._meta.concrete_fields
        if isinstance(column, TEXT)
    }


def told() -> set[str]:
    """Name the columns in which a word of the person stands, decrypted and unpacked."""
    return {name for name, value in _values() if any(word in _text(value) for word in WORDS)}


def _values() -> Iterator[tuple[str, Any]]:
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.all():
            said = {column.name: getattr(row, column.attname) for column in model._meta.concrete_fields}
            for name, value in (said | UNPACKED.get(model, lambda _row: {})(row)).items():
                yield f"{model._meta.label}.{name}", value


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str).casefold()


def tables() -> list[str]:
    """Name the tables of the database, ours or not, in which a word of the person stands as it is."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            said = repr(cursor.fetchall()).casefold()
            found += [table for word in WORDS if word in said]
    return found


def files() -> list[Path]:
    """Name the files below DATA_DIR in which a word of the person stands; the database itself was looked at above."""
    every = (path for path in Path(settings.DATA_DIR).rglob("*") if path.is_file() and "sqlite3" not in path.name)
    return [path for path in every if any(word.encode() in path.read_bytes().lower() for word in WORDS)]


def test_every_column_of_text_is_filled_or_said_to_hold_nothing_of_people(person: Contact) -> None:
    filled = told()
    assert columns() - filled - HOLDS_NOTHING.keys() == set(), "fill it in tests/contacts/traces.py, or say why not"
    assert HOLDS_NOTHING.keys() - columns() == set(), "there is no such column"
    assert HOLDS_NOTHING.keys() & filled == set()


def test_nothing_is_left_anywhere(person: Contact) -> None:
    browser = Client()
    browser.force_login(member("Administrator"))
    mail = Message.objects.exclude(mailing=None).get()
    keeping._spool.write(
        Hit(message=mail.number, kind=CLICKED, target=f"https://shop.example/?{EMAIL}", at=time.time())
    )
    assert files() != []
    browser.get(reverse("admin:contact_data", args=[person.pk]))
    answer = browser.post(reverse("admin:contact_erase", args=[person.pk]), {"typed": EMAIL})
    assert answer.status_code == 302
    keeping.drain()  # as the web does each second
    assert told() == set()
    assert tables() == []
    assert files() == []
    assert {one.action for one in Entry.objects.all()} >= {"person.exported", "person.erased"}
    assert Contact.objects.get().first_name == "Bob"


def test_conditions_that_named_them_mean_what_they_meant(person: Contact) -> None:
    privacy.erase(person)
    for tree in (
        Segment.objects.get().tree,
        Report.objects.get().definition["filter"],
        PeopleAction.objects.get().tree,
    ):
        assert tree["all"][0]["value"] == [NOBODY, "bob@example.com"]


def test_texts_that_happen_to_name_them_stay(person: Contact) -> None:
    """The sender's own address may be a contact too, and a campaign may name it."""
    from automations.models import Campaign, Sender

    Sender.objects.create(pk=Sender.ONLY, email=EMAIL, reply_to=EMAIL)
    Campaign.objects.update(draft={"body": f"Write to {EMAIL}"})
    privacy.erase(person)
    assert Sender.objects.get().email == EMAIL
    assert EMAIL in Campaign.objects.get().draft["body"]


def test_the_export_says_all_that_is_erased(person: Contact) -> None:
    """Each place whose row was the person's own is in the file that they are given."""
    export = privacy.export(person)
    parts = {name: _text(part) for name, part in export.items() if name != MOMENT}
    for name in ("contact", "former_contacts", "confirmations", "suppressed", "rows_of_files", "changes_of_lists"):
        assert any(word in parts[name] for word in WORDS), name
    for name in (
        "lists",
        "recurring_payments",
        "store_customers",
        "events",
        "rows_to_come",
        "automations",
        "campaigns",
    ):
        assert any(word in parts[name] for word in WORDS), name
    assert set(HELD_IN.values()) <= parts.keys()


# every table whose rows belong to one person, by a key of theirs -> the part of the export that tells of it
HELD_IN = {
    "contacts.Contact_tags": "tags",
    "contacts.FormerContact": "former_contacts",
    "contacts.Standing": "lists",
    "contacts.Confirmation": "confirmations",
    "contacts.Consent": "changes_of_lists",
    "subscriptions.StoreCustomer": "store_customers",
    "subscriptions.RecurringPayment": "recurring_payments",
    "automations.Enrolment": "automations",
    "automations.Message": "campaigns",
    "automations.Occurrence": "occurrences",
    "reports.Movement": "movements_of_revenue",
    "reports.Episode": "times_of_payments",
}


def test_every_table_that_points_at_people_is_in_the_export() -> None:
    pointing = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for column in model._meta.concrete_fields
        if column.is_relation and column.related_model is Contact
    }
    assert pointing == HELD_IN.keys()


def test_an_export_that_others_are_in_keeps_them(person: Contact) -> None:
    bob = Contact.objects.get(first_name="Bob")
    part = PeopleSlice.objects.get()
    part.people, part.text = [*part.people, bob.pk], f"{part.text}{bob.pk},bob@example.com,Bob\r\n"
    part.save()
    privacy.erase(person)
    part.refresh_from_db()
    assert (part.people, part.text) == ([bob.pk], f"{bob.pk},bob@example.com,Bob\r\n")
    assert NAME not in part.text


def test_deleting_somebody_leaves_no_name_in_the_log_of_the_admin(db: None) -> None:
    browser = Client()
    browser.force_login(member("Manager"))
    ada = Contact.objects.create(first_name=NAME, email=EMAIL, email_key=EMAIL.casefold())
    page = reverse("admin:contacts_contact_change", args=[ada.pk])
    browser.post(page, {"first_name": NAME, "last_name": "Serinus", "email": EMAIL})
    assert "admin.LogEntry.object_repr" in told()
    assert browser.post(reverse("admin:contacts_contact_delete", args=[ada.pk]), {"post": "yes"}).status_code == 302
    assert told() == set()
