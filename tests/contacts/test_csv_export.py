"""A list as a file for a spreadsheet: what the list shows, all of it, and nothing that runs."""

import csv
import io
import re

import pytest
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from config.audit.csv_export import neutral
from contacts.models import MARKETER, Contact, ContactList, Tag
from contacts.services import subscribe, unsubscribe
from tests.people import allowed, member
from tests.statements import statements

pytestmark = pytest.mark.django_db
EXPORT = "admin:contacts_contact_export"


def _person(email, **known):
    return Contact.objects.create(email=email, email_key=email.casefold(), **known)


def _text(answer):
    return b"".join(answer.streaming_content).decode()


def _rows(client, **asked):
    """Fetch the export and read it as a spreadsheet does."""
    answer = client.get(reverse(EXPORT), asked)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(_text(answer).removeprefix("\ufeff"), newline="")))


# ---- the whole list


def test_the_export_is_a_file_that_is_sent_while_it_is_written(admin):
    answer = admin.get(reverse(EXPORT))
    assert isinstance(answer, StreamingHttpResponse)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="contacts.csv"'
    assert _text(answer).startswith("\ufeffE-mail,")


def test_every_person_is_a_row_newest_first(admin):
    tags = [Tag.objects.create(name=name) for name in ("trial", "vip")]
    ada = _person("ada@example.com", first_name="Ada", last_name="Lovelace", phone="06 12", company="Engines, Ltd")
    ada.tags.set(tags)
    bob = _person("bob@example.com")
    for name in ("Letter", "Sales", "Left"):
        subscribe([ada.pk], ContactList.objects.create(name=name).pk, source="Shop")
    unsubscribe([ada.pk], ContactList.objects.get(name="Left").pk, source=MARKETER)
    known = ["ada@example.com", "Ada", "Lovelace", "06 12", "Engines, Ltd", "trial, vip", "Letter, Sales"]
    assert _rows(admin) == [
        ["E-mail", "First name", "Last name", "Phone", "Company", "Tags", "Lists", "Created"],
        ["bob@example.com", "", "", "", "", "", "", bob.created_at.isoformat()],
        [*known, ada.created_at.isoformat()],
    ]


def test_more_than_a_page_of_the_list_is_exported_with_few_statements(admin):
    tag = Tag.objects.create(name="vip")
    tag.contacts.set(Contact.objects.bulk_create(Contact(first_name=f"P{n}") for n in range(1200)))
    with statements() as found:
        rows = _rows(admin)
    assert len(rows) == 1201
    assert {row[5] for row in rows[1:]} == {"vip"}
    assert len(found) < 20


@pytest.mark.parametrize("text", ["Élodie Œuvré", "王小明", "Ада", "👩‍🚀", 'a "quoted", word', "two\nlines"])
def test_any_writing_arrives_as_it_is(admin, text):
    _person("ada@example.com", first_name=text)
    assert _rows(admin)[1][1] == text


def test_the_columns_speak_the_reader_s_language(admin):
    with translation.override("fr"):
        admin.cookies["django_language"] = "fr"
        assert _rows(admin)[0][:3] == ["E-mail", "Prénom", "Nom de famille"]


# ---- as the list is searched and filtered


def test_search_and_filters_of_the_list_are_honoured(admin):
    vip = Tag.objects.create(name="vip")
    for email in ("ada@example.com", "adam@example.com", "bob@example.com"):
        _person(email)
    vip.contacts.set(Contact.objects.exclude(email="adam@example.com"))
    assert [row[0] for row in _rows(admin, q="ada")[1:]] == ["adam@example.com", "ada@example.com"]
    assert [row[0] for row in _rows(admin, q="ada", tags__id__exact=vip.pk)[1:]] == ["ada@example.com"]
    assert [row[0] for row in _rows(admin, q="nobody")[1:]] == []


def test_the_order_of_the_list_is_honoured(admin):
    for email in ("bob@example.com", "ada@example.com", "cy@example.com"):
        _person(email)
    assert [row[0] for row in _rows(admin, o="2")[1:]] == ["ada@example.com", "bob@example.com", "cy@example.com"]


def test_the_list_leads_to_its_export_with_what_is_asked(admin):
    page = admin.get(reverse("admin:contacts_contact_changelist"), {"q": "a&b"}).content.decode()
    assert f'href="{reverse(EXPORT)}?q=a%26b"' in page


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"tags__id__exact": "x"}, 404),
        ({"created_at__gte": "yesterday"}, 404),
        ({"password": "x"}, 404),
        ({"recurring_payments__name__startswith": "a"}, 400),
        ({"p": "x"}, 200),
        ({"o": "x.y"}, 200),
    ],
)
def test_an_address_that_asks_for_nonsense_is_no_failure(admin, asked, status):
    Tag.objects.bulk_create([Tag(name="vip"), Tag(name="trial")])
    assert admin.get(reverse(EXPORT), asked).status_code == status


# ---- nothing that runs


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('=HYPERLINK("http://evil.example")', '\'=HYPERLINK("http://evil.example")'),
        ("+SUM(A1:A9)", "'+SUM(A1:A9)"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("-", "'-"),
        ("-inf", "'-inf"),
        ("-1e5", "'-1e5"),
        ("-12.5000", "-12.5000"),
        (-3, "-3"),
        ("+33612", "+33612"),
        ("0", "0"),
        ("a=b", "a=b"),
        ("", ""),
        (None, ""),
        (True, "True"),
    ],
)
def test_a_value_is_written_so_that_no_spreadsheet_runs_it(value, written):
    assert neutral(value) == written


@given(st.text("=+-@\t\r\n 1.x", max_size=6))
def test_nothing_but_a_number_begins_like_a_formula(text):
    written = neutral(text)
    assert re.match(r"[^=+\-@\t\r\n]|$|[+-]\d+(\.\d+)?\Z", written)
    assert written.removeprefix("'") == text.removeprefix("'")


def test_formulas_in_any_column_arrive_as_text(admin):
    formula = '=cmd|"/C calc"!A0'
    Contact.objects.create(email=formula, first_name=formula, last_name=formula, phone=formula, company=formula)
    Tag.objects.create(name=formula).contacts.set(Contact.objects.all())
    assert _rows(admin)[1][:6] == [f"'{formula}"] * 6


# ---- who may


@pytest.mark.parametrize("role", ["Marketer", "Administrator"])
def test_whoever_sees_the_list_may_take_it_along(client, role):
    client.force_login(member(role))
    assert len(_rows(client)) == 1


def test_a_viewer_takes_nothing_along_and_is_not_offered_it(client):
    client.force_login(member("Viewer"))
    assert client.get(reverse(EXPORT)).status_code == 403
    assert "data-export-csv" not in client.get(reverse("admin:contacts_contact_changelist")).content.decode()


def test_whoever_may_not_see_the_list_may_not_take_it_along(client):
    assert client.get(reverse(EXPORT)).url.startswith(reverse("admin:login"))
    client.force_login(allowed("add_contact", "view_recurringpayment"))
    assert client.get(reverse(EXPORT)).status_code == 403
