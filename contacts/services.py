"""What is done to contacts: finding or making them by e-mail, tags, and who is on which list."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from contacts import consents
from contacts.models import MAIL_SERVER, Confirmation, Contact, ContactList, FormerContact, Standing, Tag
from contacts.signals import people_subscribed, people_tagged

PROFILE_FIELDS = ("first_name", "last_name", "phone", "company")
LIMITS: dict[str, int] = {
    field.attname: getattr(field, "max_length", 0) or 0 for field in Contact._meta.concrete_fields
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a store knows of a person beside the e-mail; blank where it knows nothing.

    `accepts_marketing` is what the person told the store, None where it does not say; it is kept on no contact.
    """

    email: str
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    company: str = ""
    accepts_marketing: bool | None = None


def email_key(email: str) -> str | None:
    """Fold an e-mail into the key that people are matched by; None where it is no address at all."""
    key = email.strip().casefold()
    local, _, domain = key.rpartition("@")
    usable = local and domain and len(key) <= LIMITS["email"]
    return key if usable and not any(character.isspace() for character in key) else None


def split_name(name: str) -> tuple[str, str]:
    """Split a full name at its last space; a single word is the first name."""
    first, _, last = name.strip().rpartition(" ")
    return (first.strip(), last) if first else (last, "")


def find_by_email(emails: Iterable[str]) -> dict[str, Contact]:
    """Return the contacts that have these e-mails, by their key.

    Who was merged into another is found by the old e-mail too. One query, and a second one where e-mails are unknown.
    """
    keys = {key for email in emails if (key := email_key(email))}
    found = {contact.email_key or "": contact for contact in Contact.objects.filter(email_key__in=keys)}
    # asked afterwards, so that whoever is merged at this very moment is found by one of the two
    if unknown := keys - found.keys():
        former = FormerContact.objects.filter(email_key__in=unknown).select_related("contact")
        found |= {row.email_key or "": row.contact for row in former}
    return found


def emails_of(contact: Contact) -> list[str]:
    """List a person's e-mail, and those they had before they were merged."""
    former = contact.former.exclude(email="").values_list("email", flat=True)
    return [email for email in (contact.email, *former) if email]


def find_locked(emails: Iterable[str]) -> dict[str, Contact]:
    """Find contacts as `find_by_email` does, and lock them, in order, until the end of the transaction."""
    found = find_by_email(emails)
    rows = Contact.objects.select_for_update(no_key=True).filter(pk__in={contact.pk for contact in found.values()})
    locked = {contact.pk: contact for contact in rows.order_by("pk")}
    return {key: locked[contact.pk] for key, contact in found.items() if contact.pk in locked}


@transaction.atomic(savepoint=False)
def upsert_contacts(profiles: Iterable[Profile]) -> dict[str, Contact]:
    """Find or make a contact for every usable e-mail, in a fixed number of statements, and return them by key.

    What a store tells fills blanks only: a name that a marketer wrote is never overwritten. Two processes that meet
    on a new e-mail end with one contact, and since both go by the order of the keys, neither waits in a circle. Who
    was made just now `is_newcomer`.
    """
    by_key = {key: profile for profile in profiles if (key := email_key(profile.email))}
    found = find_by_email(by_key)
    _fill_blanks(found, by_key)
    missing = [_new_contact(key, profile) for key, profile in sorted(by_key.items()) if key not in found]
    if missing:
        Contact.objects.bulk_create(
            missing, update_conflicts=True, unique_fields=["email_key"], update_fields=["email_key"]
        )
    return found | {contact.email_key or "": contact for contact in missing}


def remove_tag(contacts: Iterable[int], name: str) -> int:
    """Take a tag from people, by their ids, and return how many of them had it; the tag itself stays."""
    links = Contact.tags.through.objects.filter(contact__in=contacts, tag__name__iexact=name)
    return links.delete()[0]


@transaction.atomic(savepoint=False)
def give_tags(wanted: Mapping[int, Iterable[str]], *, announce: bool = True) -> set[int]:
    """Give contacts, by their ids, tags by name, in at most five statements; return those to whom one was new.

    A tag is made if there is none of that name however capitalised. With `announce`, `people_tagged` tells of it.
    """
    if not wanted:
        return set()
    tags = _tags({name for names in wanted.values() for name in names})
    asked = {(pk, tags[name.casefold()]) for pk, names in wanted.items() for name in names}
    links = Contact.tags.through.objects
    new = asked - set(links.filter(contact__in=wanted).values_list("contact_id", "tag_id"))
    rows = [links.model(contact_id=contact, tag_id=tag) for contact, tag in sorted(new)]
    links.bulk_create(rows, ignore_conflicts=True)
    for tag in {tag for _contact, tag in new} if announce else ():
        people_tagged.send(Contact, contacts=[contact for contact, one in sorted(new) if one == tag], tag=tag)
    return {contact for contact, _tag in new}


def _tags(names: set[str]) -> dict[str, int]:
    """Find or make the tags of these names, by their folded names; neither database folds as Python does."""
    known = {name.casefold(): pk for name, pk in Tag.objects.values_list("name", "pk")}
    missing = {name.casefold(): name for name in sorted(names) if name.casefold() not in known}
    if not missing:
        return known
    Tag.objects.bulk_create([Tag(name=missing[key]) for key in sorted(missing)], ignore_conflicts=True)
    return {name.casefold(): pk for name, pk in Tag.objects.values_list("name", "pk")}


@transaction.atomic(savepoint=False)
def subscribe(
    contacts: Iterable[int],
    contact_list: int,
    *,
    source: str,
    overrules: bool = True,
    announce: bool = True,
    way: str = "",
    by: str = "",
) -> None:
    """Subscribe people, by their ids, to a list, in five statements; who is subscribed already stays so since then.

    Where the list asks people to confirm they are unconfirmed until they do, and an e-mail that asks them waits to be
    sent, in two more statements. Without `overrules`, who was unsubscribed by another source stays unsubscribed, and
    nobody is asked again. `source` is one of ours or the name of a store; `way` and `by` say more of it to the history
    of standings, into which all verbs here write. With `announce`, `people_subscribed` tells of those who are
    subscribed now.
    """
    ids, now = sorted(set(contacts)), timezone.now()
    asks = ContactList.objects.filter(pk=contact_list, double_opt_in=True).exists()
    state = Standing.State.UNCONFIRMED if asks else Standing.State.SUBSCRIBED
    rows = (
        Standing(contact_id=pk, contact_list_id=contact_list, state=state, source=source, changed_at=now) for pk in ids
    )
    Standing.objects.bulk_create(rows, ignore_conflicts=True)
    _change_standings(ids, contact_list, to=state, source=source, overrules=overrules, at=now)
    consents.note(ids, contact_list, at=now, source=source, way=way, by=by)
    if asks:
        _ask(ids, contact_list, since=None if overrules else now)
    elif announce:
        changed = Standing.objects.filter(contact__in=ids, contact_list=contact_list, changed_at=now)
        _tell(changed.order_by("contact_id").values_list("contact_id", flat=True), contact_list)


@transaction.atomic(savepoint=False)
def confirm(
    contacts: Iterable[int], contact_list: int, *, source: str, reason: str = "", way: str = "", by: str = ""
) -> int:
    """Take people, by their ids, as subscribed who are unconfirmed or bounced; return how many there were."""
    states = (Standing.State.UNCONFIRMED, Standing.State.BOUNCED)
    rows = Standing.objects.filter(contact__in=contacts, contact_list=contact_list, state__in=states)
    locked = dict(rows.select_for_update().order_by("pk").values_list("pk", "contact_id"))
    now = timezone.now()
    rows = Standing.objects.filter(pk__in=locked)
    rows.update(state=Standing.State.SUBSCRIBED, source=source, reason=reason, changed_at=now)
    consents.note(locked.values(), contact_list, at=now, source=source, way=way, by=by)
    _tell(locked.values(), contact_list)
    return len(locked)


def _tell(contacts: Iterable[int], contact_list: int) -> None:
    if ids := list(contacts):
        people_subscribed.send(Standing, contacts=ids, contact_list=contact_list)


@transaction.atomic(savepoint=False)
def bounce(contact: int, contact_list: int | None = None) -> None:
    """Note that a person's mail server refuses for good what a list sends, or any; who is unsubscribed stays so."""
    rows = Standing.objects.filter(contact=contact, **({"contact_list": contact_list} if contact_list else {}))
    refused = rows.exclude(state__in=[Standing.State.UNSUBSCRIBED, Standing.State.BOUNCED])
    now = timezone.now()
    refused.update(state=Standing.State.BOUNCED, source=MAIL_SERVER, reason="", changed_at=now)
    consents.note([contact], contact_list, at=now, source=MAIL_SERVER, way="", by="")


@transaction.atomic(savepoint=False)
def leave(contact: int, *, source: str, but: Collection[int] = (), way: str = "") -> int:
    """Unsubscribe a person from every list but these, in two statements; return how many they have left."""
    rows = Standing.objects.filter(contact=contact).exclude(contact_list__in=but)
    left = rows.exclude(state__in=_STAYING[Standing.State.UNSUBSCRIBED])
    now = timezone.now()
    count = left.update(state=Standing.State.UNSUBSCRIBED, source=source, reason="", changed_at=now)
    consents.note([contact], None, at=now, source=source, way=way, by="")
    return count


@transaction.atomic(savepoint=False)
def unsubscribe(
    contacts: Iterable[int], contact_list: int, *, source: str, overrules: bool = True, way: str = "", by: str = ""
) -> None:
    """Unsubscribe people, by their ids, from a list, in two statements; who is not subscribed stays as they are.

    Without `overrules`, who was subscribed by another source stays subscribed.
    """
    ids, now = list(contacts), timezone.now()
    state = Standing.State.UNSUBSCRIBED
    _change_standings(ids, contact_list, to=state, source=source, overrules=overrules, at=now)
    consents.note(ids, contact_list, at=now, source=source, way=way, by=by)


# state -> those who do not take it, since they have it or more already
_STAYING = {
    Standing.State.SUBSCRIBED: [Standing.State.SUBSCRIBED],
    Standing.State.UNCONFIRMED: [Standing.State.UNCONFIRMED, Standing.State.SUBSCRIBED],
    Standing.State.UNSUBSCRIBED: [Standing.State.UNSUBSCRIBED],
}


def _change_standings(
    contacts: Iterable[int],
    contact_list: int,
    *,
    to: Standing.State,
    source: str,
    overrules: bool,
    at: datetime,
) -> None:
    rows = Standing.objects.filter(contact__in=contacts, contact_list=contact_list)
    others = rows.exclude(state__in=_STAYING[to])
    changed = others if overrules else others.filter(source=source)
    changed.update(state=to, source=source, reason="", changed_at=at)


def _ask(contacts: Iterable[int], contact_list: int, *, since: datetime | None) -> None:
    """Have an e-mail sent to who is unconfirmed, or became so at that moment, unless one waits already."""
    rows = Standing.objects.filter(
        contact__in=contacts, contact_list=contact_list, state=Standing.State.UNCONFIRMED
    ).exclude(contact__email_key=None)
    if since:
        rows = rows.filter(changed_at=since)
    people = rows.order_by("contact_id").values_list("contact_id", flat=True)
    asked = [Confirmation(contact_id=pk, contact_list_id=contact_list) for pk in people]
    Confirmation.objects.bulk_create(asked, ignore_conflicts=True)


def _new_contact(key: str, profile: Profile) -> Contact:
    contact = Contact(email=profile.email.strip(), email_key=key, **_fitting(profile))
    contact.is_newcomer = True
    return contact


def _fitting(profile: Profile) -> dict[str, str]:
    """Cut what a store sends to the length that a contact's own fields have; the payment keeps it whole."""
    return {name: getattr(profile, name).strip()[: LIMITS[name]] for name in PROFILE_FIELDS}


def _fill_blanks(contacts: dict[str, Contact], profiles: dict[str, Profile]) -> None:
    lacking = {contact.pk for key, contact in contacts.items() if _news(contact, profiles[key])}
    if not lacking:
        return
    # Read again under a lock, for a marketer may be writing at this very moment; in order, so that nobody waits in a
    # circle.
    locked = Contact.objects.select_for_update(no_key=True).filter(pk__in=lacking)
    filled = {contact.pk: contact for contact in locked.order_by("pk")}
    for key, contact in contacts.items():
        if one := filled.get(contact.pk):
            vars(one).update(_news(one, profiles[key]), updated_at=timezone.now())
            contacts[key] = one
    Contact.objects.bulk_update(filled.values(), [*PROFILE_FIELDS, "updated_at"], batch_size=500)


def _news(contact: Contact, profile: Profile) -> dict[str, str]:
    """Say what a store knows and the contact lacks."""
    return {name: value for name, value in _fitting(profile).items() if value and not getattr(contact, name)}
