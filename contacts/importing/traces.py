"""What files that are imported still hold of a person: rows that wait, and rows that had errors."""

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from contacts import conditions
from contacts.models import Contact, ContactImport, ImportSlice
from contacts.services import email_key, emails_of


def rows_of(contact: Contact) -> list[list[str]]:
    """List a person's rows: those in which their e-mail stands."""
    keys = _keys(contact)
    return [row[1] for part in _slices(contact) for row in _kept(part) if _names(row, keys)]


def erase(contact: Contact) -> None:
    """Take a person's rows out of the files; inside a transaction."""
    keys = _keys(contact)
    for part in _slices(contact).select_for_update():
        part.rows = _without(part.rows, keys)
        part.errors = _without(part.errors, keys)
        part.save(update_fields=["rows", "errors"])
    _erase_heads(keys)


def _erase_heads(keys: set[str]) -> None:
    """Take a person out of the names of files, and of columns, which a file without a header has in its first row."""
    every = ContactImport.objects.annotate(head=Cast("header", TextField()))
    for told in every.filter(conditions.mentions(keys, "file_name", "head")):
        told.file_name = "" if any(key in told.file_name.casefold() for key in keys) else told.file_name
        is_theirs = any(email_key(str(cell)) in keys for cell in told.header)
        told.header = ["" for _ in told.header] if is_theirs else told.header
        told.save(update_fields=["file_name", "header"])


def _slices(contact: Contact) -> "QuerySet[ImportSlice]":
    wanted = Q(pk__in=[])
    for key in _keys(contact):
        told = json.dumps(key, ensure_ascii=False)[1:-1]
        wanted |= Q(rows__icontains=told) | Q(errors__icontains=told)
    return ImportSlice.objects.filter(wanted).order_by("pk")


def _keys(contact: Contact) -> set[str]:
    return {key for email in emails_of(contact) if (key := email_key(email))}


def _kept(part: ImportSlice) -> Iterator[list[Any]]:
    for text in (part.rows, part.errors):
        yield from json.loads(text) if text else ()


def _without(text: str, keys: set[str]) -> str:
    kept = [row for row in json.loads(text) if not _names(row, keys)] if text else []
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if text else ""


def _names(row: list[Any], keys: set[str]) -> bool:
    return any(email_key(cell) in keys for cell in row[1])
