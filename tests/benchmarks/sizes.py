"""What grows, and by how much: bytes on PostgreSQL, with indexes, for a payment, a change, an event, an e-mail.

The product itself makes all rows: a shop tells of payments twice, an automation writes to each person, who opens it.
"""

import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from automations import publishing, running, sending
from automations.campaigns import keeping
from automations.email.tracking import keeping as hits
from automations.email.tracking.hits import OPENED, Hit
from automations.models import Automation, Campaign, Engagement, Enrolment, Message, Passage, Sender
from contacts.models import Contact
from integrations import inbox
from integrations.connecting import connect
from integrations.models import Connection, Delivery
from integrations.providers.base import Incoming
from reports.business import keeping as past
from reports.models import Episode, Movement
from subscriptions.models import Change, LineItem, RecurringPayment
from tests.benchmarks import crowd
from tests.benchmarks.applying import empty
from tests.benchmarks.emails import BODY
from tests.benchmarks.figures import Figure
from tests.integrations.contracts import encoded
from tests.integrations.woocommerce.contract import WOOCOMMERCE

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
# what grows -> the tables that it lies in, and how many bytes it may take
GROWS: dict[str, tuple[tuple[type[models.Model], ...], int]] = {
    "payment": ((RecurringPayment, LineItem), 4000),
    "contact": ((Contact,), 1500),
    "change": ((Change,), 1600),
    "event": ((Delivery,), 6000),
    "way": ((Enrolment, Passage), 2500),
    "e-mail": ((Message,), 3000),
    "open": ((Engagement,), 500),
}


def measure(database: str, quick: bool) -> None:
    """Live a little, and weigh the tables."""
    if database != "postgresql":
        return
    empty()
    for model in (Engagement, Message, Enrolment, Automation, Campaign, Delivery):
        model._default_manager.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL")
    _live(1000 if quick else 4000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    for name, (tables, most) in GROWS.items():
        _emit(name, sum(map(_size, tables)) / max(tables[0]._default_manager.count(), 1), most)
    _weigh_the_past(1000 if quick else 4000)


def _live(size: int) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    _publish()
    Sender.objects.update_or_create(pk=1, defaults={"per_minute": 10_000_000})
    shop = connect("woocommerce", name="Sizes", credentials=WOOCOMMERCE.credentials())[0]
    for minute, status in enumerate(("active", "cancelled")):
        for number in range(size):
            _tell(shop, number, status, minute)
        inbox.process()
        running.run(seconds=600)
    while sending.send(seconds=600):
        pass
    running.run(seconds=600)
    now = timezone.now()
    numbers = list(Message.objects.filter(state="sent").values_list("number", flat=True))
    hits.keep([_opened(number, now) for number in numbers])


def _weigh_the_past(size: int) -> None:
    """Weigh what reports keep of payments that have lived for some years."""
    empty()
    crowd.gather(people=size, payments=size)
    crowd.give_pasts()
    while past.work(seconds=600):
        pass
    crowd.settle()
    _emit("past", sum(map(_size, (Episode, Movement))) / size, 1500)


def _publish() -> None:
    campaign = keeping.create(name="Sizes", draft={"subject": "Bye", "body": BODY, "purpose": "service"})
    keeping.put_into_use(campaign)
    step = {"id": "e", "do": "email", "campaign": campaign.pk}
    trigger = {"id": "t1", "on": "updated", "field": "status", "to": "cancelled"}
    one = publishing.create(name="Sizes", draft={"triggers": [trigger], "runs": "every_time", "steps": [step]})
    publishing.publish(one)


def _tell(shop: Connection, number: int, status: str, minute: int) -> None:
    at = AT + timedelta(minutes=minute)
    event = WOOCOMMERCE.news(f"sub_{number}", status, at, customer_id=number + 1)
    event |= {"billing": event["billing"] | {"email": f"person{number}@example.com"}}
    told = Incoming(
        key=f"{number} {minute}",
        event_type="subscription.updated",
        occurred_at=at,
        subject=f"subscription:sub_{number}",
    )
    inbox.store(shop, told, encoded(event))


def _opened(number: uuid.UUID, now: datetime) -> Hit:
    return Hit(message=number, kind=OPENED, at=now.timestamp() + 60)


def _size(model: type[models.Model]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s)", [model._meta.db_table])
        return int(cursor.fetchone()[0])


def _emit(name: str, value: float, most: int) -> None:
    Figure(
        name=f"size_{name}",
        database="postgresql",
        value=value,
        unit="bytes",
        yardstick=f"{most:,} bytes, with indexes",
        ratio=value / most,
        goal=1.0,
        more_is_better=False,
    ).emit()
