"""/metrics: what all processes of a host count, and what the database says, for whoever has the token."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from automations.models import Message
from config.demo import ports
from config.metrics import files, gauges
from config.metrics.gauges import Collector
from integrations.models import Connection, Delivery
from subscriptions.models import RecurringPayment
from tests.automations.flows import publish
from tests.automations.mails import mail
from tests.automations.test_faults import mail_to
from tests.config.test_queues import CANCELLED, NOON, post
from tests.contacts.mail_server import mail_server
from tests.integrations.contracts import CONTRACTS, made
from tests.integrations.house import WORKER, House
from tests.integrations.running import until

TOKEN = "a-token-for-prometheus"
Told = dict[tuple[str, tuple[str, ...]], float]


def read(text: str) -> Told:
    """Read what Prometheus would, by name and values of labels."""
    families = list(text_string_to_metric_families(text))
    samples: list[Sample] = [sample for family in families for sample in family.samples]
    names = [(sample.name, tuple(sorted(sample.labels.items()))) for sample in samples]
    assert len(names) == len(set(names)), "a figure that is told twice"
    return {(one.name, tuple(value for _, value in sorted(one.labels.items()))): one.value for one in samples}


def scraped(port: int, token: str = TOKEN) -> tuple[int, Told]:
    wire = HTTPConnection("127.0.0.1", port, timeout=30)
    wire.request("GET", "/metrics", headers={"Authorization": f"Bearer {token}"})
    answer = wire.getresponse()
    return answer.status, read(answer.read().decode()) if answer.status == 200 else {}


@pytest.mark.django_db(transaction=True)
def test_web_and_worker_of_a_host_are_counted_together_and_the_worker_shows_it_too(tmp_path: Path) -> None:
    woo, news, own = made("woocommerce"), CONTRACTS["woocommerce"].news, ports.any_free()
    publish(mail(), on=CANCELLED)
    with ExitStack() as stack:
        server = stack.enter_context(mail_server())
        told = {"METRICS_TOKEN": TOKEN, "METRICS_DIR": str(tmp_path / "metrics"), "METRICS_PORT": str(own)}
        house = House(stack, tmp_path, EMAIL_URL=mail_to(server), **told)
        house.broker()
        house.start("web", *_gunicorn(house.web_port), "--workers", "2")
        until(lambda: ports.answers(house.web_port, "/healthz"))
        house.start("worker", *WORKER)
        post(house, woo, news("sub_1", "active", NOON))
        until(RecurringPayment.objects.exists)
        for minute in range(1, 4):
            post(house, woo, news("sub_1", "cancelled", NOON + timedelta(minutes=minute)))
        until(lambda: Message.objects.filter(state="sent").exists())
        until(lambda: not Delivery.objects.filter(state="waiting").exists())
        until(lambda: scraped(house.web_port)[1].get(("ritournelle_emails_total", ("sent",))) == 1)
        figures = scraped(house.web_port)[1]
        until(lambda: scraped(own)[0] == 200)
        of_worker = scraped(own)[1]
        assert scraped(house.web_port, "something else")[0] == scraped(own, "")[0] == 401
    assert figures["ritournelle_webhooks_total", ("kept", "woocommerce")] == 4
    [requests] = [value for (name, labels), value in figures.items() if _is_hook(name, labels)]
    assert requests == 4
    assert figures["ritournelle_tasks_total", ("success", "integrations.tasks.process_inbox")] >= 1
    assert figures["ritournelle_inbox_waiting", ("woocommerce",)] == 0
    assert of_worker["ritournelle_webhooks_total", ("kept", "woocommerce")] == 4
    assert not any(name == "ritournelle_inbox_waiting" for name, _ in of_worker)
    assert all(woo.token not in label for _, labels in figures for label in labels)


def _is_hook(name: str, labels: tuple[str, ...]) -> bool:
    return name == "ritournelle_http_requests_total" and "hooks/" in labels[1] and "200" in labels


def _gunicorn(port: int) -> tuple[str, ...]:
    options = ("--no-control-socket", "--log-level", "warning", "--bind", f"127.0.0.1:{port}")
    return (sys.executable, "-m", "gunicorn", "config.wsgi", *options)


@pytest.fixture
def asked(db: None) -> Iterator[Told]:
    """What the database tells of one event that waits since an hour, and one that failed."""
    connection, now = made("stripe"), timezone.now()
    Connection.objects.update(problem="unreachable", problem_at=now)
    for number, state in enumerate(("waiting", "failed", "applied")):
        Delivery.objects.create(
            connection=connection, key=str(number), event_type="x", occurred_at=now, due_at=now, claimed_until=now,
            received_at=now - timedelta(hours=1), body="{}", state=state,
        )  # fmt: skip
    registry = CollectorRegistry()
    registry.register(Collector())
    yield read(generate_latest(registry).decode())


def test_the_database_tells_what_waits_what_failed_and_who_is_in_trouble(asked: Told) -> None:
    assert asked["ritournelle_inbox_waiting", ("stripe",)] == 1
    assert 3600 <= asked["ritournelle_inbox_oldest_seconds", ("stripe",)] < 3700
    assert asked["ritournelle_inbox_failed", ("stripe",)] == 1
    assert asked["ritournelle_connections_in_trouble", ("unreachable", "stripe")] == 1
    assert asked["ritournelle_clock_late", ()] == 1


def test_every_part_of_the_house_tells_something(asked: Told) -> None:
    parts = {labels[0]: value for (name, labels), value in asked.items() if name == "ritournelle_told"}
    assert parts == dict.fromkeys(("house", "contacts", "subscriptions", "integrations", "automations", "reports"), 1.0)


def test_a_part_that_cannot_tell_takes_nothing_from_the_others(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Iterator[gauges.Gauge]:
        raise LookupError
        yield gauges.one("never", "", 1)

    monkeypatch.setitem(gauges._TELLERS, "reports", broken)
    told = {family.name: family for family in Collector().collect()}
    assert {sample.labels["part"]: sample.value for sample in told["ritournelle_told"].samples}["reports"] == 0
    assert "ritournelle_changes_pending" in told


def test_without_a_token_in_the_settings_there_is_no_such_address(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        assert client.get("/metrics", headers=headers).status_code == 404


COUNT = """
import os, prometheus_client
for _ in range({times}):
    if os.fork() == 0:
        prometheus_client.Counter("things", "Things", ("kind",)).labels("a").inc(2)
        prometheus_client.Histogram("spans", "Spans", buckets=(1, 2)).observe(1.5)
        os._exit(0)
    os.wait()
"""


def test_what_ended_processes_counted_stays_in_the_sums_and_not_in_a_file_each(tmp_path: Path) -> None:
    def told() -> Told:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(tmp_path))
        return read(generate_latest(registry).decode())

    _count(tmp_path, files.MANY + 1)
    before = told()
    assert before["things_total", ("a",)] == 2 * (files.MANY + 1)
    with files.locked(tmp_path):
        files.fold(tmp_path)
    assert len(list(tmp_path.glob("*.db"))) == 2
    assert told() == before
    _count(tmp_path, files.MANY)
    with files.locked(tmp_path):
        files.fold(tmp_path)
    after = told()
    assert after["things_total", ("a",)] == after["spans_count", ()] * 2 == 2 * (2 * files.MANY + 1)
    assert (after["spans_bucket", ("1.0",)], after["spans_bucket", ("2.0",)]) == (0, 2 * files.MANY + 1)


def _count(folder: Path, times: int) -> None:
    """Have so many processes count, and end."""
    told = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder)}
    subprocess.run([sys.executable, "-c", COUNT.format(times=times)], env=told, check=True)
