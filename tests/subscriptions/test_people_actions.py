"""What is done to all people of a segment: each once, whoever is killed on the way."""

import csv
import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from contacts import merging
from contacts.models import Contact, ContactList, Standing, Tag
from contacts.services import email_key
from subscriptions.models import PeopleAction, Store
from subscriptions.people_actions import downloads, starting, work
from tests.subscriptions.reports import report, tell

EVERYBODY = {"all": []}
UNTAGGED = {"tag": "vip", "op": "has_not"}


def crowd(number: int) -> None:
    mails = [f"p{one}@example.com" for one in range(number)]
    Contact.objects.bulk_create(Contact(email=mail, email_key=email_key(mail), first_name="=1+1") for mail in mails)


def done(tree: Any, kind: str, **what: Any) -> PeopleAction:
    """Start an action and do it to the end."""
    action = starting.start(tree, kind=kind, **what)
    work.run(action.pk)
    action.refresh_from_db()
    return action


@pytest.mark.django_db
def test_all_who_match_are_tagged_though_they_match_no_longer_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "SLICE", 4)
    crowd(10)
    Contact.objects.order_by("pk")[0].tags.add(Tag.objects.create(name="VIP"))
    action = done(UNTAGGED, "tag", tag="vip")
    assert (action.state, action.size, action.done, action.changed) == ("finished", 9, 9, 9)
    assert Contact.objects.filter(tags__name="VIP").count() == 10
    again = done(EVERYBODY, "tag", tag="Vip")
    assert (again.done, again.changed) == (10, 0)
    gone = done(EVERYBODY, "untag", tag="vIP")
    assert (gone.changed, Contact.objects.filter(tags__name="VIP").count()) == (10, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["Shop", "marketer"])
def test_people_are_subscribed_but_nobody_who_is_unsubscribed(source: str) -> None:
    crowd(3)
    letter, [one, two, _three] = ContactList.objects.create(name="Letter"), Contact.objects.order_by("pk")
    said = {"contact_list": letter, "source": source, "changed_at": one.created_at}
    Standing.objects.create(contact=one, state="unsubscribed", **said)
    Standing.objects.create(contact=two, state="subscribed", **said)
    action = done(EVERYBODY, "subscribe", contact_list=letter)
    assert (action.done, action.changed) == (3, 1)
    assert Standing.objects.get(contact=one).state == "unsubscribed"
    assert done(EVERYBODY, "unsubscribe", contact_list=letter).changed == 2


@pytest.mark.django_db
def test_an_export_has_a_line_a_person_with_the_widgets_fields_and_no_formula(store: Store) -> None:
    crowd(2)
    for sub, status, day in (("s1", "paused", "2025-01-01"), ("s2", "active", "2026-01-01")):
        created = f"{day}T00:00:00Z"
        tell(store, report(sub, email="ada@example.com", status=status, name=sub, store_created_date=created))
    with translation.override("fr"):
        action = done(EVERYBODY, "export")
    head, *lines = list(csv.reader(StringIO("".join(downloads.text(action)).removeprefix("\ufeff"))))
    assert head[:3] == ["ID", "E-mail", "Prénom"]
    assert head[6:8] == ["Statut du paiement récurrent", "Nom"]
    assert [line[2] for line in lines] == ["'=1+1", "'=1+1", ""]
    assert lines[2][6:8] == ["Actif", "s2"]


@pytest.mark.django_db
def test_an_erased_person_is_in_no_export_any_more(store: Store) -> None:
    from contacts.privacy import erase

    crowd(2)
    action = done(EVERYBODY, "export")
    erase(Contact.objects.order_by("pk")[0])
    text = "".join(downloads.text(action))
    assert ("p0@example.com" in text, "p1@example.com" in text) == (False, True)


@pytest.mark.django_db
def test_who_is_merged_meanwhile_is_done_to_and_in_no_export_once_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    from contacts.privacy import erase

    monkeypatch.setattr(work, "SLICE", 1)
    crowd(3)
    first, other, kept = Contact.objects.order_by("pk")
    export = done(EVERYBODY, "export")
    tree = {"contact": "email", "op": "is_any_of", "value": [first.email, other.email]}
    action = starting.start(tree, kind="tag", tag="vip")
    work.run(action.pk, seconds=0)
    merging.merge(kept.pk, other.pk)
    assert set(Tag.objects.get().contacts.all()) == {first}
    work.run(action.pk)
    assert set(Tag.objects.get().contacts.all()) == {first, kept}
    erase(kept)
    text = "".join(downloads.text(export))
    assert [f"p{n}@example.com" in text for n in range(3)] == [True, False, False]


@pytest.mark.django_db
def test_an_action_that_was_cancelled_does_nothing_more() -> None:
    crowd(2)
    action = starting.start(EVERYBODY, kind="tag", tag="vip")
    work.cancel(action)
    work.run(action.pk)
    action.refresh_from_db()
    assert (action.state, action.done) == ("cancelled", 0)
    assert not Contact.objects.filter(tags__name="vip").exists()


@pytest.mark.django_db
def test_without_any_worker_a_command_does_it() -> None:
    crowd(2)
    starting.start(EVERYBODY, kind="tag", tag="vip")
    call_command("drain", stdout=StringIO())
    assert Contact.objects.filter(tags__name="vip").count() == 2


@pytest.mark.django_db
def test_a_list_that_is_gone_takes_its_actions_along() -> None:
    crowd(1)
    letter = ContactList.objects.create(name="Letter")
    action = starting.start(EVERYBODY, kind="subscribe", contact_list=letter)
    letter.delete()
    work.run(action.pk)
    assert not PeopleAction.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "what", "path"),
    [("tag", {}, "tag"), ("tag", {"tag": "x" * 101}, "tag"), ("subscribe", {}, "contact_list"), ("sing", {}, "kind")],
)
def test_what_cannot_be_done_is_said(kind: str, what: Any, path: str) -> None:
    with pytest.raises(starting.NotPossible) as caught:
        starting.start(EVERYBODY, kind=kind, **what)
    assert set(caught.value.errors) == {path}
    assert not PeopleAction.objects.exists()


_WORKER = """
import os, django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = os.environ["TEST_NAME"]
from subscriptions.people_actions import kinds, work
work.SLICE = 5
apply = kinds.apply
def slowly(action, part):
    print("slice", flush=True)
    changed = apply(action, part)
    import time; time.sleep(0.3)
    return changed
kinds.apply = slowly
work.run(int(os.environ["ACTION"]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_its_slice_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(40)
    action = starting.start(EVERYBODY, kind="tag", tag="vip")
    known = os.environ | {"TEST_NAME": str(connection.settings_dict["NAME"]), "ACTION": str(action.pk)}
    worker = subprocess.Popen(
        [sys.executable, "-c", _WORKER], env=known, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True
    )
    assert worker.stdout
    for _ in range(3):
        assert worker.stdout.readline() == "slice\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    action.refresh_from_db()
    assert 0 < action.done < 40
    PeopleAction.objects.update(claimed_until=action.started_at)  # as if its time were over
    assert work.abandoned() == [action.pk]
    work.run(action.pk)
    action.refresh_from_db()
    assert (action.state, action.done, action.changed) == ("finished", 40, 40)
    assert Contact.objects.filter(tags__name="vip").count() == 40
