"""Writing to the audit log, and reading what it says about one thing."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import override

from config.audit import origin
from config.audit.actions import ACTIONS
from config.audit.models import Entry


def record(
    action: str, *, about: models.Model | type[models.Model] | None = None, request: Any = None, **detail: Any
) -> Entry:
    """Write down an act: call it in the transaction of the act, so that neither is there without the other.

    `action` is a code of ACTIONS. Who did it is the request's user or key; without a request it was a command. Raise
    ValueError for an unknown code, TypeError for a detail that is no plain value. A detail is kept for good: never
    give one that is secret, nor anything of a contact but its id.
    """
    if action not in ACTIONS:
        raise ValueError(f"There is no action “{action}”; add it to ACTIONS.")
    with override(None):  # words are kept untranslated, and translated for each reader
        told = {name: _plain(value) for name, value in detail.items()}
        return Entry.objects.create(action=action, detail=told, **_object(about), **asdict(origin.of(request)))


def about(subject: models.Model) -> QuerySet[Entry]:
    """Return the entries about one thing, newest first."""
    return Entry.objects.filter(object_type=subject._meta.label_lower, object_id=str(subject.pk))


def _object(about: models.Model | type[models.Model] | None) -> dict[str, str]:
    """Name a thing, or a kind of things, in plain words; one with an `audit_label` says itself how."""
    if about is None:
        return {}
    kind = about._meta.label_lower
    if isinstance(about, type):
        return {"object_type": kind}
    label = getattr(about, "audit_label", None)
    text = str(about) if label is None else label
    return {"object_type": kind, "object_id": str(about.pk), "object_label": text[:200].replace("\0", "")}


def _plain(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    raise TypeError(f"A detail must be a plain value, not {type(value).__name__}.")
