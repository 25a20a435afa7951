"""Conditions that name a person by e-mail: when the person is erased, they name nobody, and mean what they meant."""

import json
from collections.abc import Collection
from typing import Any

from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast

from contacts.models import Contact
from contacts.services import email_key, emails_of

# An address that nobody has or ever will have (RFC 2606), so that it matches as many people as that of somebody erased.
NOBODY = "erased@erased.invalid"


def forget(contact: Contact, columns: Collection[tuple[type[Model], str]]) -> None:
    """Put nobody's address in the place of a person's, in the values of all conditions that some JSON columns hold.

    Only conditions are changed: a text, or an address that something is sent to, is not about the person.
    """
    keys = {key for email in emails_of(contact) if (key := email_key(email))}
    for model, column in columns:
        told = model._default_manager.annotate(told=Cast(column, TextField()))
        for row in told.filter(mentions(keys, "told")):
            rows = model._default_manager.filter(pk=row.pk)
            rows.update(**{column: _without(getattr(row, column), keys)})


def mentions(keys: Collection[str], *columns: str) -> Q:
    """Select what speaks of one of these in one of the columns, as it is or as JSON may write it; nothing for none."""
    wanted = Q(pk__in=[])
    for form in {form for key in keys for form in (key, json.dumps(key)[1:-1])}:
        for column in columns:
            wanted |= Q(**{f"{column}__icontains": form})
    return wanted


def _without(node: Any, keys: set[str]) -> Any:
    """Return a tree anew; a condition is what has an operator and a value."""
    if isinstance(node, list):
        return [_without(one, keys) for one in node]
    if not isinstance(node, dict):
        return node
    is_condition = "op" in node and "value" in node
    return {
        name: _replaced(one, keys) if is_condition and name == "value" else _without(one, keys)
        for name, one in node.items()
    }


def _replaced(value: Any, keys: set[str]) -> Any:
    if isinstance(value, list):
        return [_replaced(one, keys) for one in value]
    return NOBODY if isinstance(value, str) and email_key(value) in keys else value
