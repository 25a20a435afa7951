"""What we hold of a person, wherever it lies: to be handed out as one document, or to be erased.

Contacts cannot know which apps hold something of people, so each app registers a `Holder` when it is ready.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CharField, Model, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts import suppressing
from contacts.importing import traces
from contacts.models import Contact
from contacts.services import email_key, emails_of


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
        "suppressed": [
            plain(found, without=("id", "digest"))
            for email in emails_of(contact)
            if (found := suppressing.of(email_key(email)))
        ],
        "rows_of_files": traces.rows_of(contact),
        "tags": [tag.name for tag in contact.tags.all()],
        "changes_of_lists": [
            {"list": one.contact_list.name} | plain(one, without=("id", "contact", "contact_list"))
            for one in contact.consents.select_related("contact_list")
        ],
        "lists": [{"list": one.contact_list.name} | plain(one, without=("contact",)) for one in standings],
    }


def _erase(contact: Contact) -> None:
    traces.erase(contact)
    for email in emails_of(contact):
        suppressing.forget(email_key(email))
    forget_in_log([contact.pk])
    contact.delete()


def forget_in_log(contacts: Iterable[int]) -> None:
    """Take the names of contacts, by their ids, out of the admin's own log, and the sentences in which they stand."""
    kind, numbers = ContentType.objects.get_for_model(Contact), [str(pk) for pk in contacts]
    rows = LogEntry.objects.filter(content_type=kind, object_id__in=numbers)
    rows.update(object_repr=Concat(Value("#"), "object_id", output_field=CharField()), change_message="")


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
