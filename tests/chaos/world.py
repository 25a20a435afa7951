"""A sound house in the test's database, and what the world outside knows of it."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from automations import calling, running, sending
from automations.email.tracking import keeping as tracking
from automations.models import Enrolment
from config.audit.models import Entry
from contacts.models import Contact
from contacts.services import give_tags
from integrations import inbox
from integrations.models import Connection
from reports.performance import keeping
from subscriptions.models import Change, RecurringPayment, Store
from tests.automations.flows import CREATED, FAILED, publish, step, tag
from tests.automations.mailings.people import campaign, crowd, plan
from tests.automations.mailings.people import work as send_mailings
from tests.chaos.notes import Act, Read, Write
from tests.chaos.sinks import HookSink, MailSink
from tests.chaos.truth import told
from tests.chaos.witness import Witness
from tests.integrations.api.conftest import connected as plugin_connected
from tests.integrations.contracts import CONTRACTS, deliver, made
from tests.people import member
from tests.reports.business import kept
from tests.subscriptions.reports import report, tell

BODY = '<p>Text, and <a href="https://shop.example/more">more</a></p>'
MAIL = step("email", subject="Hello", body=BODY, about="service")
NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
POISON = "evt_poison"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A sound house, and what the world outside knows of it."""

    stripe: Connection
    api: Store
    witness: Witness

    def payment(self) -> RecurringPayment:
        """One of the shop's payments."""
        return self.stripe.store.recurring_payments.order_by("pk")[0]


@pytest.fixture
def sinks(settings: Any) -> Iterator[tuple[MailSink, HookSink]]:
    """Where what is sent ends."""
    with ExitStack() as stack:
        mail, hooks = stack.enter_context(MailSink()), stack.enter_context(HookSink())
        options = {"host": "127.0.0.1", "port": mail.port, "timeout": 5}
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
        settings.ALLOWED_PRIVATE_NETWORKS = ["127.0.0.0/8"]
        stack.callback(mail.shutdown)
        stack.callback(hooks.shutdown)
        yield mail, hooks


@pytest.fixture
def world(client: Client, sinks: tuple[MailSink, HookSink]) -> World:
    """Some payments by events and by our API, automations with people in them, a mailing, and a marketer's acts."""
    mail, hooks = sinks
    stripe, api = made("stripe"), plugin_connected("Store").store
    call = step("webhook", url=f"http://127.0.0.1:{hooks.port}/hook")
    publish(MAIL, tag("welcomed"), name="Payments", on=CREATED, runs="once_a_payment")
    publish(call, name="Failures", on=FAILED, runs="every_time")
    publish(call, name="Failures of people", on=FAILED, runs="once_a_contact")
    publish(MAIL, name="Tagged", on={"id": "t1", "on": "tagged", "tag": "vip"}, runs="once_a_contact")
    writes = tuple(_written(api))
    events = [_delivered(stripe, f"sub_{number}", "active") for number in range(2)]
    for number in range(3):
        status = "payment_failed" if number % 2 == 0 else "active"
        tell(stripe.store, report("sub_own", at=number, status=status, email="ada@example.com", payment_amount="5"))
    _delivered(stripe, "sub_bad", 1, key=POISON)
    _act(client)
    _worked()
    witness = Witness(
        truth={"stripe": told(stripe)},
        statuses={
            "stripe": dict(stripe.store.recurring_payments.values_list("store_recurring_payment_id", "store_status"))
        },
        accepted={"stripe": frozenset(events)},
        mails={number: len(times) for number, times in mail.taken.items()},
        calls={number: len(times) for number, times in hooks.taken.items()},
        writes=writes,
        acts=(Act(kind="person", what="walk-in@example.com", is_answered=True),),
        reads=tuple(_read(client, mail)),
        poisoned=frozenset({POISON}),
        audit_entries=(0, Entry.objects.count()),
    )
    return World(stripe=stripe, api=api, witness=witness)


def _delivered(stripe: Connection, subscription: str, status: Any, *, key: str = "") -> str:
    event = CONTRACTS["stripe"].news(subscription, status, NOON, key=key)
    assert deliver(stripe, event).status_code == 200
    return str(event["id"])


def _written(api: Store) -> Iterator[Write]:
    for number, status in enumerate(("active", "payment_failed", "active")):
        row = report("P-1", at=number, status=status, payment_amount=f"{number + 1}", email="p@example.com")
        outcome = tell(api, row, source=Change.Source.API)[0]
        yield Write(key=f"k{number}", payment="P-1", amount=f"{number + 1}.0000", status=status, outcome=outcome.value)
    yield Write(key="k3", payment="P-1", amount="4.0000", status="active")


def _act(client: Client) -> None:
    client.force_login(member("Marketer"))
    blank = dict.fromkeys(("first_name", "last_name", "email", "phone", "company"), "")
    client.post(reverse("admin:contacts_contact_add"), blank | {"email": "walk-in@example.com"})
    give_tags({Contact.objects.get(email="ada@example.com").pk: ["vip"]})
    plan(campaign(), crowd(2))


def _read(client: Client, mail: MailSink) -> Iterator[Read]:
    """Load what is in e-mails, each twice."""
    for number, path in mail.links * 2:
        kind = "opened" if path.endswith(".gif") else "clicked"
        yield Read(number=number, kind=kind, is_answered=client.get(path).status_code in {200, 302})
    tracking.drain()
    keeping.work(seconds=60)


def _worked() -> None:
    """Do what workers do, until nothing is left."""
    inbox.process()
    send_mailings()
    for _round in range(3):
        running.run(seconds=60)
        Enrolment.objects.filter(state="active").update(wake_at=timezone.now())
        sending.send(seconds=60)
        calling.call(seconds=60)
    running.run(seconds=60)
    kept.keep_up()
    keeping.work(seconds=60)
