"""Lists under a marketer's hands: made, renamed, deleted, and who is on them, on the pages and in the export."""

import pytest
from django.urls import reverse

from contacts.models import MARKETER, Contact, ContactList
from contacts.services import subscribe, unsubscribe
from tests.people import allowed, member
from tests.statements import statements

pytestmark = pytest.mark.django_db
LISTS = "admin:contacts_contactlist_changelist"
ADD = "admin:contacts_contactlist_add"
PEOPLE = "admin:contacts_contact_changelist"
NASTY = '<img src=x onerror="alert(1)">'


@pytest.fixture
def letter():
    return ContactList.objects.create(name="Letter")


@pytest.fixture
def ada():
    return Contact.objects.create(first_name="Ada", email="ada@example.com", email_key="ada@example.com")


def _stand(client, contact, contact_list, state):
    address = reverse("admin:contact_stand", args=[contact.pk])
    return client.post(address, {"list": getattr(contact_list, "pk", contact_list), "state": state}, follow=True)


def _page(client, contact):
    return client.get(reverse("admin:contacts_contact_change", args=[contact.pk])).content.decode()


def _delete(client, contact_list, **sent):
    address = reverse("admin:contacts_contactlist_delete", args=[contact_list.pk])
    return client.post(address, sent) if sent else client.get(address)


# ---- lists


def test_a_marketer_makes_and_renames_a_list(client):
    client.force_login(member("Marketer"))
    client.post(reverse(ADD), {"name": "Letter", "description": "Once a month"})
    made = ContactList.objects.get()
    client.post(reverse("admin:contacts_contactlist_change", args=[made.pk]), {"name": "Post", "description": ""})
    made.refresh_from_db()
    assert (made.name, made.description) == ("Post", "")


@pytest.mark.parametrize("typed", ["letter", " LETTER ", "Letter"])
def test_a_list_that_exists_is_refused_in_words_whatever_its_case(admin, letter, typed):
    answer = admin.post(reverse(ADD), {"name": typed})
    assert answer.context["adminform"].form.errors["name"] == ["The list “Letter” exists already."]


def test_the_number_of_people_is_told_and_leads_to_them(admin, letter, ada):
    bob = Contact.objects.create(first_name="Bob")
    subscribe([ada.pk, bob.pk], letter.pk, source="Shop")
    unsubscribe([bob.pk], letter.pk, source=MARKETER)
    assert f'href="{reverse(PEOPLE)}?list={letter.pk}" aria-label="1 person subscribed">1</a>' in (
        admin.get(reverse(LISTS)).content.decode()
    )
    people = admin.get(reverse(PEOPLE), {"list": letter.pk})
    assert list(people.context["cl"].result_list) == [ada]


@pytest.mark.parametrize(("asked", "found"), [("none", ["Bob"]), ("9" * 30, []), ("x", []), ("0", [])])
def test_the_filter_finds_who_is_on_no_list_and_nobody_for_what_is_no_list(admin, letter, ada, asked, found):
    Contact.objects.create(first_name="Bob")
    subscribe([ada.pk], letter.pk, source=MARKETER)
    people = admin.get(reverse(PEOPLE), {"list": asked})
    assert [str(one) for one in people.context["cl"].result_list] == found


def test_only_an_administrator_deletes_a_list_told_how_many_people_are_on_it(client, letter, ada):
    subscribe([ada.pk], letter.pk, source="Shop")
    client.force_login(member("Marketer"))
    assert _delete(client, letter).status_code == 403
    client.force_login(member("Administrator"))
    assert "Letter – 1 person subscribed" in _delete(client, letter).content.decode()
    assert _delete(client, letter, post="yes").status_code == 302
    assert not ContactList.objects.exists()
    assert Contact.objects.exists()


def test_the_lists_take_the_same_statements_however_many_people(admin, letter):
    counts = []
    for size in (2, 200):
        people = Contact.objects.bulk_create(Contact(first_name=f"P{n}") for n in range(size))
        subscribe([one.pk for one in people], letter.pk, source=MARKETER)
        with statements() as found:
            admin.get(reverse(LISTS))
        counts.append(len(found))
    assert counts[0] == counts[1]


# ---- the contact's page


def test_a_marketer_subscribes_and_unsubscribes_a_person_on_their_page(client, letter, ada):
    client.force_login(member("Marketer"))
    assert "On no list." in _page(client, ada)
    assert "Ada is subscribed to “Letter”." in _stand(client, ada, letter, "subscribed").content.decode()
    assert "by a marketer, " in _page(client, ada)
    _stand(client, ada, letter, "unsubscribed")
    standing = ada.standings.get()
    assert (standing.state, standing.source) == ("unsubscribed", MARKETER)


def test_the_page_says_which_store_subscribed_a_person(admin, letter, ada):
    subscribe([ada.pk], letter.pk, source=NASTY)
    page = _page(admin, ada)
    assert "by &lt;img src=x" in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("chosen", "state"), [("", "subscribed"), ("x", "subscribed"), ("9" * 40, "subscribed"), ("0", "subscribed")]
)
def test_what_is_no_list_is_answered_in_words(admin, letter, ada, chosen, state):
    assert "Choose a list first." in _stand(admin, ada, chosen, state).content.decode()
    assert not ada.standings.exists()


def test_what_is_no_state_changes_nothing(admin, letter, ada):
    assert _stand(admin, ada, letter, "loved").status_code == 200
    assert not ada.standings.exists()


def test_whoever_may_only_look_sees_the_lists_and_changes_none(client, letter, ada):
    subscribe([ada.pk], letter.pk, source="Shop")
    client.force_login(allowed("view_contact", "view_contactlist"))
    page = _page(client, ada)
    assert "by Shop, " in page
    assert "Unsubscribe" not in page
    assert _stand(client, ada, letter, "unsubscribed").status_code == 403
    assert ada.standings.get().state == "subscribed"


def test_whoever_may_not_see_lists_sees_none(client, letter, ada):
    client.force_login(allowed("view_contact"))
    assert "data-lists" not in _page(client, ada)
