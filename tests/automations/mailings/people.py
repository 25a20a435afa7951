"""People on lists, campaigns that go to them, and the workers that see to it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from automations import sending
from automations.campaigns import keeping
from automations.mailings import audience, filling, planning
from automations.mailings.planning import Plan
from automations.models import Campaign, Mailing, Message
from automations.names import free_name
from contacts.models import Contact, ContactList
from contacts.services import subscribe

LETTER: dict[str, Any] = {"subject": "News for {{ contact.first_name | default: 'you' }}", "body": "<p>Text</p>"}


def crowd(count: int, name: str = "News") -> ContactList:
    """Make a list with so many people on it, p0@example.com and so on."""
    made, _is_new = ContactList.objects.get_or_create(name=name)
    emails = [f"p{number}@example.com" for number in range(count)]
    Contact.objects.bulk_create((Contact(email=one, email_key=one) for one in emails), ignore_conflicts=True)
    subscribe(Contact.objects.filter(email__in=emails).values_list("pk", flat=True), made.pk, source="person")
    return made


def campaign(**draft: Any) -> Campaign:
    """Write a direct campaign."""
    return keeping.create(name=free_name("Newsletter", Campaign), kind=Campaign.Kind.DIRECT, draft=LETTER | draft)


def plan(one: Campaign, *lists: ContactList, **asked: Any) -> Mailing:
    """Plan it for all whom it reaches now."""
    plan = Plan(lists=[each.pk for each in lists], **asked)
    return planning.plan(one, plan, confirmed=audience.count(plan.lists, plan.segment).people)


def work() -> None:
    """Do what workers do, as the sweep would find it."""
    past = timezone.now() - timedelta(seconds=1)
    Mailing.objects.filter(starts_at__lte=timezone.now()).update(claimed_until=past)
    filling.work(seconds=60)
    Message.objects.filter(state__in=Message.OPEN).update(claimed_until=past)
    sending.send(seconds=60)
    Mailing.objects.filter(starts_at__lte=timezone.now()).update(claimed_until=past)
    filling.work(seconds=60)
