"""Two contacts that are one person: what stays, what moves, what leads to them, and the pages on which it is done."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from config.audit.models import Entry
from contacts import merging, privacy, searching
from contacts.models import Contact, ContactList, FormerContact, Standing, Tag
from contacts.services import Profile, emails_of, find_by_email, upsert_contacts
from tests.contacts.importing.files import imported
from tests.html import read
from tests.people import member

pytestmark = pytest.mark.django_db
NASTY = "<img src=x onerror=alert(1)>"


def _person(email="", **known):
    return Contact.objects.create(email=email, email_key=email.casefold() or None, **known)


@pytest.fixture
def ada():
    return _person("Ada@Example.com", first_name="Ada", company="Engines")


@pytest.fixture
def countess():
    return _person("countess@example.com", first_name="Augusta", last_name="Lovelace", phone="06")


@pytest.fixture
def marketer(client):
    client.force_login(member("Marketer"))
    return client


# ---- what stays


def test_blanks_are_filled_and_what_is_known_stays(ada, countess):
    merged = merging.merge(ada.pk, countess.pk)
    merged.refresh_from_db()
    assert (merged.first_name, merged.last_name, merged.phone, merged.company) == ("Ada", "Lovelace", "06", "Engines")
    assert (merged.email, Contact.objects.count()) == ("Ada@Example.com", 1)


def test_the_chosen_fields_are_taken_from_the_other(ada, countess):
    merged = merging.merge(ada.pk, countess.pk, taken=["first_name", "email", "company"])
    merged.refresh_from_db()
    assert (merged.first_name, merged.company) == ("Augusta", "Engines")
    assert (merged.email, merged.email_key) == ("countess@example.com", "countess@example.com")
    assert emails_of(merged) == ["countess@example.com", "Ada@Example.com"]


def test_who_has_no_e_mail_takes_that_of_the_other(countess):
    nobody = _person(first_name="Ada")
    merged = merging.merge(nobody.pk, countess.pk)
    assert (merged.email_key, FormerContact.objects.get().email_key) == ("countess@example.com", None)


def test_they_are_known_since_the_first_of_the_two(ada, countess):
    long_ago = timezone.now() - timedelta(days=900)
    Contact.objects.filter(pk=countess.pk).update(created_at=long_ago)
    assert merging.merge(ada.pk, countess.pk).created_at == long_ago


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_who_is_gone_is_not_merged(ada, countess, order):
    first, second = [(ada, countess)[place].pk for place in order]
    merging.merge(first, second)
    for pair in ((first, second), (second, first), (first, first)):
        with pytest.raises(merging.Gone):
            merging.merge(*pair)
    assert Contact.objects.count() == 1


# ---- what moves


def test_tags_of_both_are_kept(ada, countess):
    vip, old = Tag.objects.create(name="vip"), Tag.objects.create(name="old")
    ada.tags.add(vip)
    countess.tags.add(vip, old)
    assert set(merging.merge(ada.pk, countess.pk).tags.all()) == {vip, old}


@pytest.mark.parametrize(
    ("mine", "theirs", "stays"),
    [
        (("subscribed", 2), ("unsubscribed", 5), ("unsubscribed", 5)),
        (("unsubscribed", 5), ("subscribed", 2), ("unsubscribed", 5)),
        (("subscribed", 5), ("subscribed", 2), ("subscribed", 2)),
        (("unsubscribed", 2), ("unsubscribed", 5), ("unsubscribed", 2)),
        (("unconfirmed", 2), ("subscribed", 5), ("unconfirmed", 2)),
        (("unconfirmed", 2), ("bounced", 5), ("bounced", 5)),
        (("bounced", 2), ("unsubscribed", 5), ("unsubscribed", 5)),
        (None, ("subscribed", 2), ("subscribed", 2)),
        (("subscribed", 2), None, ("subscribed", 2)),
    ],
)
def test_of_two_standings_the_more_restrictive_stays_and_of_two_alike_the_later(ada, countess, mine, theirs, stays):
    letter, now = ContactList.objects.create(name="Letter"), timezone.now()
    for contact, told in ((ada, mine), (countess, theirs)):
        if told:
            since = now - timedelta(days=told[1])
            Standing.objects.create(
                contact=contact, contact_list=letter, state=told[0], source=f"{told[1]}", changed_at=since
            )
    merged = merging.merge(ada.pk, countess.pk)
    standing = merged.standings.get()
    assert (standing.state, standing.source) == (stays[0], str(stays[1]))
    assert standing.changed_at == now - timedelta(days=stays[1])


def test_the_history_of_the_other_s_page_moves_along(ada, countess):
    kind = ContentType.objects.get_for_model(Contact)
    entry = LogEntry.objects.create(
        user_id=member("Manager").pk, content_type=kind, object_id=str(countess.pk), object_repr="x", action_flag=2
    )
    merging.merge(ada.pk, countess.pk)
    entry.refresh_from_db()
    assert entry.object_id == str(ada.pk)


def test_an_app_that_does_not_move_what_it_holds_stops_the_merge(ada, countess, monkeypatch):
    letter = ContactList.objects.create(name="Letter")
    countess.standings.create(contact_list=letter, state="subscribed", source="x", changed_at=timezone.now())
    monkeypatch.setattr(merging, "_move_standings", lambda *_: None)
    with pytest.raises(RuntimeError, match=r"contacts\.Standing is not moved"):
        merging.merge(ada.pk, countess.pk)
    assert Contact.objects.count() == 2


# ---- what leads to them


def test_news_for_the_old_e_mail_finds_the_merged_person(ada, countess):
    merging.merge(ada.pk, countess.pk)
    found = upsert_contacts([Profile(email="COUNTESS@example.com", phone="07"), Profile(email="ada@example.com")])
    assert {contact.pk for contact in found.values()} == {ada.pk}
    assert not found["countess@example.com"].is_newcomer
    imported("email,last name\ncountess@example.com,King\nada@example.com,King\n", overwrites=True)
    ada.refresh_from_db()
    assert (Contact.objects.count(), ada.last_name, ada.phone) == (1, "King", "06")


def test_whoever_looks_for_the_old_e_mail_finds_the_merged_person(ada, countess):
    merging.merge(ada.pk, countess.pk)
    assert list(searching.people("Countess@example.com")) == [ada]
    assert list(searching.people("ada@example.com")) == [ada]


def test_news_for_both_e_mails_at_once_fill_one_person(ada, countess):
    Contact.objects.filter(pk=countess.pk).update(last_name="", phone="")
    merging.merge(ada.pk, countess.pk)
    upsert_contacts([Profile(email=ada.email, phone="07"), Profile(email=countess.email, last_name="King")])
    ada.refresh_from_db()
    assert (ada.phone, ada.last_name) == ("07", "King")


def test_a_chain_of_merges_leads_to_the_last(ada, countess):
    king = _person("king@example.com")
    merging.merge(countess.pk, king.pk)
    merging.merge(ada.pk, countess.pk)
    assert find_by_email(["king@example.com"])["king@example.com"] == ada
    assert {merging.follow(king.pk), merging.follow(countess.pk)} == {ada}
    assert merging.follow(ada.pk) is None


def test_a_person_who_takes_an_old_e_mail_back_can_be_merged_again(ada, countess):
    merging.merge(ada.pk, countess.pk)
    Contact.objects.filter(pk=ada.pk).update(email="countess@example.com", email_key="countess@example.com")
    third = _person("third@example.com")
    merged = merging.merge(third.pk, ada.pk)
    assert set(emails_of(merged)) == {"third@example.com", "countess@example.com"}
    assert find_by_email(["countess@example.com"])["countess@example.com"] == third


def test_an_erased_person_leaves_no_old_e_mail(ada, countess):
    merging.merge(ada.pk, countess.pk)
    assert privacy.export(ada)["former_contacts"][0]["email"] == "countess@example.com"
    privacy.erase(Contact.objects.get())
    assert not FormerContact.objects.exists()


def test_nobody_else_is_given_an_old_e_mail(marketer, ada, countess):
    merging.merge(ada.pk, countess.pk)
    answer = marketer.post(reverse("admin:contacts_contact_add"), {"email": "Countess@example.com"})
    assert "has this e-mail already" in answer.content.decode()
    assert Contact.objects.count() == 1


# ---- the pages


def _merge(client, contact, **told):
    return client.post(reverse("admin:contact_merge", args=[contact.pk]), told)


def test_the_other_is_found_by_words_of_name_and_e_mail(marketer, ada, countess):
    address = reverse("admin:contact_merge", args=[ada.pk])
    page = read(marketer.get(address, {"q": "lovelace countess@"}).content)
    assert page.one(data_found=None).one("a").attributes["href"] == f"?with={countess.pk}"
    assert "Nobody else is found." in marketer.get(address, {"q": "Ada Engines"}).content.decode()


@pytest.mark.parametrize("words", ["\0", "%", "_", "x " * 500, "'\""])
def test_odd_words_find_nobody(marketer, ada, countess, words):
    answer = marketer.get(reverse("admin:contact_merge", args=[ada.pk]), {"q": words})
    assert answer.status_code == 200


def test_both_stand_side_by_side_and_what_differs_is_chosen(marketer, ada, countess):
    page = read(marketer.get(reverse("admin:contact_merge", args=[ada.pk]), {"with": countess.pk}).content)
    assert {one.attributes["name"] for one in page.every("input", type="radio")} == {"email", "first_name"}
    answer = _merge(marketer, ada, **{"with": countess.pk}, first_name="other", email="mine", confirmed="on")
    assert answer.url == reverse("admin:contacts_contact_change", args=[ada.pk])
    ada.refresh_from_db()
    assert (ada.first_name, ada.email) == ("Augusta", "Ada@Example.com")
    assert Entry.objects.all()[0].sentence == (f"marketer merged contact no. {countess.pk} into contact no. {ada.pk}")


def test_without_the_confirmation_nothing_happens(marketer, ada, countess):
    assert _merge(marketer, ada, **{"with": countess.pk}).status_code == 422
    assert Contact.objects.count() == 2


@pytest.mark.parametrize("other", ["", "x", "0", "9" * 30, "self"])
def test_who_is_nobody_else_is_not_merged(marketer, ada, countess, other):
    chosen = ada.pk if other == "self" else other
    assert _merge(marketer, ada, **{"with": chosen}, confirmed="on").status_code == 422
    assert Contact.objects.count() == 2


def test_a_second_click_leads_to_the_person_and_is_no_second_merge(marketer, ada, countess):
    for _ in range(2):
        _merge(marketer, ada, **{"with": countess.pk}, confirmed="on")
    answer = _merge(marketer, countess, **{"with": ada.pk}, confirmed="on")
    assert answer.url == reverse("admin:contacts_contact_change", args=[ada.pk])
    assert Entry.objects.filter(action="person.merged").count() == 1


def test_the_old_address_leads_to_the_person(marketer, ada, countess):
    merging.merge(ada.pk, countess.pk)
    answer = marketer.get(reverse("admin:contacts_contact_change", args=[countess.pk]), {"payment": "7"})
    assert answer.url == f"{reverse('admin:contacts_contact_change', args=[ada.pk])}?payment=7"
    for unknown in ("999", "x", "9" * 40):
        assert marketer.get(f"/admin/contacts/contact/{unknown}/change/").url == reverse("admin:index")


def test_what_people_are_called_is_shown_and_not_run(marketer, ada):
    other = _person("x@example.com", first_name=NASTY, company=NASTY)
    for asked in ({"q": "img"}, {"with": other.pk}):
        page = marketer.get(reverse("admin:contact_merge", args=[ada.pk]), asked).content.decode()
        assert "<img src=x" not in page


def test_a_viewer_merges_nobody_and_is_not_offered_it(client, ada, countess):
    client.force_login(member("Viewer"))
    address = reverse("admin:contact_merge", args=[ada.pk])
    assert client.get(address).status_code == 403
    assert _merge(client, ada, **{"with": countess.pk}, confirmed="on").status_code == 403
    assert address not in client.get(reverse("admin:contacts_contact_change", args=[ada.pk])).content.decode()
    assert Contact.objects.count() == 2
