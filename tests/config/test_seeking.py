"""Whoever seeks need not write capitals as they are, with accents or without."""

import pytest

from config.seeking import contains
from contacts.models import Contact, Tag

pytestmark = pytest.mark.django_db
NAMES = ("Élodie", "élodie", "ÉLODIE", "Łucja", "Zoë", "ADA")


@pytest.mark.parametrize(
    ("sought", "found"),
    [("élodie", 3), ("ÉLODIE", 3), ("Élodie", 3), ("élo", 3), ("łucja", 1), ("zoë", 1), ("ada", 1), ("", 6), ("ö", 0)],
)
def test_any_spelling_finds_every_other(sought: str, found: int) -> None:
    Tag.objects.bulk_create(Tag(name=f"{name} {number}") for number, name in enumerate(NAMES))
    assert Tag.objects.filter(contains(sought, "name")).count() == found


@pytest.mark.parametrize("q", ["élodie", "élodie dupont", '"élodie"', "DUPONT É"])
def test_the_list_of_people_finds_a_name_by_any_spelling(admin_client, q: str) -> None:
    Contact.objects.create(first_name="Élodie", last_name="Dupont")
    Contact.objects.create(first_name="Eve", last_name="Durand")
    page = admin_client.get("/admin/contacts/contact/", {"q": q}).content.decode()
    assert "Élodie Dupont" in page
    assert "Eve Durand" not in page
