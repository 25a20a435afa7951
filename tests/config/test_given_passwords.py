"""A password that somebody else has chosen opens nothing but the page where its member chooses their own."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from config.two_factor import factors
from tests.config.test_two_factor import code_of

pytestmark = pytest.mark.django_db
LOGIN, CHANGE, HOME = "/admin/login/", "/admin/password_change/", "/admin/contacts/contact/"
GIVEN, OWN = "told by telephone", "known to nobody else"


@pytest.fixture
def root() -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root"))
    return browser


@pytest.fixture
def ada(root: Client) -> User:
    """A member whom an administrator has just made."""
    told = {"username": "ada", "usable_password": "true", "password1": GIVEN, "password2": GIVEN}
    assert root.post("/admin/auth/user/add/", told).status_code == 302
    made = User.objects.get(username="ada")
    User.objects.filter(pk=made.pk).update(is_staff=True, is_superuser=True)
    return User.objects.get(pk=made.pk)


def signed_in(password: str = GIVEN) -> Client:
    browser = Client()
    assert browser.post(LOGIN, {"username": "ada", "password": password}).status_code == 302
    return browser


def choose(browser: Client, password: str = OWN, *, onwards: str = "", old: str = GIVEN) -> object:
    told = {"old_password": old, "new_password1": password, "new_password2": password}
    return browser.post(CHANGE + onwards, told)


def test_whoever_is_new_chooses_first_and_then_gets_where_they_wanted_to_go(ada: User) -> None:
    browser = signed_in()
    answer = browser.get(f"{HOME}?q=a")
    assert (answer.status_code, answer.url) == (302, f"{CHANGE}?next=%2Fadmin%2Fcontacts%2Fcontact%2F%3Fq%3Da")
    assert "Somebody else chose your password" in browser.get(answer.url).content.decode()
    assert choose(browser, onwards="?next=%2Fadmin%2Fcontacts%2Fcontact%2F%3Fq%3Da").url == f"{HOME}?q=a"
    assert browser.get(HOME).status_code == 200
    assert signed_in(OWN).get(HOME).status_code == 200


@pytest.mark.parametrize("path", [HOME, "/admin/account/", "/admin/password_change/done/", "/admin/password_change/x"])
def test_no_page_opens_before(ada: User, path: str) -> None:
    answer = signed_in().get(path)
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, CHANGE)


def test_no_act_and_no_api_is_open_before(ada: User) -> None:
    browser = signed_in()
    assert browser.post("/admin/account/sign-out-elsewhere/").url == CHANGE
    assert browser.get("/api/v1/schema/").status_code == 403


def test_one_may_sign_out_and_read_it_in_another_language(ada: User) -> None:
    browser = signed_in()
    assert browser.post("/i18n/setlang/", {"language": "fr", "next": CHANGE}).url == CHANGE
    assert browser.post("/admin/logout/").status_code in {200, 302}
    assert "_auth_user_id" not in browser.session


def test_the_one_that_was_given_is_not_ones_own(ada: User) -> None:
    browser = signed_in()
    assert "Choose another one" in choose(browser, GIVEN).content.decode()
    assert browser.get(HOME).status_code == 302


def test_it_leads_to_no_other_site(ada: User) -> None:
    assert choose(signed_in(), onwards="?next=https://evil.example/").url == "/"


def test_one_that_an_administrator_sets_anew_is_given_too(ada: User, root: Client) -> None:
    browser = signed_in()
    choose(browser)
    again = {"usable_password": "true", "password1": GIVEN, "password2": GIVEN}
    assert root.post(f"/admin/auth/user/{ada.pk}/password/", again).status_code == 302
    assert browser.get(HOME).url.startswith(LOGIN)
    assert signed_in().get(HOME).url.startswith(CHANGE)


def test_who_made_their_own_account_chose_for_themselves() -> None:
    User.objects.create_superuser("ada", password=GIVEN)
    assert signed_in().get(HOME).status_code == 200


def test_the_second_factor_comes_first(ada: User, settings: object) -> None:
    settings.REQUIRE_TWO_FACTOR = ["all"]  # type: ignore[attr-defined]
    browser = signed_in()
    assert browser.get(HOME).url == "/admin/account/"
    assert browser.get(CHANGE).url == "/admin/account/"
    assert browser.post("/admin/account/two-factor/start/", {"password": GIVEN}).status_code == 302
    assert browser.post("/admin/account/two-factor/confirm/", {"passcode": code_of(ada)}).status_code == 200
    assert browser.get(HOME).url.startswith(CHANGE)
    choose(browser)
    assert browser.get(HOME).status_code == 200
    assert factors.is_on(ada)
