"""The demo itself, twice on the same data: it starts, it can be signed in to, it goes on, and it leaves nothing."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

import pytest

from config.demo import ports
from tests.config.processes import naming, soon

ROOT = Path(__file__).parents[2]
LEFT_TO_THE_DEMO = (
    "DATABASE_URL",
    "REDIS_URL",
    "DEMO_PASSWORD",
    "SECRET_KEY",
    "ENCRYPTION_KEYS",
    "DJANGO_SETTINGS_MODULE",
)


class Demo:
    """A running demo, in a process group of its own, and what it has said."""

    def __init__(self, data, port):
        kept = {name: value for name, value in os.environ.items() if name not in LEFT_TO_THE_DEMO}
        environment = kept | {"DATA_DIR": str(data), "PORT": str(port)}
        command = [sys.executable, "-m", "config.demo"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **pipes)
        self.told = ""
        while "Ctrl-C stops it" not in self.told:
            line = self.process.stdout.readline()
            assert line, f"the demo has ended: {self.told}"
            self.told += line

    @property
    def password(self):
        return re.search(r"password (\S+)", self.told)[1]

    @property
    def dashboards(self):
        return re.findall(r"http://\S+/dashboard/", self.told)


@pytest.fixture
def demo(tmp_path):
    """Start a demo; whatever a failing test leaves is killed."""
    port = ports.any_free()
    yield lambda: Demo(tmp_path, port)
    for pid in naming(str(tmp_path)):
        os.kill(pid, signal.SIGKILL)


def _sign_in(port_of, name, password):
    """Sign in as a person would, and return the title of the page that follows."""
    browser = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
    with browser.open(f"{port_of}/admin/login/?next=/admin/") as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[1]
    fields = {"username": name, "password": password, "csrfmiddlewaretoken": token, "next": "/admin/"}
    with browser.open(f"{port_of}/admin/login/?next=/admin/", urlencode(fields).encode()) as page:
        return page.url


def _status(address):
    with build_opener(ProxyHandler({})).open(address) as page:
        return page.status


def _providers(data):
    """Name the kinds of stores that have told of a payment, as the demo's database has them."""
    named = (
        "SELECT DISTINCT provider FROM subscriptions_recurringpayment p JOIN subscriptions_store s ON s.id = store_id"
    )
    with closing(sqlite3.connect(data / "ritournelle.sqlite3")) as database:
        return {provider for (provider,) in database.execute(named)}


def test_it_starts_goes_on_and_leaves_nothing(demo, tmp_path):
    first = demo()
    address = re.search(r"ready:\s+(http://[^/\s]+)", first.told)[1]
    for name in ("admin", "marketer"):
        assert _sign_in(address, name, first.password) == f"{address}/admin/home/"
    assert [_status(dashboard) for dashboard in first.dashboards] == [200] * 4
    # supervisor, broker, mailbox, 4 shops, web and its two, worker and its two, clock
    assert len(naming(str(tmp_path))) >= 13
    assert soon(lambda: _providers(tmp_path) >= {"stripe", "woocommerce", "api"}), "stores have told nothing"
    assert soon(lambda: any((tmp_path / "mail").glob("*.eml")), seconds=90), "no automation has written to anybody"
    first.process.kill()
    assert soon(lambda: not naming(str(tmp_path))), "a killed demo leaves processes"

    second = demo()
    assert (second.password, second.dashboards) == (first.password, first.dashboards)
    assert _sign_in(address, "admin", second.password) == f"{address}/admin/home/"
    os.killpg(second.process.pid, signal.SIGINT)
    assert second.process.wait(timeout=20) == 0
    assert "Traceback" not in second.process.stdout.read()
    assert naming(str(tmp_path)) == []
