"""People are found or made by e-mail: one for each, however it is spelled, and nobody's own words are lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Contact
from contacts.services import Profile, email_key, find_by_email, split_name, upsert_contacts

names = st.text(st.characters(exclude_categories=["Cs", "Zs", "Cc"]), min_size=1, max_size=10)


def _ada(**known):
    return Profile(email="ada@example.com", **known)


# ---- the key


@pytest.mark.parametrize(
    ("email", "key"),
    [
        ("ada@example.com", "ada@example.com"),
        ("  Ada@Example.COM\n", "ada@example.com"),
        ("STRASSE@example.com", "strasse@example.com"),
        ("straße@example.com", "strasse@example.com"),
        ("Élodie@exemple.fr", "élodie@exemple.fr"),
        ("ada+shop@example.com", "ada+shop@example.com"),
        ("odd@but@example.com", "odd@but@example.com"),
        ("a" * 242 + "@example.com", "a" * 242 + "@example.com"),
        ("a" * 243 + "@example.com", None),
        ("ß" * 130 + "@example.com", None),
        ("", None),
        ("ada", None),
        ("@example.com", None),
        ("ada@", None),
        ("ada lovelace@example.com", None),
        ("ada@example\t.com", None),
        ("ada@example\u00a0.com", None),
    ],
)
def test_an_e_mail_is_folded_into_its_key(email, key):
    assert email_key(email) == key


@given(st.emails())
def test_every_spelling_of_an_e_mail_has_one_key(email):
    key = email_key(email)
    assert key == email_key(f" {email.upper()}\n") == email_key(email.swapcase())
    assert email_key(key) == key


# ---- names


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", ("Ada", "Lovelace")),
        ("Ada King  Lovelace", ("Ada King", "Lovelace")),
        ("  Ada Lovelace ", ("Ada", "Lovelace")),
        ("Ada", ("Ada", "")),
        ("Jean-Pierre de la Tour", ("Jean-Pierre de la", "Tour")),
        ("", ("", "")),
        ("   ", ("", "")),
    ],
)
def test_a_name_is_split_at_its_last_space(name, parts):
    assert split_name(name) == parts


@given(st.lists(names, min_size=1, max_size=4))
def test_splitting_a_name_loses_no_word(words):
    first, last = split_name(" ".join(words))
    assert f"{first} {last}".split() == " ".join(words).split()


# ---- finding and making


def test_a_new_e_mail_makes_a_contact_in_its_own_spelling(db):
    [contact] = upsert_contacts([Profile(email=" Ada@Example.com ", first_name=" Ada ", phone="1")]).values()
    contact.refresh_from_db()
    assert (contact.email, contact.email_key) == ("Ada@Example.com", "ada@example.com")
    assert (contact.first_name, contact.phone, contact.company) == ("Ada", "1", "")


def test_people_are_returned_by_key_whether_they_are_new_or_known(db):
    known = Contact.objects.create(email="Bob@example.com", email_key="bob@example.com")
    found = upsert_contacts([_ada(), Profile(email="BOB@example.com"), Profile(email="nobody")])
    assert found == {"ada@example.com": Contact.objects.get(email_key="ada@example.com"), "bob@example.com": known}
    assert all(contact.pk for contact in found.values())


def test_doing_it_again_makes_nobody_new(db):
    first = upsert_contacts([_ada()])
    assert upsert_contacts([Profile(email="ADA@EXAMPLE.COM"), _ada()]) == first
    assert Contact.objects.get().email == "ada@example.com"


def test_no_usable_e_mail_makes_nobody(db):
    assert upsert_contacts([Profile(email=""), Profile(email="ada"), Profile(email="a b@c")]) == {}
    assert not Contact.objects.exists()


def test_blanks_are_filled_and_nothing_else_is_touched(db):
    upsert_contacts([_ada(first_name="Ada")])
    before = Contact.objects.get()
    upsert_contacts([_ada(first_name="ADA", last_name="Lovelace", phone=" 1 ")])
    contact = Contact.objects.get()
    assert (contact.first_name, contact.last_name, contact.phone) == ("Ada", "Lovelace", "1")
    assert contact.updated_at > before.updated_at
    assert contact.created_at == before.created_at


def test_nothing_new_writes_nothing(db, django_assert_num_queries):
    upsert_contacts([_ada(first_name="Ada", phone="1")])
    with django_assert_num_queries(1):
        upsert_contacts([_ada(first_name="Countess", phone="2")])
    with django_assert_num_queries(1):
        upsert_contacts([_ada()])


def test_a_hundred_people_take_as_many_statements_as_two(db, django_assert_num_queries):
    for start, count in ((0, 2), (2, 100)):
        with django_assert_num_queries(3):
            upsert_contacts(Profile(email=f"p{start + n}@example.com") for n in range(count))
        filled = [Profile(email=f"p{start + n}@example.com", phone="1") for n in range(count)]
        with django_assert_num_queries(3):
            upsert_contacts(filled)
    assert Contact.objects.filter(phone="1").count() == 102


def test_what_is_too_long_for_a_contact_is_cut(db):
    [contact] = upsert_contacts([_ada(first_name="a" * 300, phone="1" * 300)]).values()
    contact.refresh_from_db()
    assert (len(contact.first_name), len(contact.phone)) == (200, 60)


def test_people_are_found_by_any_spelling_of_their_e_mail(db, django_assert_num_queries):
    [ada] = upsert_contacts([_ada()]).values()
    with django_assert_num_queries(1):
        assert find_by_email(["ADA@example.com", "", "x"]) == {"ada@example.com": ada}
    with django_assert_num_queries(2):  # who is unknown may have been merged
        assert find_by_email(["ADA@example.com", "nobody@example.com"]) == {"ada@example.com": ada}


@pytest.mark.django_db(transaction=True)
def test_what_a_marketer_is_writing_at_this_moment_counts():
    upsert_contacts([_ada()])
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Contact.objects.update(first_name="Countess")
        store = pool.submit(_tell_and_leave, _ada(first_name="Ada", phone="1"))
        with pytest.raises(TimeoutError):
            store.result(timeout=0.3)
    store.result()
    contact = Contact.objects.get()
    assert (contact.first_name, contact.phone) == ("Countess", "1")


def _tell_and_leave(profile):
    try:
        upsert_contacts([profile])
    finally:
        connections.close_all()
