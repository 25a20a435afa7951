"""Two contacts that are one person become one contact, and nothing that is held of either is lost.

Contacts cannot know which apps hold something of people, so each app registers a `Mover` when it is ready.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from contacts import consents
from contacts.models import Confirmation, Contact, FormerContact, Standing
from contacts.services import PROFILE_FIELDS

FIELDS = ("email", *PROFILE_FIELDS)
_RANKS = {state: rank for rank, state in enumerate(Standing.State)}


class Gone(Exception):
    """One of the two is there no longer: somebody merged or erased it meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """How one app moves what it holds from one contact to another.

    `lock` makes those wait who write for people there, before the contacts are locked; `move` does it inside that
    transaction, from the first to the second.
    """

    app: str
    lock: Callable[[], None]
    move: Callable[[Contact, Contact], None]


_MOVERS: dict[str, Mover] = {}


def register(mover: Mover) -> None:
    """Ask this app too, from now on."""
    _MOVERS[mover.app] = mover


@transaction.atomic
def merge(kept: int, other: int, *, taken: Collection[str] = ()) -> Contact:
    """Merge the other contact into the kept one, by their ids, and return that.

    Blanks are filled in; of the fields in `taken` the other's values stand. The other's number and the e-mail that is
    not kept lead to the kept one from now on. Raise Gone where either is no contact. All who merge or write for people
    wait for each other in one order: the apps' own locks, then the contacts by their ids.
    """
    for mover in _MOVERS.values():
        mover.lock()
    rows = Contact.objects.select_for_update().filter(pk__in=[kept, other]).order_by("pk")
    locked = {contact.pk: contact for contact in rows}
    if len(locked) < 2:
        raise Gone
    target, source = locked[kept], locked[other]
    for mover in _MOVERS.values():
        mover.move(source, target)
    _move(source, target)
    _join(source, target, taken)
    return target


def find(number: int) -> Contact | None:
    """Return the contact of this number, or the one into whom it was merged; None where there is neither."""
    return Contact.objects.filter(pk=number).first() or follow(number)


def follow(number: int) -> Contact | None:
    """Return the contact that one of this number was merged into; None where there was none."""
    former = FormerContact.objects.filter(number=number).select_related("contact").first()
    return former.contact if former else None


def numbers_of(contact: Contact) -> set[int]:
    """List a person's number, and those they had before they were merged."""
    return {contact.pk, *contact.former.values_list("number", flat=True)}


def today(numbers: Collection[int]) -> set[int]:
    """Say whose these numbers are now: of who was merged meanwhile, that of whom they are."""
    former = FormerContact.objects.filter(number__in=numbers).values_list("contact_id", flat=True)
    return {*numbers, *former}


def _move(source: Contact, target: Contact) -> None:
    target.tags.add(*source.tags.all())
    source.tags.clear()
    _move_standings(source, target)
    source.former.update(contact=target)
    _move_confirmations(source, target)
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Contact), object_id=source.pk)
    entries.update(object_id=target.pk)


def _move_confirmations(source: Contact, target: Contact) -> None:
    """What waits to be sent for both about one list is sent once."""
    unsent = target.confirmations.filter(state__in=Confirmation.UNSENT).values("contact_list")
    source.confirmations.filter(state__in=Confirmation.UNSENT, contact_list__in=unsent).delete()
    source.confirmations.update(contact=target)


def _move_standings(source: Contact, target: Contact) -> None:
    """Of two standings on a list the one stands by which less may be sent, and of two alike the later one.

    The history of both becomes that of the one, with a word on what stands now where that is another than before.
    """
    source.consents.update(contact=target)
    now = timezone.now()
    known = {standing.contact_list_id: standing for standing in target.standings.all()}
    for standing in source.standings.all():
        present = known.get(standing.contact_list_id)
        if present and _strength(present) >= _strength(standing):
            standing.delete()
            continue
        if present:
            present.delete()
        standing.contact = target
        standing.save(update_fields=["contact"])
        consents.note_merged(standing, at=now)


def _strength(standing: Standing) -> tuple[int, float]:
    return _RANKS[Standing.State(standing.state)], standing.changed_at.timestamp()


def _join(source: Contact, target: Contact, taken: Collection[str]) -> None:
    """Write the fields that were chosen, and remember what the other was known by."""
    former = FormerContact(contact=target, number=source.pk, email=source.email, email_key=source.email_key)
    for name in PROFILE_FIELDS:
        if name in taken or not getattr(target, name):
            setattr(target, name, getattr(source, name) or getattr(target, name))
    target.language = target.language or source.language
    target.is_measured = target.is_measured and source.is_measured
    if source.email and ("email" in taken or not target.email):
        former.email, former.email_key = target.email, target.email_key
        target.email, target.email_key = source.email, source.email_key
    target.created_at = min(target.created_at, source.created_at)
    target.updated_at = timezone.now()
    _refuse_losses(source)
    source.delete()
    target.save()
    FormerContact.objects.filter(email_key=former.email_key).update(email="", email_key=None)
    former.save()


def _refuse_losses(source: Contact) -> None:
    """Hold every app to its word: deleting a contact would delete, or cut off, what still points at it."""
    for relation in Contact._meta.related_objects:
        left = relation.related_model._default_manager.filter(**{relation.field.name: source})
        if left.exists():
            raise RuntimeError(f"{relation.related_model._meta.label} is not moved when contacts are merged")
