"""E-mails: writing them with tags, styles and signed links; taking in opens and clicks; draining them."""

import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import timezone, translation

from automations.campaigns import keeping
from automations.email import addresses, kept, sheets, writing
from automations.email.tracking import keeping as hits
from automations.email.tracking.hits import CLICKED, Hit
from automations.email.tracking.spool import Spool
from automations.models import Automation, AutomationVersion, Campaign, Engagement, Enrolment, Message
from contacts.models import Contact
from subscriptions.models import RecurringPayment, Store
from tests.benchmarks.applying import empty
from tests.benchmarks.clients import Ask, rate
from tests.benchmarks.figures import Figure
from tests.benchmarks.servers import gunicorn

COMPOSED, REQUESTS, HITS, ROUNDS = 2_000, 2_000, 50_000, 5
BODY = """<h1>Hello {{ contact.first_name | default: "you" }}</h1>
<p>Your {{ recurring_payment.name }} renews on {{ recurring_payment.next_payment_date | date: "long" }}
for {{ recurring_payment.payment_amount }}.</p>
<table><tbody>{% for one in recurring_payment.line_items %}<tr><td>{{ one.name }}</td></tr>{% endfor %}</tbody></table>
<p><a class="button" href="https://shop.example/pay?for={{ contact.email }}">Pay</a>
<a href="https://shop.example/help?a=1&amp;b=2">Help</a> <a href="https://shop.example/">Shop</a></p>
{% if recurring_payment.is_trial %}<p>Your trial ends soon.</p>{% else %}<p>Thank you.</p>{% endif %}""" + (
    "<p>Some more words that everybody gets, as there are in any e-mail that a business writes.</p>" * 20
)
READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0"}


def measure(database: str, quick: bool) -> None:
    """Measure all of it."""
    empty()
    for model in (Message, Enrolment, Automation, Campaign):
        model._default_manager.all().delete()
    sheets.forget()
    campaign = keeping.create(name="Bench", draft={"subject": "{{ recurring_payment.name }}", "body": BODY})
    keeping.put_into_use(campaign)
    _composing(database, campaign, COMPOSED // 10 if quick else COMPOSED)
    if database == "sqlite":  # nothing of it asks the database
        _tracking(database, REQUESTS // 10 if quick else REQUESTS)
    _draining(database, campaign, HITS // 10 if quick else HITS)


def _composing(database: str, campaign: Campaign, count: int) -> None:
    """Write messages as the worker does, from the rows to what the mail server would get."""
    version = keeping.newest(campaign.pk)
    assert version
    contact = Contact(first_name="Ada", email="ada@example.com", language="fr", created_at=timezone.now())
    store = Store.objects.create(name="Bench", provider="stripe")
    now = timezone.now()
    payment = RecurringPayment.objects.create(
        store=store, store_recurring_payment_id="1", name="Pro", status="active", payment_amount="49", currency="EUR",
        next_payment_date=now, as_of=now,
    )  # fmt: skip
    sender, content = sheets.sender(), sheets.read(version)

    def compose() -> None:
        sheet = sheets.find(version, language="fr", sender=sender)
        letter = writing.Letter(
            sheet=sheet, content=content, sender=sender, contact=contact, payment=payment, opens=True, clicks=True
        )
        written = writing.write(letter)
        writing.message(letter, written).message().as_bytes()
        kept.pack(written.html, written.text, like=kept.like(sheet))

    with translation.override("fr"):
        compose()
        seconds = _timed(compose, count)
    Figure(
        name="composing",
        database=database,
        value=count / seconds,
        unit="a second",
        yardstick="300 messages a second a core, with tags, signed links and what is kept",
        ratio=count / seconds / 300,
        goal=1.0,
    ).emit()


def _tracking(database: str, requests: int) -> None:
    """Ask for opens and clicks, and for a view that does nothing at all."""
    target = "https://shop.example/pay?for=ada%40example.com"
    asks = {
        "tracking_open": _ask(f"/e/o/{addresses.token(addresses.OPEN, uuid.uuid4())}.gif"),
        "tracking_click": _ask(f"/e/c/{addresses.token(addresses.CLICK, uuid.uuid4(), target)}", status=302),
        "bare": _ask("/nothing/"),
    }
    with TemporaryDirectory() as folder, gunicorn(DATA_DIR=folder) as port:
        rounds = [{name: rate(port, [ask] * requests) for name, ask in asks.items()} for _round in range(ROUNDS)]
    for name in ("tracking_open", "tracking_click"):
        ratio, ours, bare = sorted((row[name] / row["bare"], row[name], row["bare"]) for row in rounds)[ROUNDS // 2]
        Figure(
            name=name,
            database=database,
            value=ours,
            unit="a second",
            yardstick=f"a view that answers with nothing, {bare:,.0f} a second",
            ratio=ratio,
            goal=0.7,
        ).emit()


def _ask(path: str, *, status: int = 200) -> Ask:
    return Ask(path=path, headers=READER, status=status)


def _draining(database: str, campaign: Campaign, count: int) -> None:
    """Write what lies in the spool to the database."""
    message = _message(campaign)
    with TemporaryDirectory() as folder:
        spool = Spool(Path(folder))
        started = time.perf_counter()
        for _hit in range(count):
            spool.write(Hit(message=message.number, kind=CLICKED, target="https://shop.example/pay"))
        written = time.perf_counter() - started
        spool.turn()
        started = time.perf_counter()
        assert spool.drain(hits.keep) == count
        seconds = time.perf_counter() - started
    assert Engagement.objects.count() == count
    Figure(
        name="draining_hits",
        database=database,
        value=count / seconds,
        unit="a second",
        yardstick=f"2,000 a second; they are written to the spool at {count / written:,.0f} a second",
        ratio=count / seconds / 2_000,
        goal=1.0,
    ).emit()


def _message(campaign: Campaign) -> Message:
    """Make one that somebody got an hour ago."""
    automation = Automation.objects.create(name="Bench")
    version = AutomationVersion.objects.create(automation=automation, number=1, flow={})
    contact = Contact.objects.create(email="bench@example.com", email_key="bench@example.com")
    way = Enrolment.objects.create(automation=automation, version=version, contact=contact, run_key="bench")
    sent = timezone.now() - timedelta(hours=1)
    return Message.objects.create(
        contact=way.contact, enrolment=way, step="m", campaign=campaign, state="sent", finished_at=sent, sent_at=sent
    )


def _timed(work: Callable[[], Any], count: int) -> float:
    started = time.perf_counter()
    for _time in range(count):
        work()
    return time.perf_counter() - started
