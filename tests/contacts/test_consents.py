"""The history of standings: every change, by whom and by which way, kept as it was."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts import confirming, merging, privacy
from contacts.models import IMPORT, MARKETER, PERSON, Confirmation, Consent, Contact, ContactList, Standing
from contacts.services import bounce, confirm, leave, subscribe, unsubscribe
from tests.contacts.importing.files import imported
from tests.people import member

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
# Where standings may be written: by the verbs that also write their history, and by what makes one contact of two.
WRITERS = {"contacts/services.py", "contacts/merging.py"}


@pytest.fixture
def letter() -> ContactList:
    return ContactList.objects.create(name="Letter")


@pytest.fixture
def ada() -> Contact:
    return Contact.objects.create(email="ada@example.com", email_key="ada@example.com")


def history(contact: Contact) -> list[tuple[str, str, str, str]]:
    return list(Consent.objects.filter(contact=contact).values_list("state", "source", "way", "by"))


# verb -> what it does to two people and a list
VERBS = {
    "marketer": lambda people, one: subscribe(people, one, source=MARKETER),
    "store": lambda people, one: subscribe(people, one, source="Shop", overrules=False),
    "file": lambda people, one: subscribe(people[:1], one, source=IMPORT, overrules=False),
    "confirm": lambda people, one: confirm(people, one, source=PERSON),
    "bounce": lambda people, one: bounce(people[0]),
    "leave": lambda people, one: leave(people[1], source=PERSON),
    "unsubscribe": lambda people, one: unsubscribe(people, one, source="Shop", overrules=False),
}


@settings(max_examples=40, deadline=None)
@given(verbs=st.lists(st.sampled_from(sorted(VERBS)), max_size=8), asks=st.booleans())
def test_the_last_change_is_how_somebody_stands_and_each_change_is_one(verbs: list[str], asks: bool) -> None:
    with transaction.atomic():
        one = ContactList.objects.create(name="Any", double_opt_in=asks)
        people = [Contact.objects.create(first_name=name).pk for name in "ab"]
        states: dict[int, list[tuple[str, str]]] = {pk: [] for pk in people}
        for verb in verbs:
            VERBS[verb](people, one.pk)
            for standing in Standing.objects.all():
                now = (standing.state, standing.source, standing.changed_at)
                states[standing.contact_id] += [now] if states[standing.contact_id][-1:] != [now] else []
        for pk in people:
            assert list(Consent.objects.filter(contact=pk).values_list("state", "source", "at")) == states[pk]
        transaction.set_rollback(True)


def test_by_which_way_it_came_is_told(ada, letter) -> None:
    subscribe([ada.pk], letter.pk, source="Shop")
    bounce(ada.pk)
    confirm([ada.pk], letter.pk, source=MARKETER, reason="By telephone", by="grace")
    leave(ada.pk, source=PERSON, way="one_click")
    assert history(ada) == [
        ("subscribed", "Shop", "store", ""),
        ("bounced", "mail server", "refusal", ""),
        ("subscribed", "marketer", "page", "grace"),
        ("unsubscribed", "person", "one_click", ""),
    ]


def test_a_yes_by_the_link_of_the_e_mail_is_told_as_that(ada, letter) -> None:
    ContactList.objects.update(double_opt_in=True)
    subscribe([ada.pk], letter.pk, source="Shop")
    Confirmation.objects.update(email=ada.email)
    assert confirming.accept(Confirmation.objects.get())
    assert [(state, way) for state, _, way, _ in history(ada)] == [
        ("unconfirmed", "store"),
        ("subscribed", "confirm_link"),
    ]


def test_a_file_is_told_by_its_number(letter) -> None:
    one = imported("email\nbob@example.com\n", contact_list=letter)
    [told] = history(Contact.objects.get())
    assert told == ("subscribed", "import", "file", f"#{one.pk}")


def test_what_changes_nothing_is_no_change(ada, letter) -> None:
    for _ in range(2):
        subscribe([ada.pk], letter.pk, source="Shop")
    unsubscribe([ada.pk], letter.pk, source="Boutique", overrules=False)
    assert len(history(ada)) == 1


@pytest.mark.parametrize(
    "change", [{"state": "unsubscribed"}, {"source": "x"}, {"at": datetime(2020, 1, 1, tzinfo=UTC)}, {"way": "page"}]
)
def test_the_database_refuses_to_change_what_was(ada, letter, change) -> None:
    subscribe([ada.pk], letter.pk, source="Shop")
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Consent.objects.update(**change)


def test_merging_keeps_both_histories_and_says_what_stands_now(ada, letter) -> None:
    other = Contact.objects.create(first_name="Augusta")
    subscribe([ada.pk, other.pk], letter.pk, source="Shop")
    unsubscribe([other.pk], letter.pk, source=MARKETER, by="grace")
    merging.merge(ada.pk, other.pk)
    assert [(state, way) for state, _, way, _ in history(ada)] == [
        ("subscribed", "store"),
        ("subscribed", "store"),
        ("unsubscribed", "page"),
        ("unsubscribed", "merge"),
    ]


def test_it_is_handed_out_and_erased_with_the_person(ada, letter) -> None:
    subscribe([ada.pk], letter.pk, source="Shop")
    [told] = privacy.export(ada)["changes_of_lists"]
    assert (told["list"], told["state"], told["source"], told["way"]) == ("Letter", "subscribed", "Shop", "store")
    privacy.erase(ada)
    assert not Consent.objects.exists()


def test_the_page_of_a_contact_tells_it(ada, letter) -> None:
    client = Client()
    client.force_login(member("Marketer"))
    client.post(reverse("admin:contact_stand", args=[ada.pk]), {"list": letter.pk, "state": "subscribed"})
    page = client.get(reverse("admin:contacts_contact_change", args=[ada.pk])).content.decode()
    assert "a marketer · on the contact’s page (marketer)" in page
    assert history(ada) == [("subscribed", "marketer", "page", "marketer")]
    assert User.objects.get().username == "marketer"


def test_nobody_writes_standings_but_who_writes_their_history() -> None:
    """Each statement in our code that speaks of `Standing`, or of a contact's standings, and of a verb that writes."""
    verbs = {"update", "bulk_create", "bulk_update", "create", "get_or_create", "update_or_create", "delete", "save"}
    found = set()
    for path in (
        path
        for app in ("contacts", "subscriptions", "integrations", "automations", "reports")
        for path in (ROOT / app).rglob("*.py")
    ):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in verbs:
                said = ast.unparse(node.func)
                if "Standing." in said or "standings" in said:
                    found.add(path.relative_to(ROOT).as_posix())
    assert found <= WRITERS


def test_a_database_of_before_is_told_from_what_standings_know(ada, letter) -> None:
    from importlib import import_module

    subscribe([ada.pk], letter.pk, source="Shop")
    Consent.objects.all().delete()
    migration = import_module("contacts.migrations.0010_standings_of_before")
    with connection.cursor() as cursor:
        cursor.execute(migration.WHAT_IS_KNOWN)
    assert history(ada) == [("subscribed", "Shop", "before", "")]
    assert Consent.objects.get().at == Standing.objects.get().changed_at
