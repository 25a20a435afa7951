"""What the database promises of people and tags, and how a person is called."""

import pytest
from django.db import IntegrityError

from contacts.models import Contact, Tag


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"}, "Ada Lovelace"),
        ({"last_name": "Lovelace"}, "Lovelace"),
        ({"first_name": "Ada"}, "Ada"),
        ({"email": "ada@example.com"}, "ada@example.com"),
        ({"pk": 7}, "Contact 7"),
    ],
)
def test_a_person_is_called_by_name_else_by_e_mail_else_by_number(known, name):
    assert str(Contact(**known)) == name


def test_many_people_may_have_no_e_mail(db):
    Contact.objects.create()
    Contact.objects.create()
    assert Contact.objects.filter(email_key=None).count() == 2


def test_two_people_cannot_share_a_key(db):
    Contact.objects.create(email="ada@example.com", email_key="ada@example.com")
    with pytest.raises(IntegrityError):
        Contact.objects.create(email="ADA@example.com", email_key="ada@example.com")


def test_the_database_keeps_one_tag_of_a_name_in_any_case(db):
    Tag.objects.create(name="VIP")
    with pytest.raises(IntegrityError):
        Tag.objects.create(name="vip")


def test_the_newest_people_come_first(db):
    first, second = Contact.objects.create(), Contact.objects.create()
    assert list(Contact.objects.all()) == [second, first]
