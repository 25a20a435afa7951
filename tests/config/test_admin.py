"""The team's pages: an administrator takes people in and gives them roles, and nobody makes themselves more."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

FIELDS = {"username": "grace", "first_name": "", "last_name": "", "email": "", "is_active": "on", "is_staff": "on"}


def page(name: str, person: User) -> str:
    return reverse(f"admin:auth_user_{name}", args=[person.pk])


@pytest.fixture
def grace(db: None) -> User:
    return User.objects.create_user("grace", password="correct horse", is_staff=True)


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root", password="battery staple")


@pytest.fixture
def client(db: None) -> Client:
    """The browser of somebody with the role of an administrator, who is no superuser."""
    ada = User.objects.create_user("ada", is_staff=True)
    ada.groups.add(Group.objects.get(name="Administrator"))
    client = Client()
    client.force_login(ada)
    return client


def refused(answer: Any) -> bool:
    return bool(answer.status_code == 403)


def test_an_administrator_gives_roles(client: Client, grace: User) -> None:
    role = Group.objects.get(name="Marketer")
    answer = client.post(page("change", grace), FIELDS | {"groups": [role.pk]})
    assert answer.status_code == 302
    assert list(grace.groups.all()) == [role]


def test_an_administrator_makes_nobody_a_superuser(client: Client, grace: User) -> None:
    shown = client.get(page("change", grace)).content.decode()
    assert 'name="groups"' in shown
    assert "is_superuser" not in shown
    client.post(page("change", grace), FIELDS | {"is_superuser": "on", "user_permissions": ["1"]})
    grace.refresh_from_db()
    assert (grace.is_superuser, grace.user_permissions.count()) == (False, 0)


def test_an_administrator_does_not_touch_a_superuser(client: Client, root: User) -> None:
    assert client.get(page("change", root)).status_code == 200
    assert refused(client.post(page("change", root), FIELDS | {"username": "mine"}))
    assert refused(client.post(reverse("admin:auth_user_password_change", args=[root.pk])))
    assert refused(client.post(page("delete", root), {"post": "yes"}))
    root.refresh_from_db()
    assert (root.username, root.check_password("battery staple")) == ("root", True)


def test_a_superuser_may_make_another(grace: User, root: User) -> None:
    client = Client()
    client.force_login(root)
    assert client.post(page("change", grace), FIELDS | {"is_superuser": "on"}).status_code == 302
    grace.refresh_from_db()
    assert grace.is_superuser
