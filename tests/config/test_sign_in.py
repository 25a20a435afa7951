"""Signing in: somebody who guesses is slowed down, nobody else is, and a new password ends what was open."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config import sign_in
from config.limits.models import Allowance

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
HOME = "/admin/contacts/contact/"
ELSEWHERE = "198.51.100.7"


@pytest.fixture
def grace() -> User:
    return User.objects.create_superuser("grace", password="correct horse")


@pytest.fixture
def guessed(grace: User) -> None:
    """Somebody has tried ten passwords of hers."""
    assert {tried("wrong").status_code for _ in range(sign_in.OF_NAME.burst)} == {200}


def tried(password: str, *, name: str = "grace", address: str = "192.0.2.1", language: str = "en") -> object:
    browser = Client(headers={"Accept-Language": language}, REMOTE_ADDR=address)
    return browser.post(LOGIN, {"username": name, "password": password})


@pytest.mark.parametrize(("language", "words"), [("en", "too many failed attempts"), ("fr", "trop de tentatives")])
def test_the_page_says_in_words_that_there_were_too_many_tries(guessed, language, words):
    answer = tried("wrong", language=language)
    assert (answer.status_code, answer["Retry-After"]) == (429, "90")
    assert words in answer.content.decode().lower()


def test_even_the_right_password_waits_and_opens_after_the_pause(guessed):
    assert tried("correct horse").status_code == 429
    Allowance.objects.update(full_at=0)
    assert tried("correct horse").status_code == 302


def test_nobody_is_locked_out_by_what_somebody_else_does(guessed):
    assert tried("wrong").status_code == 429
    assert tried("correct horse", address=ELSEWHERE).status_code == 302
    assert tried("wrong", name="ada").status_code == 200


def test_a_name_is_one_name_however_it_is_capitalised(guessed):
    assert tried("wrong", name="GRACE").status_code == 429


def test_trying_many_names_from_one_address_is_stopped_too(grace, monkeypatch):
    monkeypatch.setattr(sign_in, "OF_ADDRESS", sign_in.Limit(name="few", burst=3, seconds=900))
    assert [tried("wrong", name=f"name{n}").status_code for n in range(4)] == [200, 200, 200, 429]
    assert tried("correct horse", address=ELSEWHERE).status_code == 302


def test_signing_in_rightly_is_not_counted(grace):
    assert {tried("correct horse").status_code for _ in range(sign_in.OF_NAME.burst + 2)} == {302}


def test_neither_names_nor_addresses_are_kept(guessed):
    assert not any("grace" in name or "192.0.2" in name for name in Allowance.objects.values_list("name", flat=True))


# ---- sessions


def test_a_session_ends_when_the_password_is_changed_elsewhere(grace):
    old, own = Client(), Client()
    for browser in (old, own):
        browser.force_login(grace)
    words = {"old_password": "correct horse", "new_password1": "battery-staple", "new_password2": "battery-staple"}
    assert own.post(reverse("admin:password_change"), words).status_code == 302
    assert own.get(HOME).status_code == 200
    answer = old.get(HOME)
    assert (answer.status_code, answer.url.startswith(LOGIN)) == (302, True)


def test_a_session_ends_when_an_administrator_sets_a_new_password(grace):
    theirs, root = Client(), Client()
    theirs.force_login(grace)
    root.force_login(User.objects.create_superuser("root"))
    assert root.post(reverse("admin:auth_user_password_change", args=[grace.pk])).status_code == 200
    assert theirs.get(HOME).url.startswith(LOGIN)
