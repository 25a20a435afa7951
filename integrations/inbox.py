"""The inbox: what stores send is kept first and worked off afterwards, by any process, in any order, once.

A row is claimed for a while by an update that only one process can win; a process that dies leaves a claim that runs
out. What asks a store runs in threads (`desk`), so a store that hangs holds up its own events only; what writes to
the database runs in the calling thread, many events at a time.
"""

import logging
import random
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from config.turns import unheld
from contacts.services import Profile, give_tags, upsert_contacts
from integrations import health
from integrations.desk import Desk, Group, Reading, readers
from integrations.models import Connection, Delivery, DeliveryQuerySet, Reconciliation
from integrations.providers.base import Ignored, Incoming, Page, Person, ProviderError
from subscriptions import bulk
from subscriptions.models import Change, Store
from subscriptions.newcomers import welcome_people
from subscriptions.records import RecordError
from subscriptions.services import Outcome, apply_records

logger = logging.getLogger(__name__)

CLAIM = timedelta(seconds=120)
BATCH = 50
# How many more are taken along that are about the same.
ALONG = 500
MAX_ATTEMPTS = 18
_LONGEST_PAUSE = timedelta(hours=4)


def store(connection: Connection, incoming: Incoming, body: bytes, *, found_by: int | None = None) -> None:
    """Keep a verified delivery; one that is known already changes nothing. One statement, safe once it returns.

    `found_by` is the comparison that found it at the store, where no webhook brought it.
    """
    now = timezone.now()
    row = {
        "connection_id": connection.pk,
        "key": incoming.key,
        "event_type": incoming.event_type,
        "occurred_at": incoming.occurred_at,
        "received_at": now,
        "subject": incoming.subject,
        "body": body.decode(),
        "due_at": now,
        "claimed_until": now,
        "found_by_id": found_by,
    }
    if incoming.ignored:
        row |= {"state": Delivery.State.IGNORED, "reason": incoming.ignored, "finished_at": now}
    bulk.insert(Delivery, [row], ignore_known=True)


def process() -> int:
    """Work off everything that is due, and what becomes due meanwhile; return how many deliveries were handled."""
    handled = 0
    with readers() as pool:
        desk = Desk(pool)
        while True:
            desk.take(_claim(desk.occupied()))
            if desk.is_empty:
                return handled
            handled += _settle(desk.finished())


def is_waiting() -> bool:
    """Tell whether anything is due."""
    return Delivery.objects.due().exists()


def retry(deliveries: Iterable[Delivery]) -> int:
    """Put deliveries that failed, or were ignored, back into the inbox; return how many there were."""
    now = timezone.now()
    rows = deliveries if isinstance(deliveries, QuerySet) else _named(deliveries)
    again = rows.filter(state__in=[Delivery.State.FAILED, Delivery.State.IGNORED])
    return again.update(
        state=Delivery.State.WAITING, reason="", attempts=0, due_at=now, claimed_until=now, finished_at=None
    )


def _named(deliveries: Iterable[Delivery]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries])


def _claim(occupied: Sequence[int]) -> list[Delivery]:
    """Take a batch of what is due; two processes never get the same row."""
    claim = secrets.token_hex(16)
    due = Delivery.objects.due().exclude(connection__in=occupied)
    with transaction.atomic():
        first = list(unheld(due.order_by("due_at"))[:BATCH].values_list("pk", "connection_id", "subject"))
        if not first:
            return []
        ids = [pk for pk, _, _ in first]
        if len(ids) == BATCH:
            ids += _of_the_same(due, first)
        until = timezone.now() + CLAIM
        due.filter(pk__in=ids).update(claim=claim, claimed_until=until, attempts=F("attempts") + 1)
    ours = Delivery.objects.filter(pk__in=ids, claim=claim)
    return list(ours.select_related("connection__store").order_by("pk"))


def _of_the_same(due: DeliveryQuerySet, first: list[tuple[int, int, str]]) -> list[int]:
    """Find what else waits about the subjects of a full batch: one question to the store does for all of it."""
    subjects: dict[int, set[str]] = defaultdict(set)
    for _, connection, subject in first:
        if subject:
            subjects[connection].add(subject)
    about = reduce(or_, (Q(connection=pk, subject__in=names) for pk, names in subjects.items()), Q(pk__in=[]))
    others = due.filter(about, cursor="").exclude(pk__in=[pk for pk, _, _ in first])
    return list(unheld(others.order_by("due_at")).values_list("pk", flat=True)[:ALONG])


def _settle(finished: list[tuple[Group, Reading]]) -> int:
    """Write down what reading brought: pages together, a store at a time; the rest one by one."""
    pages: dict[tuple[int, int | None], list[tuple[Group, Page]]] = {}
    for group, reading in finished:
        if isinstance(reading, Page):
            pages.setdefault((group.connection.pk, group.found_by), []).append((group, reading))
        elif isinstance(reading, Ignored):
            _mark(group.deliveries, state=Delivery.State.IGNORED, reason=reading.reason)
        else:
            _put_off(group, reading)
    for work in pages.values():
        _apply(work)
    return sum(len(group.deliveries) for group, _ in finished)


def _apply(work: list[tuple[Group, Page]]) -> None:
    """Apply pages of one store in one transaction; if that fails, one by one, so that one fault stays alone."""
    connection, found_by = work[0][0].connection, work[0][0].found_by
    source = Change.Source.RECONCILE if found_by else Change.Source.WEBHOOK
    records = [record for _, page in work for record in page.records]
    try:
        with transaction.atomic():
            outcomes = apply_records(connection.store, records, source=source, announce=True)
            if found_by:
                _count(found_by, outcomes)
            _welcome(connection.store, (person for _, page in work for person in page.people))
            _finish(work)
    except Exception as error:
        if len(work) == 1:
            logger.exception("Events of %s cannot be applied", connection)
            _put_off(work[0][0], error)
        for single in work if len(work) > 1 else ():
            _apply([single])
    else:
        health.clear(connection)


def _count(found_by: int, outcomes: Sequence[Outcome]) -> None:
    """Tell the comparison that found these what became of them."""
    counts = {name: F(name) + outcomes.count(name) for name in (Outcome.CREATED, Outcome.UPDATED)}
    Reconciliation.objects.filter(pk=found_by).update(**counts)


def _welcome(store: Store, people: Iterable[Person]) -> None:
    """Make, or update, contacts of people who come without a recurring payment, and tag them; newcomers get a list."""
    tags: dict[str, list[Profile]] = {}
    for person in people:
        for tag in person.tags:
            tags.setdefault(tag, []).append(person.profile)
    for tag, profiles in tags.items():
        contacts = upsert_contacts(profiles).values()
        give_tags({contact.pk: [tag] for contact in contacts})
        welcome_people(store, contacts)


def _finish(work: list[tuple[Group, Page]]) -> None:
    """Mark what has been applied; what has more pages goes on with the next one, and a broken record is a failure."""
    ends: dict[tuple[Delivery.State, str], list[Delivery]] = defaultdict(list)
    for group, page in work:
        applied = [delivery for delivery in group.deliveries if not page.ignored.get(delivery.key)]
        for delivery in group.deliveries:
            if reason := page.ignored.get(delivery.key):
                ends[Delivery.State.IGNORED, reason].append(delivery)
        if page.broken:
            reason = "\n".join(f"{broken.id}: {broken.error}" for broken in page.broken)
            ends[Delivery.State.FAILED, reason] += applied
        elif page.cursor:
            now = timezone.now()
            _rows(applied).update(cursor=page.cursor, attempts=0, due_at=now, claimed_until=now)
        else:
            ends[Delivery.State.APPLIED, ""] += applied
    for (state, reason), deliveries in ends.items():
        _mark(deliveries, state=state, reason=reason)


def _put_off(group: Group, error: Exception) -> None:
    """Try again later, each time later; after the last attempt the deliveries stay as failed, to be retried by hand."""
    reason = f"{type(error).__name__}: {error}"
    permanent = False
    if isinstance(error, RecordError):  # what cannot be read now can be read no better later
        reason, permanent = str(error), True
    if isinstance(error, ProviderError):
        health.report(group.connection, error)
        reason, permanent = error.words, error.permanent
    attempts = max(delivery.attempts for delivery in group.deliveries)
    if permanent or attempts >= MAX_ATTEMPTS:
        _mark(group.deliveries, state=Delivery.State.FAILED, reason=reason)
        return
    now = timezone.now()
    _rows(group.deliveries).update(reason=reason, due_at=now + _pause(attempts, error), claimed_until=now)


def _pause(attempts: int, error: Exception) -> timedelta:
    """Double the pause with each attempt, with jitter, and never come before the store asked us to."""
    doubled: timedelta = min(timedelta(seconds=2) * 2**attempts, _LONGEST_PAUSE)
    asked = error.retry_after or 0 if isinstance(error, ProviderError) else 0
    return max(doubled * random.uniform(0.5, 1), timedelta(seconds=asked))


def _rows(deliveries: Iterable[Delivery]) -> DeliveryQuerySet:
    """Select the rows of which the claim is still ours."""
    claims: dict[str, list[int]] = defaultdict(list)
    for delivery in deliveries:
        claims[delivery.claim].append(delivery.pk)
    ours = [Q(pk__in=pks, claim=claim) for claim, pks in claims.items()]
    return Delivery.objects.filter(reduce(or_, ours, Q(pk__in=[])))


def _mark(deliveries: Iterable[Delivery], *, state: Delivery.State, reason: str) -> None:
    _rows(deliveries).update(state=state, reason=reason, finished_at=timezone.now())
