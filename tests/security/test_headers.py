"""What browsers are told with every answer: what may run, who may frame it, and that nothing personal is kept."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from tests.config import matrix
from tests.config.test_matrix import known, store  # noqa: F401
from tests.people import member

pytestmark = pytest.mark.django_db
# The same for everybody who may see it.
IMPERSONAL = (
    "/healthz",
    "/readyz",
    "/admin/jsi18n/",
    "/admin/password_change/done/",
    "/api/v1/docs/",
    "/api/v1/schema/",
)


def answers(client: Client, table: str, columns: tuple[str, ...], known: dict[str, Any]) -> dict[str, Any]:  # noqa: F811
    """Return the answer of every address that is asked with GET."""
    rows = matrix.rows(table, columns)
    paths = {route: matrix.path(route, known) for method, route, _ in rows if method == "GET" and "logout" not in route}
    return {route: client.get(path) for route, path in paths.items()}


@pytest.fixture
def seen(known: dict[str, Any]) -> dict[str, Any]:  # noqa: F811
    """Every answer that an administrator gets; one walk is enough for all tests, since only headers are looked at."""
    if not _SEEN:
        client = Client()
        client.force_login(member("Administrator"))
        _SEEN.update(answers(client, matrix.SITE, matrix.ROLES, known))
    return _SEEN


_SEEN: dict[str, Any] = {}


def lacking(seen: dict[str, Any], fits: Any) -> list[str]:
    return [route for route, answer in seen.items() if not fits(answer.headers)]


def test_nothing_is_guessed_framed_or_told_to_others(seen: dict[str, Any]) -> None:
    assert lacking(seen, lambda told: told.get("X-Content-Type-Options") == "nosniff") == []
    assert lacking(seen, lambda told: told.get("Referrer-Policy") in ("same-origin", "no-referrer")) == []
    assert lacking(seen, lambda told: told.get("Cross-Origin-Opener-Policy") == "same-origin") == []
    framed = lacking(seen, lambda told: "frame-ancestors 'none'" in told.get("Content-Security-Policy", ""))
    assert framed == []


def test_every_policy_lets_only_ours_run(seen: dict[str, Any]) -> None:
    for route, answer in seen.items():
        policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
        scripts = policy.get("script-src", policy["default-src"])
        assert "'unsafe-inline'" not in scripts, route
        assert not {"*", "https:", "http:", "data:"} & set(scripts.split()), route
        assert policy["base-uri"] == "'none'", route
        assert policy.get("object-src", policy["default-src"]) == "'none'", route


def test_no_browser_and_no_proxy_keeps_what_is_personal(seen: dict[str, Any]) -> None:
    kept = {
        route: answer.get("Cache-Control", "nothing")
        for route, answer in seen.items()
        if answer.status_code == 200 and "no-store" not in answer.get("Cache-Control", "")
    }
    assert {route: told for route, told in kept.items() if not route.startswith(IMPERSONAL)} == {}


def test_the_api_is_kept_nowhere_and_lets_no_other_site_read_it(known: dict[str, Any]) -> None:  # noqa: F811
    for route, answer in answers(
        Client(headers={"Origin": "https://evil.example"}), matrix.API, matrix.KEYS, known
    ).items():
        if route.startswith("/api/"):
            assert answer["Cache-Control"] == "no-store", route
        assert "Access-Control-Allow-Origin" not in answer.headers, route


def test_cookies_are_for_this_site_alone_and_out_of_the_reach_of_scripts(db: None) -> None:
    User.objects.create_superuser("grace", password="correct horse")
    client = Client()
    client.post("/admin/login/", {"username": "grace", "password": "correct horse"})
    client.get("/admin/contacts/contact/add/")
    client.post("/i18n/setlang/", {"language": "fr"})
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "django_language"} <= client.cookies.keys()
    assert {cookie["samesite"] for cookie in client.cookies.values() if cookie.value} == {"Lax"}
    assert client.cookies[settings.SESSION_COOKIE_NAME]["httponly"]


SHOWN = """
from django.conf import settings as s
print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS >= 31536000)
print(s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.DEBUG)
"""


@pytest.mark.parametrize(
    ("url", "told"), [("https://pay.example", "True True True True True False"), ("http://127.0.0.1", "False " * 6)]
)
def test_at_an_encrypted_address_everything_is_strict(url: str, told: str, tmp_path: Path) -> None:
    made = {"SECRET_KEY": "x" * 50, "ENCRYPTION_KEYS": "x", "PUBLIC_URL": url, "DATA_DIR": str(tmp_path)}
    made |= {"DJANGO_SETTINGS_MODULE": "config.settings", "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", SHOWN], env=made, capture_output=True, text=True, check=True)
    assert done.stdout.split() == told.split()
