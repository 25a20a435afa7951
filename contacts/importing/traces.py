"""What files that are imported still hold of a person: rows that wait, and rows that had errors."""

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from contacts.models import Contact, ImportSlice
from contacts.services import email_key


def rows_of(contact: Contact) -> list[list[str]]:
    """List a person's rows: those in which their e-mail stands."""
    return [row[1] for part in _slices(contact) for row in _kept(part) if _names(row, contact)]


def erase(contact: Contact) -> None:
    """Take a person's rows out of the files; inside a transaction."""
    for part in _slices(contact).select_for_update():
        part.rows = _without(part.rows, contact)
        part.errors = _without(part.errors, contact)
        part.save(update_fields=["rows", "errors"])


def _slices(contact: Contact) -> "QuerySet[ImportSlice]":
    if not contact.email_key:
        return ImportSlice.objects.none()
    told = json.dumps(contact.email_key, ensure_ascii=False)[1:-1]
    return ImportSlice.objects.filter(Q(rows__icontains=told) | Q(errors__icontains=told)).order_by("pk")


def _kept(part: ImportSlice) -> Iterator[list[Any]]:
    for text in (part.rows, part.errors):
        yield from json.loads(text) if text else ()


def _without(text: str, contact: Contact) -> str:
    kept = [row for row in json.loads(text) if not _names(row, contact)] if text else []
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if text else ""


def _names(row: list[Any], contact: Contact) -> bool:
    return any(email_key(cell) == contact.email_key for cell in row[1])
