"""Whose recurring payment is it? Contacts are matched by the store's customer number first, then by e-mail."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from contacts.models import Contact
from contacts.services import PROFILE_FIELDS, Profile, email_key, find_by_email, upsert_contacts
from subscriptions.models import RecurringPayment, Store, StoreCustomer
from subscriptions.records import Record

Pair = tuple[Record, RecurringPayment | None]
_ADDRESSES = ("shipping", "billing")


@dataclass(slots=True)
class Matches:
    """Contact ids by the store's payment id, and the customer numbers whose contact is new or another one.

    `newcomers` are the contacts that were made just now.
    """

    contacts: dict[str, int | None] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    newcomers: set[int] = field(default_factory=set)


def match(store: Store, pairs: Iterable[Pair]) -> Matches:
    """Find, or make, the contact of each record, in a fixed number of statements.

    A payment that has a contact keeps it, unless its e-mail changed to that of another contact. Without an e-mail
    and without a known customer number it has none, until one arrives.
    """
    pairs = list(pairs)
    known = _known_customers(store, (record for record, _ in pairs))
    linked = [(record, payment) for record, payment in pairs if payment and payment.contact_id]
    loose = [(record, payment) for record, payment in pairs if not (payment and payment.contact_id)]
    matches = Matches()
    _keep_or_move(linked, matches)
    _link(loose, known | matches.customers, matches)
    return matches


def save_customers(store: Store, customers: dict[str, int]) -> None:
    """Remember which contact each customer number stands for."""
    rows = [
        StoreCustomer(store=store, store_customer_id=number, contact_id=contact)
        for number, contact in sorted(customers.items())
    ]
    StoreCustomer.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["store", "store_customer_id"], update_fields=["contact"]
    )


def waiting_for(store: Store, customers: Iterable[str]) -> Iterable[RecurringPayment]:
    """Find the payments of these customer numbers that have no contact yet."""
    return RecurringPayment.objects.filter(store=store, store_customer_id__in=customers, contact__isnull=True)


def consents(matches: Matches, records: Iterable[Record]) -> dict[int, bool]:
    """Say of each contact whether the store states that they accept marketing; of two statements the newer holds."""
    stated = sorted((record for record in records if _accepts(record) is not None), key=lambda record: record.version)
    told = ((matches.contacts[record.id], _accepts(record)) for record in stated)
    return {contact: accepts for contact, accepts in told if contact and accepts is not None}


def profile_of(record: Record) -> Profile:
    """Gather what is known of the person: from the store's customer, else the shipping, else the billing address."""
    sources = [_stated(record), *(_of_address(record, address) for address in _ADDRESSES)]
    named = next((source for source in sources if source["first_name"] or source["last_name"]), sources[0])
    rest: dict[str, Any] = {
        name: next((source[name] for source in sources if source[name]), "") for name in PROFILE_FIELDS
    }
    names = {name: named[name] for name in ("first_name", "last_name")}
    return Profile(email=_email(record), **rest | names)


def _stated(record: Record) -> dict[str, str]:
    return {name: getattr(record.profile, name, "") for name in PROFILE_FIELDS}


def _accepts(record: Record) -> bool | None:
    return record.profile.accepts_marketing if record.profile else None


def _of_address(record: Record, address: str) -> dict[str, str]:
    return {name: record.values.get(f"{address}_{name}") or "" for name in PROFILE_FIELDS}


def _email(record: Record) -> str:
    return record.values.get("email") or ""


def _customer(record: Record, payment: RecurringPayment | None) -> str:
    stored = payment.store_customer_id if payment else ""
    return str(record.values.get("store_customer_id", stored))


def _known_customers(store: Store, records: Iterable[Record]) -> dict[str, int]:
    numbers = {number for record in records if (number := record.values.get("store_customer_id"))}
    rows = StoreCustomer.objects.filter(store=store, store_customer_id__in=numbers)
    return dict(rows.values_list("store_customer_id", "contact_id"))


def _keep_or_move(linked: list[tuple[Record, RecurringPayment]], matches: Matches) -> None:
    moved = {record.id for record, payment in linked if _has_new_email(record, payment)}
    others = find_by_email(_email(record) for record, _ in linked if record.id in moved) if moved else {}
    for record, payment in linked:
        other = others.get(email_key(_email(record)) or "") if record.id in moved else None
        matches.contacts[record.id] = other.pk if other else payment.contact_id
        if other and (number := _customer(record, payment)):
            matches.customers[number] = other.pk


def _has_new_email(record: Record, payment: RecurringPayment) -> bool:
    key = email_key(_email(record))
    return key is not None and key != email_key(payment.email)


def _link(loose: list[Pair], known: dict[str, int], matches: Matches) -> None:
    """Give a contact to records that have none: one contact a customer number, whatever e-mails its payments name."""
    first = _first_of_each_person(loose, known)
    contacts: dict[str, Contact] = upsert_contacts(profile_of(record) for record in first.values()) if first else {}
    matches.newcomers |= {contact.pk for contact in contacts.values() if contact.is_newcomer}
    for record, payment in loose:
        person = _person(record, payment)
        contact = known.get(person) or _pk(contacts, first.get(person))
        matches.contacts[record.id] = contact
        number = _customer(record, payment)
        if contact and number and number not in known:
            matches.customers[number] = contact


def _first_of_each_person(loose: list[Pair], known: dict[str, int]) -> dict[str, Record]:
    first: dict[str, Record] = {}
    for record, payment in loose:
        person = _person(record, payment)
        if person not in known and email_key(_email(record)):
            first.setdefault(person, record)
    return first


def _person(record: Record, payment: RecurringPayment | None) -> str:
    """Name a person within one chunk: by customer number, else by e-mail, which holds an @ as no number does."""
    return _customer(record, payment) or f"@{email_key(_email(record)) or record.id}"


def _pk(contacts: dict[str, Contact], record: Record | None) -> int | None:
    contact = contacts.get(email_key(_email(record)) or "") if record else None
    return contact.pk if contact else None
