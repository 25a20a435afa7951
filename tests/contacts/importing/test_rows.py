"""What columns are, and what a row says of a person."""

import pytest
from django.utils import translation

from contacts.importing import columns
from contacts.importing.rows import REASONS, Refused, person, reason


@pytest.mark.parametrize(
    ("header", "guessed"),
    [
        ("E-mail,First name,Last name,Phone,Company,Tags", "email,first_name,last_name,phone,company,tags"),
        ("Adresse e-mail,Prénom,Nom,Téléphone,Société,Étiquettes", "email,first_name,last_name,phone,company,tags"),
        ("email,Nom", "email,full_name"),
        ("EMAIL_ADDRESS,full_name", "email,full_name"),
        ("Email,E-mail,Name,Shoe size", "email,,full_name,"),
    ],
)
def test_columns_are_known_by_their_names(header, guessed):
    assert columns.guess(header.split(","), []) == guessed.split(",")


def test_the_column_with_the_most_e_mails_is_the_e_mail_whatever_it_is_called():
    assert columns.guess(["a", "b"], [["x", "ada@example.com"], ["y@z", "bob@example.com"]]) == ["", "email"]
    assert columns.guess([], [["Ada", "ada@example.com", "1"]]) == ["", "email", ""]


def test_a_file_of_very_many_columns_is_read_as_far_as_columns_can_be_chosen():
    assert len(columns.guess(["email"] + ["x"] * 5000, [])) == columns.MOST


@pytest.mark.parametrize(
    ("mapping", "faults"),
    [
        (["email", "tags", "tags", "", ""], []),
        (["", "phone"], ["no_email"]),
        (["email", "email"], ["twice"]),
        (["phone", "phone"], ["no_email", "twice"]),
    ],
)
def test_a_mapping_names_the_e_mail_and_nothing_twice(mapping, faults):
    assert columns.faults(mapping) == faults


def test_a_row_is_read_as_its_columns_say():
    mapping = ["email", "full_name", "tags", "", "tags", "phone"]
    told = person([" Ada@Example.com ", "Ada  King Lovelace", "vip, new", "x", "VIP|old", ""], mapping)
    assert (told.email, told.key) == ("Ada@Example.com", "ada@example.com")
    assert told.fields == {"first_name": "Ada King", "last_name": "Lovelace"}
    assert told.tags == ["vip", "new", "old"]


def test_a_name_with_a_column_of_its_own_stands_before_the_full_name():
    assert person(["a@b.fr", "Ada Lovelace", "Countess"], ["email", "full_name", "last_name"]).fields == {
        "first_name": "Ada",
        "last_name": "Countess",
    }


def test_a_short_row_lacks_what_it_lacks():
    assert person(["a@example.com"], ["email", "phone"]).fields == {}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["", "Ada"], "no_email"),
        ([], "no_email"),
        (["ada", ""], "bad_email"),
        (["ada@example", ""], "bad_email"),
        (["ada @example.com", ""], "bad_email"),
        (["a@example.com", "x" * 201], "long_first_name"),
        (["a@example.com", "", "t" * 101], "long_tag"),
        (["a@example.com", "", ",".join(map(str, range(21)))], "many_tags"),
    ],
)
def test_a_row_that_cannot_be_imported_says_why(cells, reason):
    with pytest.raises(Refused) as refused:
        person(cells, ["email", "first_name", "tags"])
    assert refused.value.reason == reason
    assert reason in REASONS


def test_reasons_are_told_in_the_reader_s_language():
    assert reason("bad_email", "x") == "“x” is no e-mail address"
    with translation.override("fr"):
        assert reason("bad_email", "x") == "«\u00a0x\u00a0» n’est pas une adresse e-mail"
