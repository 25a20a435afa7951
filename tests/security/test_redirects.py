"""No address of ours leads elsewhere because its address, a form, a cookie or the page before says so."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from tests.config import matrix
from tests.config.test_matrix import known, store  # noqa: F401
from tests.people import member

pytestmark = pytest.mark.django_db
EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(7)",
    "\thttps://evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
)
NAMES = ("next", "url", "back", "return", "return_to", "redirect", "to", "_to", "target")


def leads_elsewhere(answer: Any) -> bool:
    place = urlsplit(answer.get("Location", "").replace("\\", "/").strip())
    return bool(place.scheme or place.netloc) and place.netloc != "testserver"


def asked(client: Client, method: str, path: str, told: dict[str, str]) -> Any:
    with transaction.atomic():
        answer = getattr(client, method.lower())(path, told, headers={"Referer": told["next"].strip()})
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("role", ["", "Administrator"])
def test_no_address_leads_where_a_request_wishes(role: str, known: dict[str, Any]) -> None:  # noqa: F811
    client = Client()
    if role:
        client.force_login(member(role))
    wrong = []
    for method, route, _ in matrix.rows(matrix.SITE, matrix.ROLES):
        if "logout" not in route:
            answer = asked(client, method, matrix.path(route, known), dict.fromkeys(NAMES, EVIL[0]))
            wrong += [f"{method} {route}"] if leads_elsewhere(answer) else []
    assert wrong == []


@pytest.mark.parametrize("target", EVIL)
def test_neither_signing_in_nor_out_nor_choosing_a_language_leads_elsewhere(db: None, target: str) -> None:
    User.objects.create_superuser("grace", password="correct horse")
    client = Client()
    told = {"username": "grace", "password": "correct horse", "next": target}
    assert not leads_elsewhere(client.post(f"/admin/login/?next={target}", told))
    assert not leads_elsewhere(client.get("/admin/login/", {"next": target}))
    assert not leads_elsewhere(client.post("/i18n/setlang/", {"language": "fr", "next": target}))
    assert not leads_elsewhere(client.post("/i18n/setlang/", {"language": "fr"}, headers={"Referer": target.strip()}))
    assert not leads_elsewhere(client.post("/admin/logout/", {"next": target}))


def test_where_somebody_was_going_they_get(db: None) -> None:
    User.objects.create_superuser("grace", password="correct horse")
    told = {"username": "grace", "password": "correct horse", "next": "/admin/contacts/tag/"}
    assert Client().post("/admin/login/", told)["Location"] == "/admin/contacts/tag/"
