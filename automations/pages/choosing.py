"""Choosing a person, and one of their recurring payments, on a page of an automation."""

from typing import Any

from django.http import HttpRequest, QueryDict

from automations.flow.shape import Flow
from automations.pages import access
from config.seeking import typed
from contacts import searching
from contacts.models import Contact
from subscriptions.models import RecurringPayment

MOST = 8
MOST_PAYMENTS = 50


def asked(request: HttpRequest, told: QueryDict) -> dict[str, Any]:
    """Return what a page shows of it: who was found by `q`, the `contact`, their payments, and the `payment`."""
    if not access.person(request).has_perm("contacts.view_contact"):
        return {"refused": True}
    q = typed(told)
    found = list(searching.people(q)[: MOST + 1]) if q else []
    contact = Contact.objects.filter(pk=_number(told.get("contact"))).first()
    payments = list(_payments(contact)) if contact else []
    chosen = next((one for one in payments if one.pk == _number(told.get("payment"))), None)
    shown = {"q": q, "found": found[:MOST], "more": len(found) > MOST, "contact": contact}
    return shown | {"payments": payments, "payment": chosen or (payments[0] if payments else None)}


def is_about_payments(flow: Flow) -> bool:
    """Say whether a recurring payment can start it."""
    return any(trigger.kind.of_payments for trigger in flow.triggers)


def _payments(contact: Contact) -> Any:
    return RecurringPayment.objects.filter(contact=contact).newest_first().for_display()[:MOST_PAYMENTS]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 0
