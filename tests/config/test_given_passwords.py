"""A first password is made at random, lasts some days, and opens nothing but the page where one chooses one's own."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from config.audit.models import Entry
from config.given_passwords.models import GivenPassword
from config.sessions.models import Session
from config.two_factor import factors
from tests.config.test_two_factor import code_of

pytestmark = pytest.mark.django_db
LOGIN, CHANGE, HOME = "/admin/login/", "/admin/password_change/", "/admin/contacts/contact/"
OWN = "known to nobody else"


@pytest.fixture
def root() -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root"))
    return browser


@pytest.fixture
def given(root: Client) -> str:
    """The password of a member whom an administrator has just made."""
    answer = root.post("/admin/auth/user/add/", {"username": "ada", "email": ""})
    User.objects.filter(username="ada").update(is_staff=True, is_superuser=True)
    return shown(answer)


def shown(answer: Any) -> str:
    """Read the password off the page."""
    page = answer.content.decode()
    assert answer.context["password"] in page
    return str(answer.context["password"])


def signed_in(password: str) -> Client:
    browser = Client()
    assert browser.post(LOGIN, {"username": "ada", "password": password}).status_code == 302
    return browser


def choose(browser: Client, old: str, password: str = OWN, *, onwards: str = "") -> Any:
    told = {"old_password": old, "new_password1": password, "new_password2": password}
    return browser.post(CHANGE + onwards, told)


def test_whoever_is_new_chooses_first_and_then_gets_where_they_wanted_to_go(given: str) -> None:
    browser = signed_in(given)
    answer = browser.get(f"{HOME}?q=a")
    assert (answer.status_code, answer.url) == (302, f"{CHANGE}?next=%2Fadmin%2Fcontacts%2Fcontact%2F%3Fq%3Da")
    assert "Somebody else chose your password" in browser.get(answer.url).content.decode()
    assert choose(browser, given, onwards="?next=%2Fadmin%2Fcontacts%2Fcontact%2F%3Fq%3Da").url == f"{HOME}?q=a"
    assert browser.get(HOME).status_code == 200
    assert signed_in(OWN).get(HOME).status_code == 200


@pytest.mark.parametrize("path", [HOME, "/admin/account/", "/admin/password_change/done/", "/admin/password_change/x"])
def test_no_page_opens_before(given: str, path: str) -> None:
    answer = signed_in(given).get(path)
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, CHANGE)


def test_no_act_and_no_api_is_open_before(given: str) -> None:
    browser = signed_in(given)
    assert browser.post("/admin/account/sign-out-elsewhere/").url == CHANGE
    assert browser.get("/api/v1/schema/").status_code == 403


def test_one_may_sign_out_and_read_it_in_another_language(given: str) -> None:
    browser = signed_in(given)
    assert browser.post("/i18n/setlang/", {"language": "fr", "next": CHANGE}).url == CHANGE
    assert browser.post("/admin/logout/").status_code in {200, 302}
    assert "_auth_user_id" not in browser.session


def test_the_one_that_was_given_is_not_ones_own(given: str) -> None:
    browser = signed_in(given)
    assert "Choose another one" in choose(browser, given, given).content.decode()
    assert browser.get(HOME).status_code == 302


def test_it_leads_to_no_other_site(given: str) -> None:
    assert choose(signed_in(given), given, onwards="?next=https://evil.example/").url == "/"


def test_one_that_an_administrator_makes_anew_is_given_too(given: str, root: Client) -> None:
    browser, ada = signed_in(given), User.objects.get(username="ada")
    choose(browser, given)
    page = f"/admin/auth/user/{ada.pk}/password/"
    assert root.get(page).status_code == 200
    assert browser.get(HOME).status_code == 200  # to look changes nothing
    again = shown(root.post(page))
    assert browser.get(HOME).url.startswith(LOGIN)
    assert signed_in(again).get(HOME).url.startswith(CHANGE)
    assert again != given


def test_it_is_shown_once_and_kept_nowhere(given: str, root: Client) -> None:
    ada = User.objects.get(username="ada")
    for page in ("change", "history"):
        assert given not in root.get(f"/admin/auth/user/{ada.pk}/{page}/").content.decode()
    assert given not in json.dumps(
        [*User.objects.values(), *Entry.objects.values(), *Session.objects.values()], default=str
    )
    assert len(set(given.replace("-", ""))) > 6
    assert len(given) == 27


def test_one_that_nobody_uses_is_over_after_a_week(given: str, root: Client) -> None:
    def tried(days: int, password: str) -> Any:
        GivenPassword.objects.update(given_at=timezone.now() - timedelta(days=days))
        return Client().post(LOGIN, {"username": "ada", "password": password})

    assert tried(6, given).status_code == 302
    for password, words in ((given, "good for some days only"), ("wrong", "correct username")):
        answer = tried(7, password)
        assert answer.status_code == 200
        assert words in answer.content.decode()
    ada = User.objects.get(username="ada")
    again = shown(root.post(f"/admin/auth/user/{ada.pk}/password/"))
    assert signed_in(again).get(HOME).url.startswith(CHANGE)


def test_ones_own_is_never_over(given: str) -> None:
    choose(signed_in(given), given)
    assert not GivenPassword.objects.exists()


def test_ones_own_is_changed_where_the_old_one_is_asked_for(root: Client) -> None:
    me = User.objects.get(username="root")
    for answer in (root.get(f"/admin/auth/user/{me.pk}/password/"), root.post(f"/admin/auth/user/{me.pk}/password/")):
        assert answer.url == CHANGE
    assert not GivenPassword.objects.exists()


def test_a_name_is_there_once_in_whichever_case(given: str, root: Client) -> None:
    answer = root.post("/admin/auth/user/add/", {"username": "ADA"})
    assert answer.status_code == 200
    assert "already exists" in answer.content.decode()
    assert User.objects.filter(username__iexact="ada").count() == 1


def test_who_made_their_own_account_chose_for_themselves() -> None:
    User.objects.create_superuser("ada", password=OWN)
    assert signed_in(OWN).get(HOME).status_code == 200


def test_the_second_factor_comes_first(given: str, settings: object) -> None:
    settings.REQUIRE_TWO_FACTOR = ["all"]  # type: ignore[attr-defined]
    browser = signed_in(given)
    assert browser.get(HOME).url == "/admin/account/"
    assert browser.get(CHANGE).url == "/admin/account/"
    assert browser.post("/admin/account/two-factor/start/", {"password": given}).status_code == 302
    assert (
        browser.post(
            "/admin/account/two-factor/confirm/", {"passcode": code_of(User.objects.get(username="ada"))}
        ).status_code
        == 200
    )
    assert browser.get(HOME).url.startswith(CHANGE)
    choose(browser, given)
    assert browser.get(HOME).status_code == 200
    assert factors.is_on(User.objects.get(username="ada"))
