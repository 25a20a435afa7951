"""A real Chromium on the real pages; no page may complain in its console, and a blocked script is a complaint."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

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


class Windows:
    """Windows of the browser that are used again, with what they have fetched, by one test after the other.

    Loading scripts and styles anew takes longer than most tests. A window forgets cookies, storage, permissions and
    the state of its network.
    """

    def __init__(self, browser: Browser, origin: str) -> None:
        self._browser, self._origin = browser, origin
        self._idle: dict[str, list[BrowserContext]] = {}

    def open(self, options: dict[str, Any]) -> BrowserContext:
        """Take a window of this kind."""
        idle = self._idle.get(_kind(options))
        return idle.pop() if idle else self._browser.new_context(base_url=self._origin, **options)

    def leave(self, window: BrowserContext, options: dict[str, Any]) -> None:
        """Let the next test have a window."""
        window.set_offline(False)
        window.unroute_all()
        page = window.pages[0] if window.pages else window.new_page()
        session = window.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": self._origin, "storageTypes": "local_storage"})
        for one in window.pages:
            one.close()
        window.clear_cookies()
        window.clear_permissions()
        self._idle.setdefault(_kind(options), []).append(window)


def _kind(options: dict[str, Any]) -> str:
    return repr(sorted(options.items()))


@pytest.fixture(scope="session")
def windows(browser: Browser, live_server: Any) -> Windows:
    """The windows of a process."""
    return Windows(browser, live_server.url)


@pytest.fixture
def sign_in(windows: Windows, live_server: Any, complaints: list[str]) -> Iterator[SignIn]:
    """Open a window in which somebody is signed in: `sign_in("anna", viewport=..., locale=...)`.

    One that is_changed for good, by a clock of its own or by permissions, is not used again.
    """
    opened = []

    def open_window(username: str, *, is_changed: bool = False, **options: Any) -> Page:
        client = Client()
        client.force_login(User.objects.get(username=username))
        window = windows.open(options)
        opened.append((window, options, is_changed))
        name = settings.SESSION_COOKIE_NAME
        window.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = window.new_page()
        page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_window
    for window, options, is_changed in opened:
        if is_changed:
            window.close()
        else:
            windows.leave(window, options)


@pytest.fixture
def barriers() -> Callable[[Page], list[str]]:
    """Name what axe finds that would seriously hinder somebody, and where."""

    def find(page: Page) -> list[str]:
        found = Axe().run(page).response["violations"]
        return [f"{one['id']}: {node['html']}" for one in found if one["impact"] in GRAVE for node in one["nodes"]]

    return find
