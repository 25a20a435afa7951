"""Without encryption people are led on and programs are refused; and no method repeats what was sent."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def encrypted(settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/api/v1/contacts", "/api/3/ecom/graphql", "/hooks/stripe/x/"])
def test_programs_are_refused_and_people_are_led_on(encrypted: None, path: str) -> None:
    answer = Client().post(path, {}, content_type="application/json")
    assert (answer.status_code, "Location" in answer.headers) == (403, False)
    assert answer.json() == {"detail": "Use https."}
    assert Client().post(path, {}, content_type="application/json", secure=True).status_code in (400, 401, 403, 404)
    led = Client().get("/admin/login/")
    assert (led.status_code, led["Location"]) == (301, "https://testserver/admin/login/")


def test_where_nothing_is_encrypted_nobody_is_refused() -> None:
    assert Client().get("/api/v1/contacts").status_code == 401


@pytest.mark.parametrize("path", ["/", "/healthz", "/admin/login/", "/api/v1/contacts", "/hooks/stripe/x/", "/e/u/x"])
def test_trace_repeats_nothing(path: str) -> None:
    answer = Client().trace(path, headers={"X-Canary": "Fringilla"})
    assert b"Fringilla" not in answer.content
    assert answer.get("Content-Type") != "message/http"
