"""What processes write down: one JSON object a line, the request's id throughout, and never a secret or an address."""

import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from http.client import HTTPConnection
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import path

from config.logs import redaction, request_id
from config.logs.formatting import Json, Plain, WithoutPath
from config.logs.people import WithoutPeople
from integrations.api import keys
from subscriptions.models import RecurringPayment
from tests.config.test_queues import NOON
from tests.integrations.contracts import CONTRACTS, address, made, signed
from tests.integrations.house import WORKER, House
from tests.integrations.running import until
from tests.people import member

CANARY = "Fringilla"
RID = "a-proxy.has-given_this"


class Log:
    """What is written down, as programs read it."""

    def __init__(self) -> None:
        self.stream = StringIO()

    def lines(self, **wanted: Any) -> list[dict[str, Any]]:
        """Return the lines that say this."""
        written = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [line for line in written if wanted.items() <= line.items()]


@pytest.fixture
def log() -> Iterator[Log]:
    """The log as LOG_FORMAT=json has it."""
    log, root = Log(), logging.getLogger()
    handler = logging.StreamHandler(log.stream)
    handler.setFormatter(Json())
    handler.addFilter(WithoutPath())
    handler.addFilter(WithoutPeople())
    root.addHandler(handler)
    yield log
    root.removeHandler(handler)


def test_a_request_is_one_line_with_its_route_and_not_its_path(client: Client, db: None, log: Log) -> None:
    client.force_login(user := member("Viewer"))
    answer = client.get(f"/admin/people/?words={CANARY}", headers={"X-Request-ID": RID})
    [line] = log.lines(logger="ritournelle.requests")
    assert answer.headers["X-Request-ID"] == line["request_id"] == RID
    assert (line["method"], line["route"], line["status"]) == ("GET", "admin/people/", 200)
    assert (line["user_id"], line["level"]) == (user.pk, "info")
    assert line["ms"] > 0
    assert CANARY not in json.dumps(log.lines())


def test_a_key_of_the_api_is_named_by_its_number(client: Client, db: None, log: Log) -> None:
    key, secret = keys.issue(None, name="all")
    client.get("/api/v1/lists", headers={"Authorization": f"Bearer {secret}"})
    [line] = log.lines(logger="ritournelle.requests")
    assert (line["key_id"], "user_id" in line) == (key.pk, False)
    assert secret not in json.dumps(log.lines())


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "two words here", 'quote"quote', "né-en-juillet", "x\ty-zzzzz"]
)
def test_an_id_that_is_none_is_replaced(given: str) -> None:
    made_up = request_id.take(given)
    assert made_up != given
    assert request_id.take(made_up) == made_up


@pytest.mark.parametrize("route", ["/hooks/stripe/{}/", "/confirm/{}/", "/e/{}/", "/nowhere/{}/"])
def test_addresses_that_nobody_must_guess_are_in_no_line(route: str, client: Client, db: None, log: Log) -> None:
    client.post(route.format(f"{CANARY}0123456789abcdef"), b"{}", content_type="application/json")
    assert log.lines(logger="ritournelle.requests")
    assert CANARY not in json.dumps(log.lines())


TROUBLE = f"Key (email)=({CANARY}@example.com) rk_live_{CANARY}0123456789 password={CANARY}"


def explode(_request: Any, what: str) -> None:
    """Fail with a secret and an address in what is said."""
    raise ValueError(TROUBLE)


urlpatterns = [path("explode/<str:what>", explode)]


@override_settings(ROOT_URLCONF="tests.config.test_logs")
def test_a_traceback_is_one_field_and_holds_no_secret(client: Client, log: Log) -> None:
    client.raise_request_exception = False
    assert client.get(f"/explode/{CANARY}").status_code == 500
    [line] = [one for one in log.lines() if "traceback" in one]
    assert "in explode" in line["traceback"]
    assert line["message"] == "Internal Server Error: /explode/<str:what>"
    [answered] = log.lines(logger="ritournelle.requests")
    assert answered["request_id"] == line["request_id"]
    assert CANARY not in json.dumps(log.lines())


SECRETS = [
    f"sk_live_{CANARY}012345",
    f"rit_0a1b2c3d_{CANARY}",
    f"whsec_{CANARY}0123",
    f"Authorization: Bearer {CANARY}012345",
    f"authorization: basic {CANARY}012345",
    f"postgres://ritournelle:{CANARY}@db/payments",
    f"redis://:{CANARY}@127.0.0.1:6379/0",
    f'{{"client_secret": "{CANARY}"}}',
    f"https://shop.example/?consumer_key=ck_1&consumer_secret={CANARY}",
    f"api_key={CANARY}&x=1",
    f"/hooks/woocommerce/{CANARY}0123456789abcdef/",
    f"eyJhbGciOi.{CANARY}.c2ln",
]


@pytest.mark.parametrize("text", SECRETS)
@pytest.mark.parametrize("formatter", [Json(), Plain("{message}", style="{")])
def test_secrets_are_covered_by_their_looks(text: str, formatter: logging.Formatter) -> None:
    record = logging.LogRecord("any", logging.INFO, "", 1, "It said %s", (text,), None)
    assert CANARY not in formatter.format(record)
    assert redaction.COVER in formatter.format(record)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\x85", "\u2028", "\x1b[2K\r"])
def test_nobody_forges_a_line(newline: str) -> None:
    forged = "2026-01-01 00:00:00 INFO ritournelle: root signed in"
    plain = Plain("{levelname} {name}: {message}", style="{")
    fault = ValueError(f"no{newline}{forged}")
    told = f"It said no{newline}{forged}"
    record = logging.LogRecord("any", logging.INFO, "", 1, told, (), (ValueError, fault, None))
    lines = plain.format(record).splitlines()
    assert lines[0].startswith("INFO any: It said no")
    assert all(line.startswith("    ") for line in lines[1:])


@pytest.mark.parametrize(
    "text", ["A slice of the import 7 cannot be imported", "HTTP 429 after 3 attempts at 12:30:05"]
)
def test_ordinary_words_stay(text: str) -> None:
    assert redaction.redacted(text) == text


@pytest.mark.parametrize("text", ["secret" * 90_000, "a" * 500_000, "eyJ" * 200_000])
def test_an_endless_text_is_cut_off_and_takes_no_time(text: str) -> None:
    assert len(redaction.redacted(text)) <= redaction.MOST + 2


def test_the_secrets_of_the_installation_are_covered_wherever_they_stand(settings: Any) -> None:
    settings.SECRET_KEY = f"{CANARY}-without-any-looks"
    redaction._values.cache_clear()
    assert redaction.redacted(f"x{settings.SECRET_KEY}x") == f"x{redaction.COVER}x"
    redaction._values.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_a_webhook_s_work_in_a_worker_is_found_by_the_request_s_id(tmp_path: Path) -> None:
    woo = made("woocommerce")
    body, headers = signed(woo, CONTRACTS["woocommerce"].news("sub_1", "active", NOON + timedelta(minutes=1)))
    with ExitStack() as stack:
        house = House(stack, tmp_path, LOG_FORMAT="json", PYTHONWARNINGS="ignore")
        house.broker()
        house.web()
        house.start("worker", *WORKER)
        wire = HTTPConnection("127.0.0.1", house.web_port, timeout=30)
        wire.request("POST", f"{address(woo)}?token={CANARY}", body, headers | {"X-Request-ID": RID})
        assert wire.getresponse().headers["X-Request-ID"] == RID
        until(RecurringPayment.objects.exists)
        until(lambda: "process_inbox: success" in (tmp_path / "worker").read_text())
    lines = [
        json.loads(line)
        for name in ("web", "worker")
        for line in (tmp_path / name).read_text().splitlines()
        if line.startswith("{")
    ]
    [asked] = [line for line in lines if line.get("method") == "POST"]
    assert (asked["request_id"], asked["status"], asked["message"].count(woo.token)) == (RID, 200, 0)
    assert {line["task"] for line in lines if line.get("request_id") == RID and "task" in line} >= {
        "integrations.tasks.process_inbox"
    }
    assert CANARY not in json.dumps(lines)
    assert woo.token not in json.dumps(lines)
