"""Whom and which recurring payment a request means."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet

from config.api.refusals import Refused
from contacts.merging import find
from contacts.models import Contact
from contacts.services import email_key, find_by_email
from subscriptions.models import RecurringPayment

_LARGEST = 2**63 - 1


def contact(named: int | str) -> Contact:
    """Return the contact of an id or an e-mail, also of one that was merged into them; raise Refused."""
    if isinstance(named, str) and not _is_number(named):
        found = find_by_email([named]).get(email_key(named) or "")
    else:
        found = find(int(named)) if 0 < int(named) <= _LARGEST else None
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such contact.", {"contact": "is not known"})
    return found


def payment(named: Any, whose: Contact) -> RecurringPayment:
    """Return the recurring payment of a store's own id, of that contact rather than of another; raise Refused.

    `named` is the id, or {"store_recurring_payment_id", "legacy_connection_id"} where several connections have it.
    """
    told = {"store_recurring_payment_id": named} if isinstance(named, str) else named
    found = list(_payments(told).select_related("store")[:100])
    own = [one for one in found if one.contact_id == whose.pk] or found
    if len(own) != 1:
        reason = "is in several connections: name legacy_connection_id too" if own else "is not known"
        status = HTTPStatus.BAD_REQUEST if own else HTTPStatus.NOT_FOUND
        raise Refused(status, "Which recurring payment is meant is not clear.", {"recurring_payment": reason})
    return own[0]


def _payments(told: dict[str, Any]) -> QuerySet[RecurringPayment]:
    one, store = told.get("store_recurring_payment_id"), told.get("legacy_connection_id")
    is_clear = told.keys() <= {"store_recurring_payment_id", "legacy_connection_id"}
    if not (is_clear and isinstance(one, str) and type(store) in (int, type(None)) and one.isprintable()):
        errors = {
            "recurring_payment": "must have store_recurring_payment_id, a text, and may have legacy_connection_id"
        }
        raise Refused(HTTPStatus.BAD_REQUEST, "The recurring payment cannot be read.", errors)
    rows = RecurringPayment.objects.filter(store_recurring_payment_id=one)
    return rows if store is None else rows.filter(store=store if 0 < store <= _LARGEST else 0)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
