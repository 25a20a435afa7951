"""A real Chromium on the real pages; no page may complain in its console, and a blocked script is a complaint."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests.plugins.requirements import chromium

# Playwright's own event loop runs in the thread of the tests, which therefore looks asynchronous to Django.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

SignIn = Callable[..., Page]
GRAVE = {"serious", "critical"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    with sync_playwright() as playwright:
        path = chromium()
        chrome = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield chrome
        chrome.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the consoles said; a test that provokes something clears it, anything else fails the test."""
    said: list[str] = []
    yield said
    assert said == []


@pytest.fixture
def sign_in(browser: Browser, live_server: Any, complaints: list[str]) -> Iterator[SignIn]:
    """Open a window in which somebody is signed in: `sign_in("anna", viewport=..., locale=...)`."""
    windows = []

    def open_window(username: str, **options: Any) -> Page:
        client = Client()
        client.force_login(User.objects.get(username=username))
        window = browser.new_context(base_url=live_server.url, **options)
        windows.append(window)
        name = settings.SESSION_COOKIE_NAME
        window.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = window.new_page()
        page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_window
    for window in windows:
        window.close()


@pytest.fixture
def barriers() -> Callable[[Page], list[str]]:
    """Name what axe finds that would seriously hinder somebody, and where."""

    def find(page: Page) -> list[str]:
        found = Axe().run(page).response["violations"]
        return [f"{one['id']}: {node['html']}" for one in found if one["impact"] in GRAVE for node in one["nodes"]]

    return find
