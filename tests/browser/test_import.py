"""Importing contacts as people do it: a file, its columns, a preview that follows, and rows with errors."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from contacts.importing import work
from contacts.models import Contact, ContactImport, ContactList

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDE = {"viewport": {"width": 1400, "height": 1000}}
FILE = "Courriel;Nom;Ville\nada@example.com;Ada Lovelace;Londres\nnobody;X;\nbob@example.com;Bob;Paris\n"


@pytest.fixture(autouse=True)
def marketer(live_server: object) -> None:
    """Anna, who imports, and a list."""
    User.objects.create_superuser("anna", first_name="Anna")
    ContactList.objects.create(name="Letter")


def _uploaded(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "gens.csv"
    file.write_bytes(FILE.encode("cp1252"))
    page.goto("/admin/contacts/contact/")
    page.get_by_role("link", name="Import").click()
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Upload", exact=True).click()


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_file_is_imported_as_it_was_previewed(sign_in, barriers, complaints, tmp_path, window):
    page = sign_in("anna", **window)
    _uploaded(page, tmp_path)
    preview = page.locator("[data-preview]")
    expect(preview).to_contain_text("Lovelace")
    expect(preview).to_contain_text("“nobody” is no e-mail address")
    page.get_by_label("Ville").select_option("company")
    expect(preview).to_contain_text("Londres")
    page.get_by_label("Give all of them this tag").fill("spring")
    page.get_by_label("Subscribe them to this list").select_option(label="Letter")
    assert barriers(page) == []
    page.get_by_role("button", name="Import 3 rows").click()
    expect(page.get_by_role("alert")).to_contain_text("Say that they have agreed")
    complaints.clear()  # of the status of that answer
    page.get_by_text("These people have agreed").click()
    page.get_by_role("button", name="Import 3 rows").click()
    expect(page.get_by_role("status")).to_contain_text("0 of 3 rows")
    assert barriers(page) == []
    work.run(ContactImport.objects.get().pk)
    expect(page.get_by_role("status")).to_contain_text("3 of 3 rows")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rows with errors").click()
    assert "“nobody” is no e-mail address,nobody,X" in Path(download.value.path()).read_text(encoding="utf-8")
    assert sorted(Contact.objects.values_list("email", "last_name", "company")) == [
        ("ada@example.com", "Lovelace", "Londres"),
        ("bob@example.com", "", "Paris"),
    ]
    page.goto("/admin/contacts/contact/import/")
    assert barriers(page) == []


def test_an_import_that_waits_is_cancelled(sign_in, tmp_path):
    page = sign_in("anna", **WIDE)
    _uploaded(page, tmp_path)
    page.get_by_role("button", name="Import 3 rows").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status")).to_contain_text("Cancelled")
    assert not Contact.objects.exists()
