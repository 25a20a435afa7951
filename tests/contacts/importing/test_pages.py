"""An import under a marketer's hands: file, columns, preview, progress, cancel, errors; and who may."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config.audit.models import Entry
from contacts.importing import reading, work
from contacts.models import Contact, ContactImport, ContactList, Standing, Tag
from tests.contacts.importing.files import accepted, imported, uploaded
from tests.html import read
from tests.people import member

pytestmark = pytest.mark.django_db
FILE = "email,name\nada@example.com,Ada Lovelace\nnobody,X\n"
NASTY = "<img src=x onerror=alert(1)>"


@pytest.fixture
def marketer(client: Client) -> Client:
    client.force_login(member("Marketer"))
    return client


def _upload(client: Client, text: str | bytes = FILE, name: str = "people.csv") -> Any:
    return client.post(reverse("admin:contact_imports"), {"file": uploaded(text, name)})


def _page(client: Client, made: ContactImport, name: str = "contact_import") -> Any:
    return client.get(reverse(f"admin:{name}", args=[made.pk]))


def _send(client: Client, made: ContactImport, **told: Any) -> Any:
    mapping = {f"column_{place}": key for place, key in enumerate(made.mapping)}
    return client.post(reverse("admin:contact_import", args=[made.pk]), mapping | told)


def _csv(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline="")))


# ---- the way through


def test_a_file_becomes_a_draft_of_which_nothing_is_imported_yet(marketer: Client) -> None:
    answer = _upload(marketer)
    made = ContactImport.objects.get()
    assert answer.url == reverse("admin:contact_import", args=[made.pk])
    assert (made.state, made.size, made.mapping) == ("draft", 2, ["email", "full_name"])
    assert made.made_by.username == "marketer"
    page = read(_page(marketer, made).content)
    assert "people.csv: 2 rows, read as UTF-8 with “,” between the columns." in page.text
    preview = page.one(data_preview=None).text
    assert "ada@example.com" in preview
    assert "Lovelace" in preview
    assert "“nobody” is no e-mail address" in preview
    assert not Contact.objects.exists()


def test_the_preview_follows_the_columns_and_they_are_kept(marketer: Client) -> None:
    made = accepted(FILE)
    page = read(_send(marketer, made, column_1="company", preview="").content)
    assert "Ada Lovelace" in page.one(data_preview=None).text
    made.refresh_from_db()
    assert (made.mapping, made.state) == (["email", "company"], "draft")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"column_0": ""}, "Choose the column with the e-mail"),
        ({"column_1": "email"}, "Two columns are read as the same thing"),
        ({"column_1": "nonsense"}, ""),
        ({"tag": "x" * 101}, ""),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_starts(marketer: Client, told: Any, words: str) -> None:
    made = accepted(FILE)
    answer = _send(marketer, made, start="", **told)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ContactImport.objects.get().state == "draft"


def test_nobody_is_subscribed_without_the_word_that_they_agreed(marketer: Client) -> None:
    made, letter = accepted(FILE), ContactList.objects.create(name="Letter")
    answer = _send(marketer, made, contact_list=letter.pk, start="")
    assert answer.status_code == 422
    assert "Say that they have agreed" in answer.content.decode()
    assert _send(marketer, made, contact_list=letter.pk, consents="on", start="").status_code == 302
    work.run(made.pk)
    assert Standing.objects.get().source == "import"


def test_an_import_runs_with_its_options_and_shows_how_far_it_is(marketer: Client) -> None:
    Tag.objects.create(name="VIP")
    made = accepted(FILE)
    answer = _send(marketer, made, tag="vip", overwrites="on", start="")
    assert answer.url == reverse("admin:contact_import", args=[made.pk])
    made.refresh_from_db()
    assert (made.state, made.tag, made.overwrites) == ("waiting", "VIP", True)
    assert "data-poll" in _page(marketer, made).content.decode()
    work.run(made.pk)
    page = read(_page(marketer, made, "contact_import_progress").content)
    assert "2 of 2 rows" in page.text
    assert "data-goes-on" not in _page(marketer, made, "contact_import_progress").content.decode()
    assert Contact.objects.get().tags.get().name == "VIP"
    assert [entry.sentence for entry in Entry.objects.all()[:1]] == ["marketer imported a file of 2 rows into contacts"]


def test_what_is_running_is_not_mapped_anew(marketer: Client) -> None:
    made = accepted(FILE)
    work.start(made)
    _send(marketer, made, column_1="company", preview="")
    assert ContactImport.objects.get().mapping == ["email", "full_name"]


def test_starting_twice_is_one_import_and_one_entry(marketer: Client) -> None:
    made = accepted(FILE)
    for _ in range(2):
        _send(marketer, made, start="")
    assert Entry.objects.filter(action="import.started").count() == 1


def test_cancelling_stops_it_and_is_recorded_once(marketer: Client) -> None:
    made = accepted(FILE)
    work.start(made)
    for _ in range(2):
        marketer.post(reverse("admin:contact_import_cancel", args=[made.pk]))
    assert ContactImport.objects.get().state == "cancelled"
    assert Entry.objects.filter(action="import.cancelled").count() == 1
    assert "What had been imported stays." in _page(marketer, made).content.decode()


def test_the_rows_with_errors_are_a_file_that_runs_nothing_and_can_be_imported_again(marketer: Client) -> None:
    made = imported('email,=note\n=1+1,"a,b"\nada@example.com,x\n')
    rows = _csv(_page(marketer, made, "contact_import_errors"))
    assert rows == [["Row", "Reason", "email", "'=note"], ["2", "“=1+1” is no e-mail address", "'=1+1", "a,b"]]


def test_without_errors_there_is_no_file_of_them(marketer: Client) -> None:
    made = imported("email\nada@example.com\n")
    assert _page(marketer, made, "contact_import_errors").status_code == 404
    assert "Download the rows with errors" not in _page(marketer, made).content.decode()


# ---- bad files, bad words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04", "This is a spreadsheet."),
        (b"", "There are no people in this file."),
        (b"email,name\n", "There are no people in this file."),
        (bytes(range(256)) * 9, "This file holds no text."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(marketer: Client, content: bytes, words: str) -> None:
    answer = _upload(marketer, content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ContactImport.objects.exists()


def test_a_file_that_is_too_large_is_refused(marketer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 10)
    assert "larger than 50 MB" in _upload(marketer).content.decode()


def test_no_file_at_all_is_said(marketer: Client) -> None:
    assert "Choose a file." in marketer.post(reverse("admin:contact_imports"), {}).content.decode()


def test_what_a_file_holds_is_shown_and_not_run(marketer: Client) -> None:
    _upload(marketer, f"{NASTY},email\n{NASTY},ada@example.com\n", name="<b>x.csv")
    made = ContactImport.objects.get()
    for page in (_page(marketer, made), marketer.get(reverse("admin:contact_imports"))):
        assert "<img src=x" not in page.content.decode()
        assert "<b>x" not in page.content.decode()


@pytest.mark.parametrize("name", ["contact_import", "contact_import_progress", "contact_import_errors"])
def test_an_import_that_is_not_there_is_not_found(marketer: Client, name: str) -> None:
    assert marketer.get(reverse(f"admin:{name}", args=[99])).status_code == 404


# ---- who may


def test_a_viewer_imports_nothing_and_is_not_offered_it(client: Client) -> None:
    made = accepted(FILE)
    client.force_login(member("Viewer"))
    people = client.get(reverse("admin:contacts_contact_changelist"))
    assert reverse("admin:contact_imports") not in people.content.decode()
    answers = [_upload(client), _page(client, made), _send(client, made, start="")]
    assert {answer.status_code for answer in answers} == {403}
    assert ContactImport.objects.get().state == "draft"


def test_a_marketer_is_led_there_from_the_contacts(marketer: Client) -> None:
    page = marketer.get(reverse("admin:contacts_contact_changelist")).content.decode()
    assert f'href="{reverse("admin:contact_imports")}"' in page
