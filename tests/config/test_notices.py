"""Members are told by e-mail when something about their sign-in changes."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.test import Client, RequestFactory

from config.notices import telling
from config.notices.models import Notice
from config.two_factor import factors
from tests.config.test_two_factor import code_of
from tests.contacts.mail_server import mail_server

pytestmark = pytest.mark.django_db
PASSWORD, OTHER = "correct horse", "battery staple grows"


@pytest.fixture(autouse=True)
def is_sent(settings: Any) -> None:
    """E-mails go somewhere: the tests' own drawer."""
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@pytest.fixture
def grace() -> User:
    return User.objects.create_superuser("grace", "grace@example.com", password=PASSWORD)


@pytest.fixture
def hers(grace: User) -> Client:
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(grace)
    return browser


@pytest.fixture
def root() -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root", "root@example.com"))
    return browser


def told() -> list[tuple[str, str]]:
    """Whom notices wait for, and about what."""
    return list(Notice.objects.values_list("email", "kind"))


def test_who_changes_the_password_is_told(hers: Client) -> None:
    hers.post("/admin/password_change/", {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER})
    assert told() == [("grace@example.com", "password_changed")]


def test_whose_password_is_set_anew_is_told(grace: User, root: Client) -> None:
    root.post(f"/admin/auth/user/{grace.pk}/password/")
    assert told() == [("grace@example.com", "password_given")]


def test_each_change_of_the_second_factor_is_told(grace: User, hers: Client) -> None:
    factors.start(grace)
    hers.post("/admin/account/two-factor/confirm/", {"passcode": code_of(grace, -1)})
    hers.post("/admin/account/two-factor/codes/", {"passcode": code_of(grace)})
    hers.post("/admin/account/two-factor/off/", {"password": PASSWORD, "passcode": code_of(grace, 1)})
    assert [kind for _, kind in told()] == ["two_factor_on", "new_codes", "two_factor_off"]


def test_a_recovery_code_that_is_used_is_told(grace: User) -> None:
    factors.start(grace)
    [code, *_] = factors.confirm(grace, code_of(grace))
    browser = Client()
    browser.post("/admin/login/", {"username": "grace", "password": PASSWORD})
    browser.post("/admin/login/code/", {"passcode": code})
    assert told() == [("grace@example.com", "code_used")]


def test_an_administrator_who_switches_it_off_has_her_told(grace: User, root: Client) -> None:
    factors.start(grace)
    factors.confirm(grace, code_of(grace))
    root.post(f"/admin/auth/user/{grace.pk}/two-factor-off/")
    assert told() == [("grace@example.com", "two_factor_off")]


def test_the_old_address_is_told_of_the_new_one(grace: User, root: Client) -> None:
    page = root.get(f"/admin/auth/user/{grace.pk}/change/").context["adminform"].form
    form = {name: value for name, value in page.initial.items() if isinstance(value, str | int) and value}
    root.post(f"/admin/auth/user/{grace.pk}/change/", form | {"email": "new@example.com"})
    assert told() == [("grace@example.com", "email_changed")]


def test_nobody_is_told_without_an_address_or_a_mail_server(grace: User, hers: Client, settings: Any) -> None:
    factors.start(grace)
    User.objects.update(email="")
    hers.post("/admin/account/two-factor/confirm/", {"passcode": code_of(grace, -1)})
    User.objects.update(email="grace@example.com")
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
    hers.post("/admin/account/two-factor/codes/", {"passcode": code_of(grace)})
    assert told() == []


def test_a_notice_says_what_changed_in_her_language_once_and_is_gone(grace: User) -> None:
    Notice.objects.create(member=grace, kind="two_factor_off", email=grace.email, language="en")
    telling.send(seconds=10)
    telling.send(seconds=10)
    [message] = mail.outbox
    assert message.to == ["grace@example.com"]
    assert "Two-factor sign-in was switched off" in message.body
    assert "/admin/account/" in message.body
    assert not Notice.objects.exists()


def test_a_mail_server_brings_it_in_her_language(grace: User, settings: Any) -> None:
    Notice.objects.create(member=grace, kind="password_changed", email=grace.email, language="fr")
    with mail_server() as server:
        settings.MAILERS = server.mailers
        telling.send(seconds=10)
    [message] = server.inbox
    assert message["Subject"] == "Votre connexion a changé"
    assert "Le mot de passe de votre compte a été modifié." in message.get_content()
    assert not Notice.objects.exists()


def test_what_is_taken_back_is_told_nobody(grace: User, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = grace
    with pytest.raises(RuntimeError), transaction.atomic():
        telling.tell(grace, "new_codes", request=request)
        raise RuntimeError
    assert told() == []


def test_a_mail_server_that_is_away_loses_none(grace: User, settings: Any) -> None:
    Notice.objects.create(member=grace, kind="new_codes", email=grace.email, language="en")
    smtp = {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "127.0.0.1", "port": 1}}
    settings.MAILERS = {"default": smtp}
    telling.send(seconds=10)
    assert Notice.objects.get().failures == 1
