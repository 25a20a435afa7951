"""Every page in Chromium, with names that are scripts: none runs, and no page does what its policy forbids."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page

from automations.email import addresses
from automations.models import Message
from tests.config import matrix
from tests.config.test_matrix import known, store  # noqa: F401
from tests.security.hostile import rename_everything

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WATCH = "addEventListener('securitypolicyviolation', e => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`))"
READERS = (addresses.UNSUBSCRIBE, addresses.PREFERENCES, addresses.BROWSER)


def pages(known: dict[str, Any]) -> list[str]:  # noqa: F811
    """List the addresses that answer an administrator with a page, and what readers of e-mails see."""
    client = Client()
    client.force_login(User.objects.get(username="anna"))
    found: dict[str, None] = {"/admin/nowhere/": None}
    for method, route, _ in matrix.rows(matrix.SITE, matrix.ROLES):
        if method == "GET" and "logout" not in route:
            answer = client.get(path := matrix.path(route, known))
            is_page = answer.status_code in (200, 404) and "text/html" in answer.get("Content-Type", "")
            found |= {path: None} if is_page and "Content-Disposition" not in answer else {}
    number = Message.objects.get().number
    return [*found, *(f"/e/{purpose}/{addresses.token(purpose, number)}" for purpose in READERS)]


def test_no_page_breaks_its_policy_or_runs_what_people_are_called(
    live_server: object,
    known: dict[str, Any],  # noqa: F811
    sign_in: Callable[..., Page],
    complaints: list[str],
) -> None:
    User.objects.create_superuser("anna", first_name="Anna")
    rename_everything()
    page, ran = sign_in("anna"), []
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: (ran.append(page.url), dialog.dismiss()))
    visited = pages(known)
    for path in visited:
        page.goto(path, wait_until="load")
    page.wait_for_timeout(200)
    forbidden = [told for told in complaints if "CSP" in told or "Content Security Policy" in told]
    complaints.clear()  # that something is not found is said there too
    assert (ran, forbidden) == ([], [])
    assert len(visited) > 90
