"""People and tags under a marketer's hands: nobody twice, mistakes answered in words, the list found by searching."""

import pytest
from django.urls import reverse

from contacts.models import Contact, Tag
from contacts.services import Profile, upsert_contacts
from tests.people import allowed, member
from tests.statements import statements

pytestmark = pytest.mark.django_db
ADD = "admin:contacts_contact_add"
CHANGE = "admin:contacts_contact_change"
LIST = "admin:contacts_contact_changelist"
NASTY = '<img src=x onerror="alert(1)">'


@pytest.fixture
def ada(db):
    """A contact as a store made it."""
    [made] = upsert_contacts(
        [Profile(email="Ada@Example.com", first_name="Ada", last_name="Lovelace", phone="+33 6 12", company="Engines")]
    ).values()
    return made


def _send(client, address, **fields):
    blank = dict.fromkeys(("first_name", "last_name", "email", "phone", "company"), "")
    return client.post(address, blank | fields)


def _said(answer):
    """The mistakes that a form was sent back with; none where it was taken."""
    return {} if answer.status_code == 302 else answer.context["adminform"].form.errors


# ---- one e-mail, one person


def test_a_contact_can_be_added_and_is_matched_by_its_e_mail_from_then_on(admin):
    assert _said(_send(admin, reverse(ADD), email=" Ada@Example.com ", first_name="Ada")) == {}
    contact = Contact.objects.get()
    assert (contact.email, contact.email_key) == ("Ada@Example.com", "ada@example.com")


def test_two_contacts_without_an_e_mail_can_be_added(admin):
    for name in ("Ada", "Bob"):
        assert _said(_send(admin, reverse(ADD), first_name=name)) == {}
    assert list(Contact.objects.values_list("email_key", flat=True)) == [None, None]


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@EXAMPLE.COM", " Ada@example.com "])
def test_an_e_mail_that_somebody_has_is_refused_in_words_whatever_its_case(admin, ada, email):
    assert _said(_send(admin, reverse(ADD), email=email)) == {"email": ["Ada Lovelace has this e-mail already."]}
    assert Contact.objects.count() == 1


def test_what_is_no_e_mail_is_refused(admin):
    assert "email" in _said(_send(admin, reverse(ADD), email="ada"))


def test_an_e_mail_that_is_changed_by_hand_is_what_stores_find(admin, ada):
    assert _said(_send(admin, reverse(CHANGE, args=[ada.pk]), email="Countess@example.com")) == {}
    ada.refresh_from_db()
    assert ada.email_key == "countess@example.com"
    assert list(upsert_contacts([Profile(email="COUNTESS@example.com")]).values()) == [ada]


def test_a_contact_may_keep_its_e_mail_in_another_case(admin, ada):
    assert _said(_send(admin, reverse(CHANGE, args=[ada.pk]), email="ADA@example.com")) == {}
    ada.refresh_from_db()
    assert (ada.email, ada.email_key) == ("ADA@example.com", "ada@example.com")


def test_an_e_mail_that_is_taken_away_is_free_for_others(admin, ada):
    _send(admin, reverse(CHANGE, args=[ada.pk]), first_name="Ada")
    ada.refresh_from_db()
    assert (ada.email, ada.email_key) == ("", None)
    assert _said(_send(admin, reverse(ADD), email="ada@example.com")) == {}


# ---- tags


@pytest.mark.parametrize(
    ("known", "typed"), [("VIP", "vip"), ("vip", " VIP "), ("Été", "été"), ("straße", "STRASSE"), ("same", "same")]
)
def test_a_tag_that_exists_is_refused_in_words_whatever_its_case(admin, known, typed):
    Tag.objects.create(name=known)
    answer = admin.post(reverse("admin:contacts_tag_add"), {"name": typed})
    assert _said(answer)["name"] == [f"The tag “{known}” exists already."]
    assert Tag.objects.count() == 1


def test_a_tag_may_change_its_own_case(admin):
    tag = Tag.objects.create(name="vip")
    assert admin.post(reverse("admin:contacts_tag_change", args=[tag.pk]), {"name": " VIP "}).status_code == 302
    tag.refresh_from_db()
    assert tag.name == "VIP"


def test_tags_are_put_on_a_person(admin, ada):
    tags = [Tag.objects.create(name=name).pk for name in ("vip", "trial")]
    _send(admin, reverse(CHANGE, args=[ada.pk]), tags=tags)
    assert {tag.name for tag in ada.tags.all()} == {"vip", "trial"}


def test_whoever_may_not_make_tags_cannot(client):
    client.force_login(allowed("view_contact", "view_tag"))
    assert client.post(reverse("admin:contacts_tag_add"), {"name": "vip"}).status_code == 403
    assert not Tag.objects.exists()


# ---- the list


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "ADA@"}, ["Ada Lovelace"]),
        ({"q": "love"}, ["Ada Lovelace"]),
        ({"q": "ada lovelace"}, ["Ada Lovelace"]),
        ({"q": "engines"}, ["Ada Lovelace"]),
        ({"q": "+33 6"}, ["Ada Lovelace"]),
        ({"q": "100%"}, []),
        ({"q": "_"}, []),
        ({"q": "nobody"}, []),
        ({"q": ""}, ["Bob", "Ada Lovelace"]),
        ({"q": "\x00"}, ["Bob", "Ada Lovelace"]),
    ],
)
def test_the_list_is_searched(admin, ada, asked, found):
    Contact.objects.create(first_name="Bob", email="bob@example.com", email_key="bob@example.com")
    answer = admin.get(reverse(LIST), asked)
    assert [str(contact) for contact in answer.context["cl"].result_list] == found


def test_a_whole_e_mail_finds_whose_it_is_and_a_part_of_one_all_who_have_it(admin, ada):
    Contact.objects.create(first_name="Bob", email="b.ada@example.com", email_key="b.ada@example.com")

    def found(asked: str) -> list[str]:
        return [str(contact) for contact in admin.get(reverse(LIST), {"q": asked}).context["cl"].result_list]

    assert found(" ADA@example.com ") == ["Ada Lovelace"]
    assert found("da@example.com") == ["Bob", "Ada Lovelace"]
    assert found("ada@example.com lovelace") == ["Ada Lovelace"]


def test_the_list_is_filtered_by_tag_and_names_nobody_twice(admin, ada):
    vip, other = (Tag.objects.create(name=name) for name in ("vip", "other"))
    ada.tags.set([vip, other])
    Contact.objects.create(first_name="Bob")
    answer = admin.get(reverse(LIST), {"tags__id__exact": vip.pk, "q": "ada"})
    assert list(answer.context["cl"].result_list) == [ada]


def test_the_list_takes_the_same_statements_however_long_it_is(admin, ada):
    counts = []
    for size in (3, 40):
        tag = Tag.objects.create(name=f"of {size}")
        tag.contacts.set(Contact.objects.bulk_create(Contact(first_name=f"P{n}") for n in range(size)))
        with statements() as found:
            admin.get(reverse(LIST))
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_html_in_names_and_tags_stays_text(admin, ada):
    ada.tags.add(Tag.objects.create(name=NASTY))
    Contact.objects.filter(pk=ada.pk).update(first_name=NASTY, last_name=NASTY, company=NASTY, phone=NASTY)
    for address in (reverse(LIST), reverse(CHANGE, args=[ada.pk])):
        page = admin.get(address).content.decode()
        assert "&lt;img src=x" in page
        assert "<img src=x" not in page


# ---- who may


@pytest.mark.parametrize("role", ["Marketer", "Administrator"])
def test_a_role_works_with_people(client, ada, role):
    client.force_login(member(role))
    assert client.get(reverse(LIST)).status_code == 200
    assert _said(_send(client, reverse(CHANGE, args=[ada.pk]), first_name="Countess")) == {}
    ada.refresh_from_db()
    assert ada.first_name == "Countess"


def test_a_marketer_deletes_nobody_and_a_manager_does(client, ada):
    delete = reverse("admin:contacts_contact_delete", args=[ada.pk])
    client.force_login(member("Marketer"))
    assert client.post(delete, {"post": "yes"}).status_code == 403
    client.force_login(member("Manager"))
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert not Contact.objects.exists()


def test_whoever_deletes_somebody_is_led_to_erasing_them(client, ada):
    client.force_login(member("Manager"))
    page = client.get(reverse("admin:contacts_contact_delete", args=[ada.pk])).content.decode()
    assert "erase them instead" in page
    assert reverse("admin:contact_erase", args=[ada.pk]) in page
    several = client.post(reverse(LIST), {"action": "delete_selected", "_selected_action": [ada.pk]}).content.decode()
    assert "erase them on their own page" in several
    assert Contact.objects.exists()


@pytest.mark.parametrize("address", [LIST, ADD])
def test_strangers_must_sign_in_and_the_rest_of_the_staff_must_stay_out(client, db, address):
    assert client.get(reverse(address)).url.startswith(reverse("admin:login"))
    client.force_login(allowed())
    assert client.get(reverse(address)).status_code == 403
