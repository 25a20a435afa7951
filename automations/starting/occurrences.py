"""What happens to people, a tag or a list: kept in the same transaction, and looked at by any process afterwards."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from automations import bell, waking
from automations.causes import depth_of
from automations.entering import Entry
from automations.models import Automation, Occurrence, Trigger
from automations.starting.listening import Listener, enter, listeners
from automations.triggers import SUBSCRIBED, TAGGED
from config.turns import unheld
from contacts.holding import hold
from contacts.models import Tag
from subscriptions import bulk

BATCH = 2000
Kind = Occurrence.Kind


def keep_tagged(sender: Any, *, contacts: list[int], tag: int, **_: Any) -> None:
    """Keep that people got a tag."""
    _keep(Kind.TAGGED, contacts, tag)


def keep_subscribed(sender: Any, *, contacts: list[int], contact_list: int, **_: Any) -> None:
    """Keep that people are subscribed to a list."""
    _keep(Kind.SUBSCRIBED, contacts, contact_list)


def _keep(kind: Kind, contacts: list[int], subject: int) -> None:
    if not _matters(kind):
        return
    now = timezone.now()
    rows = (
        {"kind": kind, "contact_id": pk, "subject": subject, "depth": depth_of(pk), "happened_at": now}
        for pk in contacts
    )
    bulk.insert(Occurrence, rows)
    transaction.on_commit(bell.ring)


def _matters(kind: Kind) -> bool:
    """Whether a trigger listens to such a thing, or anybody waits; most of the time there is nothing of either."""
    return Trigger.objects.filter(kind=kind).exists() or waking.is_anybody_watching()


def dispatch(*, limit: int = BATCH, now: datetime | None = None) -> int:
    """Look what some occurrences start, let those people in, and return how many occurrences there were."""
    with transaction.atomic():
        now = now or timezone.now()
        locked = _lock(limit)
        held = hold({row.contact_id for row in locked})
        rows = [row for row in locked if row.contact_id in held]
        if not rows:
            return 0
        names = dict(Tag.objects.filter(pk__in={row.subject for row in rows}).values_list("pk", "name"))
        enter(_entries(rows, listeners(TAGGED, SUBSCRIBED), names), now)
        Occurrence.objects.filter(pk__in=[row.pk for row in rows]).delete()
    waking.touched({row.contact_id for row in rows}, now)
    return len(rows)


def _lock(limit: int) -> list[Occurrence]:
    return list(unheld(Occurrence.objects.order_by("pk"))[:limit])


def _entries(
    rows: list[Occurrence], known: list[Listener], names: dict[int, str]
) -> Iterator[tuple[Automation, Entry]]:
    for row in rows:
        for one in known:
            if one.kind.name == row.kind and one.since <= row.happened_at and _is_meant(one, row, names):
                cause = f"o{row.pk}:{row.happened_at.timestamp()}"
                yield (
                    one.automation,
                    Entry(contact=row.contact_id, payment=None, cause=cause, trigger=one.key, depth=row.depth),
                )


def _is_meant(one: Listener, row: Occurrence, names: dict[int, str]) -> bool:
    if one.kind is SUBSCRIBED:
        return bool(one.options["list"] == row.subject)
    return names.get(row.subject, "").casefold() == str(one.options["tag"]).casefold()
