"""Some hundred rows of a file made into contacts, in a fixed number of statements, however often it happens."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from contacts.importing.rows import Person, Refused, person
from contacts.models import IMPORT, Contact, ContactImport, Standing
from contacts.services import PROFILE_FIELDS, find_locked, give_tags, subscribe

# A row as it is kept: its number, its cells, and whether it cannot be read.
type Kept = tuple[int, list[str], bool]
# The row again, the code of a reason, and what stood there.
type Error = tuple[int, list[str], str, str]


@dataclass(slots=True)
class Done:
    """What became of some rows."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ContactImport.COUNTS, 0))
    errors: list[Error] = field(default_factory=list)


@dataclass(slots=True)
class _Met:
    """A contact that rows speak of; `news` are the fields that they change, `tags` those that they give."""

    contact: Contact
    is_new: bool
    news: set[str] = field(default_factory=set)
    tags: dict[str, str] = field(default_factory=dict)
    rows: int = 0


def write(told: ContactImport, rows: Sequence[Kept]) -> Done:
    """Import rows, and say what became of them; call it in a transaction. Rows that were imported change nothing.

    Of several rows of one person the first makes the contact, and the others are about that. The contacts that there
    are stay locked until the end, so that what a marketer or a store writes meanwhile is not overwritten unseen.
    """
    done = Done()
    people = _read(told, rows, done)
    met = _meet(people)
    for told_of in people:
        _take(met[told_of.key], told_of, overwrites=told.overwrites)
    _save(met)
    everybody = {one.contact.pk: one for one in met.values()}
    changed = _tag(told, everybody) | _subscribe(told, everybody)
    for pk, one in everybody.items():
        _count(one, done, is_changed=bool(one.news) or pk in changed)
    return done


def _read(told: ContactImport, rows: Sequence[Kept], done: Done) -> list[Person]:
    people = []
    for number, cells, is_broken in rows:
        try:
            people.append(person(cells, told.mapping, is_broken=is_broken))
        except Refused as refused:
            done.errors.append((number, cells, refused.reason, refused.value))
    done.counts["failed"] = len(done.errors)
    return people


def _meet(people: Sequence[Person]) -> dict[str, _Met]:
    """Find the contacts by e-mail, or think of new ones; two e-mails may be those of one."""
    known = find_locked(one.email for one in people)
    kept = {contact.pk: _Met(contact=contact, is_new=False) for contact in known.values()}
    met = {key: kept[contact.pk] for key, contact in known.items()}
    for one in people:
        if one.key not in met:
            met[one.key] = _Met(contact=Contact(email=one.email, email_key=one.key), is_new=True)
    return met


def _take(met: _Met, told: Person, *, overwrites: bool) -> None:
    met.rows += 1
    for name, value in told.fields.items():
        present = getattr(met.contact, name)
        if value != present and (overwrites or not present):
            setattr(met.contact, name, value)
            met.news.add(name)
    met.tags |= {tag.casefold(): tag for tag in told.tags if tag.casefold() not in met.tags}


def _save(met: dict[str, _Met]) -> None:
    """Insert by the order of the keys, as all do who make contacts, so that nobody waits in a circle."""
    new = [met[key].contact for key in sorted(met) if met[key].is_new]
    if new:
        Contact.objects.bulk_create(
            new, update_conflicts=True, unique_fields=["email_key"], update_fields=["email_key"]
        )
    changed = {one.contact.pk: one.contact for one in met.values() if one.news and not one.is_new}
    for contact in changed.values():
        contact.updated_at = timezone.now()
    if changed:
        columns = [*PROFILE_FIELDS, "updated_at"]
        Contact.objects.bulk_create(
            changed.values(), update_conflicts=True, unique_fields=["pk"], update_fields=columns
        )


def _tag(told: ContactImport, everybody: dict[int, _Met]) -> set[int]:
    """Give the tags, and return to whom one was new."""
    common = {told.tag.casefold(): told.tag} if told.tag else {}
    wanted = {pk: list((common | one.tags).values()) for pk, one in everybody.items()}
    return give_tags({pk: names for pk, names in wanted.items() if names}, announce=False)


def _subscribe(told: ContactImport, everybody: dict[int, _Met]) -> set[int]:
    """Put on the list whom it does not know yet, and return them; who is unsubscribed stays so."""
    if told.contact_list_id is None:
        return set()
    known = Standing.objects.filter(contact__in=everybody, contact_list=told.contact_list_id)
    strangers = everybody.keys() - set(known.values_list("contact", flat=True))
    subscribe(strangers, told.contact_list_id, source=IMPORT, overrules=False, announce=False, by=f"#{told.pk}")
    return set(strangers)


def _count(met: _Met, done: Done, *, is_changed: bool) -> None:
    """Count each row of a person once: the first made or changed them, the others were about the same."""
    first = "created" if met.is_new else "changed" if is_changed else "unchanged"
    done.counts[first] += 1
    done.counts["unchanged"] += met.rows - 1
