"""What we hold of a person, wherever it lies: to be handed out as one document, or to be erased.

Contacts cannot know which apps hold something of people, so each app registers a `Holder` when it is ready.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts import suppressing
from contacts.importing import traces
from contacts.models import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """What one app holds of people.

    `collect` returns parts of the export by their names, as plain data for JSON. `erase` removes them for good, inside
    a transaction that holds the contact's row. `words` names the parts that are lists, for a reader.
    """

    app: str
    collect: Callable[[Contact], Mapping[str, Any]]
    erase: Callable[[Contact], None]
    words: Mapping[str, Any] = field(default_factory=dict)


_HOLDERS: dict[str, Holder] = {}


def register(holder: Holder) -> None:
    """Ask this app too, from now on; apps register after those that they import."""
    _HOLDERS[holder.app] = holder


def holders() -> list[Holder]:
    """List who is asked, in the order of registration."""
    return list(_HOLDERS.values())


def export(contact: Contact) -> dict[str, Any]:
    """Return everything that is held of a person, as plain data for JSON."""
    told: dict[str, Any] = {"exported_at": timezone.now().isoformat()}
    for holder in holders():
        told |= holder.collect(contact)
    return told


def amounts(contact: Contact) -> list[tuple[Any, int]]:
    """Count what is held of a person, part by part, each with its word."""
    return [
        (word, len(collected[part]))
        for holder in holders()
        if (collected := holder.collect(contact))
        for part, word in holder.words.items()
    ]


@transaction.atomic
def erase(contact: Contact) -> None:
    """Remove everything that is held of a person; all of it, or nothing where something fails.

    Whoever knows more goes first, since what they hold is found by what the others still have.
    """
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    for holder in reversed(holders()):
        holder.erase(locked)


def _collect(contact: Contact) -> dict[str, Any]:
    standings = contact.standings.select_related("contact_list")
    return {
        "contact": plain(contact),
        "confirmations": [plain(one, without=("contact", "token", "claim")) for one in contact.confirmations.all()],
        "former_contacts": [plain(one, without=("id", "contact", "email_key")) for one in contact.former.all()],
        "suppressed": plain(found, without=("id", "digest")) if (found := suppressing.of(contact.email_key)) else None,
        "rows_of_files": traces.rows_of(contact),
        "tags": [tag.name for tag in contact.tags.all()],
        "lists": [{"list": one.contact_list.name} | plain(one, without=("contact",)) for one in standings],
    }


def _erase(contact: Contact) -> None:
    traces.erase(contact)
    suppressing.forget(contact.email_key)
    # the admin's own log names people by what they were called
    mine = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Contact), object_id=str(contact.pk))
    mine.update(object_repr=f"#{contact.pk}")
    contact.delete()


def plain(row: Model, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a row's own columns as plain data for JSON."""
    columns = (column for column in row._meta.concrete_fields if column.name not in without)
    return {column.name: _plain(getattr(row, column.attname)) for column in columns}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value


HOLDER = Holder(
    app="contacts",
    collect=_collect,
    erase=_erase,
    words={"tags": _("Tags"), "lists": _("Lists"), "rows_of_files": _("Rows of imported files")},
)
