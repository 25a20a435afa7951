"""What stores have sent of a person: raw events, and the rows and answers of the API."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from config.api import reading_json
from contacts.models import Contact
from contacts.privacy import Holder
from contacts.services import emails_of
from integrations import masking
from integrations.models import (
    BatchSlice,
    Connection,
    Delivery,
    HistoricalSync,
    IdempotentAnswer,
    Reconciliation,
)
from subscriptions.models import StoreCustomer
from subscriptions.privacy import payments

# An id of so many signs that are not all digits stands for nothing else, wherever it is found.
_TELLING = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Traces:
    """By what a person is found at one store."""

    payments: frozenset[str]
    customers: frozenset[str]

    @property
    def ids(self) -> frozenset[str]:
        return self.payments | self.customers

    @property
    def subjects(self) -> list[str]:
        named = {"subscription": self.payments, "customer": self.customers}
        return [f"{kind}:{one}" for kind, ids in named.items() for one in ids]

    def in_text(self) -> list[str]:
        """Name the ids that can be looked for in any text."""
        return [one for one in self.ids if len(one) >= _TELLING and not one.isdecimal()]


def _traces(contact: Contact) -> dict[int, _Traces]:
    """Say of each store by what the person is known there."""
    customers = set(StoreCustomer.objects.filter(contact=contact).values_list("store", "store_customer_id"))
    known = list(payments(contact).values_list("store", "store_recurring_payment_id", "store_customer_id"))
    customers |= {(store, customer) for store, _id, customer in known if customer}
    return {
        store: _Traces(
            payments=frozenset(one for of, one, _customer in known if of == store),
            customers=frozenset(one for of, one in customers if of == store),
        )
        for store in {store for store, *_ in known} | {store for store, _id in customers}
    }


def _emails(contact: Contact) -> set[str]:
    """List the person's e-mails, those that only their payments know too."""
    told = {*emails_of(contact), *payments(contact).values_list("email", flat=True)}
    return {email.strip() for email in told if "@" in email}


def _events(contact: Contact) -> "QuerySet[Delivery]":
    of_email = _contains("body", _emails(contact)) | _contains("reason", _emails(contact))
    wanted = of_email
    for store, traces in _traces(contact).items():
        at_store = Q(subject__in=traces.subjects) | _contains("body", traces.in_text())
        wanted |= Q(connection__store=store) & at_store
    return Delivery.objects.filter(wanted).order_by("received_at", "pk")


def _answers(contact: Contact) -> "QuerySet[IdempotentAnswer]":
    told_as = f'"contact": {{"id": {contact.pk},'  # by whichever app, also of somebody without an e-mail
    wanted = _contains("body", {*_emails(contact), told_as})
    for store, traces in _traces(contact).items():
        of_store = Q(key__connection__store=store) | Q(key__connection=None)
        wanted |= of_store & _contains("body", [_quoted(one) for one in traces.payments])
    return IdempotentAnswer.objects.filter(wanted)


def _slices(contact: Contact) -> "QuerySet[BatchSlice]":
    """Find the slices of batches in which the person may be; their rows are looked at one by one afterwards."""
    told = BatchSlice.objects.annotate(told=Cast("outcomes", TextField()))
    wanted = _contains("rows", _emails(contact)) | _contains("told", _emails(contact))
    for store, traces in _traces(contact).items():
        of_store = Q(batch__connection__store=store) | Q(batch__connection=None)
        ids = [_quoted(one) for one in traces.ids]
        wanted |= of_store & (_contains("rows", ids) | _contains("told", ids))
    return told.filter(wanted)


def _contains(column: str, texts: Iterable[str]) -> Q:
    """Find a text as it is, and as JSON may write it; nothing where there is none to find."""
    found = Q(pk__in=[])
    for form in {form for text in texts for form in (text, _escaped(text))}:
        found |= Q(**{f"{column}__icontains": form})
    return found


def _escaped(text: str) -> str:
    """Write a text as JSON does that is ASCII only."""
    return json.dumps(text)[1:-1].replace('\\"', '"')


def _quoted(text: str) -> str:
    return f'"{text}"'


def _collect(contact: Contact) -> dict[str, Any]:
    return {
        "events": [_event(one) for one in _events(contact).select_related("connection__store")],
        "rows_to_come": [row for one in _slices(contact) for row in _rows_of(one, contact)],
    }


def _event(row: Delivery) -> dict[str, Any]:
    return {
        "store": row.connection.name,
        "event": row.event_type,
        "received_at": row.received_at.isoformat(),
        "content": _readable(row.body),
    }


def _readable(body: str) -> Any:
    """Return what came, with its secrets covered as on its page: whoever exports a person may not see them either."""
    try:
        return masking.masked(json.loads(body))
    except (ValueError, RecursionError):
        return masking.readable(body)


def _rows_of(part: BatchSlice, contact: Contact) -> list[Any]:
    """Return the rows that wait in a slice and are the person's."""
    emails, traces = _folded(contact), _traces(contact)
    rows = _kept(part)
    return [masking.masked(row) for store, _announce, row in rows if _is_theirs(row, emails, traces.get(store))]


def _erase(contact: Contact) -> None:
    _events(contact).delete()
    _answers(contact).delete()
    for part in _slices(contact).select_for_update(of=("self",)):
        _blank(part, contact)
    for model in (HistoricalSync, Reconciliation, Connection):
        model._default_manager.filter(_contains("problem_detail", _emails(contact))).update(problem_detail="")


def _blank(part: BatchSlice, contact: Contact) -> None:
    """Empty the person's rows and outcomes; the others keep their places."""
    emails, traces = _folded(contact), _traces(contact)
    rows = [
        (store, announce, None if _is_theirs(row, emails, traces.get(store)) else row)
        for store, announce, row in _kept(part)
    ]
    ids = {one for known in traces.values() for one in known.payments}
    part.rows = reading_json.keep(rows) if part.rows else ""
    part.outcomes = part.outcomes and [_blanked(one, ids, emails) for one in part.outcomes]
    part.save(update_fields=["rows", "outcomes"])


def _blanked(outcome: dict[str, Any], ids: set[str], emails: set[str]) -> dict[str, Any]:
    text = json.dumps(outcome, ensure_ascii=False).casefold()
    if outcome["id"] not in ids and not any(email in text for email in emails):
        return outcome
    kept = outcome | {"id": None}
    return kept | {"errors": []} if "errors" in kept else kept


def _kept(part: BatchSlice) -> list[tuple[int, bool, Any]]:
    return reading_json.read_kept(part.rows) if part.rows else []


def _folded(contact: Contact) -> set[str]:
    return {email.casefold() for email in _emails(contact)}


def _is_theirs(row: Any, emails: set[str], traces: _Traces | None) -> bool:
    """Tell whether a row names the person by e-mail, payment or customer number."""
    if not isinstance(row, dict):
        return any(email in str(row).casefold() for email in emails)
    named = {row.get("store_recurring_payment_id"), row.get("store_customer_id")} if traces else set()
    text = reading_json.keep(row).casefold()
    return any(email in text for email in emails) or bool(traces and named & traces.ids)


HOLDER = Holder(
    app="integrations",
    collect=_collect,
    erase=_erase,
    words={"events": _("Events of stores"), "rows_to_come": _("Rows of the API that wait")},
)
