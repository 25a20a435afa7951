"""Queues by kind of work: a history that hangs delays nobody else, and a second clock does nothing twice."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from automations.models import Enrolment, Passage
from config.celery import PERIODIC, QUEUES, app
from config.pulse import beats
from config.pulse.models import Beat
from contacts.models import Contact
from integrations import history
from integrations.models import Connection, HistoricalSync
from subscriptions.models import RecurringPayment
from tests.automations.flows import publish, step, tag
from tests.automations.mails import mail
from tests.automations.test_faults import got, mail_to
from tests.contacts.mail_server import mail_server
from tests.integrations.conftest import connected
from tests.integrations.contracts import CONTRACTS, address, made, signed
from tests.integrations.house import CELERY, WORKER, House
from tests.integrations.running import until
from tests.integrations.shops import ServedShop, served

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
CANCELLED = {"id": "t1", "on": "updated", "field": "status", "to": "cancelled"}


def test_every_task_has_one_queue() -> None:
    app.autodiscover_tasks(force=True)
    ours = sorted(name for name in app.tasks if not name.startswith("celery."))
    assert sorted(task for tasks in QUEUES.values() for task in tasks) == ours


def test_a_worker_that_names_no_queue_takes_from_all_of_them() -> None:
    assert app.amqp.queues.consume_from.keys() == QUEUES.keys()


def post(house: House, connection: Connection, event: dict[str, Any]) -> None:
    """Deliver an event over the wire."""
    body, headers = signed(connection, event)
    wire = HTTPConnection("127.0.0.1", house.web_port, timeout=30)
    wire.request("POST", address(connection), body, headers)
    assert wire.getresponse().status == 200


def hang(shop: ServedShop) -> None:
    """Have the reading of a shop's history begin, and its first answer not come."""
    shop.faults.answer_delay = 30
    history.start(connected(shop))
    HistoricalSync.objects.update(claimed_until=timezone.now() - timedelta(minutes=1))
    until(lambda: HistoricalSync.objects.filter(state="running").exists())


def clock(house: House, folder: Path, name: str) -> None:
    house.start(name, *CELERY, "beat", "-l", "warning", "--pidfile", "", "-s", str(folder / name))


@pytest.mark.django_db(transaction=True)
def test_a_history_that_hangs_delays_no_webhook_and_no_e_mail_though_two_clocks_tick(tmp_path: Path) -> None:
    woo, news = made("woocommerce"), CONTRACTS["woocommerce"].news
    publish(mail(), step("wait", "w", **{"for": {"n": 1, "unit": "minutes"}}), tag("after"), on=CANCELLED)
    with ExitStack() as stack:
        server, shop = stack.enter_context(mail_server()), ServedShop(subscriptions=30)
        stack.enter_context(served(shop))
        house = House(stack, tmp_path, EMAIL_URL=mail_to(server))
        house.broker()
        house.web()
        house.start("history", *WORKER, "-n", "history@%h", "-Q", "history")
        house.start("others", *WORKER, "-n", "others@%h", "-Q", ",".join(QUEUES.keys() - {"history"}))
        clock(house, tmp_path, "first")
        clock(house, tmp_path, "second")
        hang(shop)
        post(house, woo, news("sub_1", "active", NOON))
        until(RecurringPayment.objects.exists)
        post(house, woo, news("sub_1", "cancelled", NOON + timedelta(minutes=1)))
        until(lambda: Enrolment.objects.filter(step="w", has_begun=True).exists())
        Enrolment.objects.update(arrived_at=timezone.now() - timedelta(hours=1), wake_at=timezone.now())
        until(lambda: Passage.objects.filter(step="after").exists())
        assert [(one.state, one.pages) for one in HistoricalSync.objects.all()] == [("running", 0)]
        assert list(got(server).values()) == [1]
        assert Contact.objects.get().tags.count() == 1
        until(lambda: Beat.objects.filter(task__endswith="sweep").count() == 5)
        assert beats.late() is None


@pytest.mark.django_db
def test_what_the_clock_no_longer_does_is_late_and_what_is_new_or_rare_is_not() -> None:
    everything = beats.late()
    assert everything is not None
    often = {task for task, seconds in PERIODIC.items() if seconds <= 60}
    assert (everything.since, set(everything.tasks)) == (None, often)
    for task in app.conf.beat_schedule:
        beats.note(task)
    assert beats.late() is None
    Beat.objects.filter(task="reports.tasks.count").delete()
    since = timezone.now() - timedelta(hours=10)
    Beat.objects.filter(task__in=["contacts.tasks.sweep", "integrations.tasks.retire_old_secrets"]).update(
        done_at=since
    )
    assert beats.late() == beats.Late(since=since, tasks=("contacts.tasks.sweep",))
    beats.note("contacts.tasks.sweep")
    assert beats.late() is None
