"""A small business with payments of every sort, made by chance from a seed: empty values, capitals, blanks, debts."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from automations.models import (
    Automation,
    AutomationVersion,
    Campaign,
    CampaignVersion,
    Engagement,
    Enrolment,
    Message,
    Sheet,
)
from contacts.models import Contact, ContactList, Standing, Tag
from subscriptions.models import LineItem, RecurringPayment, Store

START = datetime(2025, 10, 25, 21, 30, tzinfo=UTC)
CITIES = ("Chicago", "chicago ", "CHICAGO", "Évian", "évian", "", " ", "Lyon", "100% _town_")
CURRENCIES = ("EUR", "USD", "JPY", "")
STATUSES = ("active", "payment_failed", "paused", "cancelled", "pending")
AMOUNTS = ("0", "19.99", "49.9", "120", "0.0001", "1234567.8901", "-5.05", None)


def make(seed: int, *, size: int = 40) -> None:
    """Write it all."""
    chance = random.Random(seed)
    stores = [Store.objects.create(name=name, provider="stripe") for name in ("Shop", "Boutique")]
    people = _people(chance)
    payments = [_payment(chance, stores, people, number) for number in range(size)]
    RecurringPayment.objects.bulk_create(payments)
    payments = list(RecurringPayment.objects.order_by("pk"))
    LineItem.objects.bulk_create(
        _item(chance, payment, position) for payment in payments for position in range(chance.randrange(3))
    )
    _emails(chance, payments, people)


def _people(chance: random.Random) -> list[Contact]:
    names = ("Ada", "ada", "Bob", "")
    people = [
        Contact.objects.create(
            first_name=chance.choice(names),
            email=f"p{number}@example.com",
            email_key=f"p{number}@example.com",
            language=chance.choice(("en", "fr", "")),
        )
        for number in range(9)
    ]
    tags = [Tag.objects.create(name=name) for name in ("vip", "Trial", "unused")]
    lists = [ContactList.objects.create(name=name) for name in ("News", "Offers")]
    for person in people:
        person.tags.set(chance.sample(tags[:2], chance.randrange(3)))
        for one in chance.sample(lists, chance.randrange(3)):
            state = chance.choice(("subscribed", "unsubscribed"))
            Standing.objects.create(contact=person, contact_list=one, state=state, source="marketer", changed_at=START)
    return people


def moment(chance: random.Random) -> datetime | None:
    """Return a moment near the ends of days, months and years, some of them where clocks change; or none."""
    if chance.random() < 0.15:
        return None
    return START + timedelta(days=chance.choice((0, 1, 5, 6, 7, 36, 66, 67, 155, 365)), minutes=chance.randrange(400))


def _payment(chance: random.Random, stores: list[Store], people: list[Contact], number: int) -> RecurringPayment:
    def amount() -> Decimal | None:
        told = chance.choice(AMOUNTS)
        return None if told is None else Decimal(told)

    return RecurringPayment(
        store=chance.choice(stores),
        store_recurring_payment_id=f"sub_{number}",
        contact=chance.choice([*people[:7], None]),
        as_of=START,
        name=chance.choice(("Pro", "pro ", "Box", "")),
        status=chance.choice(STATUSES),
        last_payment_status=chance.choice(("completed", "declined", "")),
        currency=chance.choice(CURRENCIES),
        payment_amount=amount(),
        tax_amount=chance.choice((None, Decimal("1.5"))),
        discount_amount=amount(),
        billing_interval=chance.choice(("monthly", "yearly", "weekly", "")),
        billing_interval_count=chance.choice((None, 1, 2, 3)),
        total_cycles=chance.choice((None, 0, 1, 5, -3, 2**31 - 1)),
        is_trial=chance.choice((None, True, False, False)),
        billing_city=chance.choice(CITIES),
        start_date=moment(chance),
        next_payment_date=moment(chance),
        payment_method_expiration=chance.choice(
            (None, datetime(2026, 3, 1, tzinfo=UTC), datetime(2025, 12, 1, tzinfo=UTC))
        ),
        notes=chance.choice(([], ["a note"], ["A note ", "other"], [" "])),
    )


def _item(chance: random.Random, payment: RecurringPayment, position: int) -> LineItem:
    return LineItem(
        payment=payment,
        position=position,
        name=chance.choice(("Coffee", "coffee", "Tea", "")),
        categories=chance.choice(([], ["Food", "food "], ["Drink"], ["Food", "Drink"])),
        quantity=1,
        amount=Decimal(5),
    )


def _emails(chance: random.Random, payments: list[RecurringPayment], people: list[Contact]) -> None:
    campaigns = [
        Campaign.objects.create(name=name, kind=Campaign.Kind.AUTOMATED, version=1) for name in ("Hi", "Dunning")
    ]
    sheets = [_sheet(one) for one in campaigns]
    for automation in (_automation("Welcome"), _automation("Rescue")):
        for payment in chance.sample([*payments, None, None], 15):
            person = (payment.contact if payment else None) or chance.choice(people)
            way = Enrolment.objects.create(
                automation=automation,
                version=automation.versions.get(),
                contact=person,
                payment=payment,
                run_key=str(payment.pk if payment else random.random()),
                state=chance.choice(("active", "finished", "ended")),
                entered_at=moment(chance) or START,
                ended_at=moment(chance),
            )
            for step in range(chance.randrange(3)):
                _message(chance, way, step, chance.choice(sheets))


def _message(chance: random.Random, way: Enrolment, step: int, sheet: Sheet) -> None:
    message = Message.objects.create(
        contact=way.contact,
        enrolment=way,
        step=str(step),
        state=chance.choice(("sent", "sent", "sent", "failed")),
        campaign=sheet.version.campaign,
        sheet=sheet,
        sent_at=moment(chance),
    )
    for kind in chance.sample(("opened", "clicked", "replied", "bounced"), chance.randrange(4)):
        told: dict[str, Any] = {"target": "https://example.com"} if kind == "clicked" else {}
        Engagement.objects.create(message=message, kind=kind, at=START, is_machine=chance.random() < 0.3, **told)


def _automation(name: str) -> Automation:
    made = Automation.objects.create(name=name)
    AutomationVersion.objects.create(automation=made, number=1, flow={})
    return made


def _sheet(campaign: Campaign) -> Sheet:
    version = CampaignVersion.objects.create(campaign=campaign, number=1, content={})
    return Sheet.objects.create(version=version, language="en", sender=0, subject="", html="", text="")
