"""What may be a password: anything long that nobody would try first, and that somebody knows who changes it."""

import pytest
from django.contrib.auth import password_validation
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from tests.html import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def grace() -> User:
    return User.objects.create_superuser("gracehopper", "grace@example.com", password="correct horse battery")


@pytest.mark.parametrize(
    "password",
    [
        "short-one-1",
        "1234567890123",
        "qwertyuiop123",
        "gracehopper12",
        "ritournelle-2026",
        "Administrator99",
        "pay.example1",
    ],
)
def test_what_is_short_common_or_a_name_is_refused(grace: User, settings: object, password: str) -> None:
    settings.PUBLIC_URL = "https://pay.example.com"  # type: ignore[attr-defined]
    with pytest.raises(ValidationError):
        password_validation.validate_password(password, grace)


@pytest.mark.parametrize(
    "password",
    [
        "thirteen small",
        "ÀÉÎ õüñ 木木木木木",
        "  blanks around it  ",
        "x" * 60 + "yz" * 60,
        "ritournelle likes rain",
        "😀🙃" * 6,
    ],
)
def test_any_characters_and_any_length_are_taken_as_they_are(grace: User, password: str) -> None:
    password_validation.validate_password(password, grace)
    grace.set_password(password)
    grace.save()
    told = {"username": "gracehopper", "password": password}
    assert Client().post("/admin/login/", told).status_code == 302
    for other in (password.swapcase(), password[:-1], password.strip() + "x"):
        assert other == password or Client().post("/admin/login/", told | {"password": other}).status_code == 200


def test_who_changes_a_password_knows_the_old_one(grace: User) -> None:
    browser = Client()
    browser.force_login(grace)
    new = {"new_password1": "a rainy tuesday", "new_password2": "a rainy tuesday"}
    assert browser.post("/admin/password_change/", new | {"old_password": "wrong"}).status_code == 200
    assert browser.post("/admin/password_change/", new | {"old_password": "correct horse battery"}).status_code == 302


def test_fields_for_passwords_are_masked_and_filled_by_password_managers(grace: User) -> None:
    browser = Client()
    [field] = read(browser.get("/admin/login/").content).every("input", type="password")
    assert field.attributes["autocomplete"] == "current-password"
    browser.force_login(grace)
    fields = read(browser.get("/admin/password_change/").content).every("input", type="password")
    assert [one.attributes["autocomplete"] for one in fields] == ["current-password", "new-password", "new-password"]
    assert not any("onpaste" in one.attributes for one in fields)


def test_a_wrong_name_and_a_wrong_password_sound_the_same(grace: User) -> None:
    told = [{"username": "gracehopper", "password": "wrong"}, {"username": "nobody at all", "password": "wrong"}]
    pages = [read(Client().post("/admin/login/", one).content) for one in told]
    words = [page.text.replace("gracehopper", "").replace("nobody at all", "") for page in pages]
    assert words[0] == words[1]
