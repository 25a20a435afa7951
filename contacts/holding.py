"""Holding people, so that nobody erases or merges them until the end of a transaction that writes something of theirs.

Whoever erases or merges takes the person first of all and then what others hold of them. So whoever has begun at the
other end, with a row of theirs, must not wait for the person, or both would wait for each other: people who are taken
are left out, and looked at again later.
"""

from collections.abc import Collection

from django.db import connection

from config.turns import unheld
from contacts.models import Contact


def take(contacts: Collection[int]) -> set[int]:
    """Hold people as `hold` does, and so that nobody else writes to them either.

    Whoever writes to many of them in several steps takes all first, or two would wait for each other in a circle.
    """
    rows = Contact.objects.filter(pk__in=contacts).order_by("pk")
    return set(unheld(rows, no_key=True).values_list("pk", flat=True)) if contacts else set()


def hold(contacts: Collection[int]) -> set[int]:
    """Hold people by their ids; return those who are there and whom nobody is erasing or merging at this moment."""
    if not contacts:
        return set()
    if not connection.features.has_select_for_update:  # one writes at a time
        return set(Contact.objects.filter(pk__in=contacts).order_by().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [sorted(contacts)])
        return {pk for (pk,) in cursor.fetchall()}


# As a foreign key does it; many may hold the same person at once. Django has no words for it.
_HOLD = "SELECT id FROM contacts_contact WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE SKIP LOCKED"
