"""The desk of one process: claimed deliveries, grouped by what they are about, being read in a few threads."""

import contextlib
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from integrations import pace
from integrations.models import Connection, Delivery
from integrations.pace import Moments
from integrations.providers import PROVIDERS
from integrations.providers.base import Ignored, Page, Read

# Requests in flight at once, to one store and in all: one that hangs leaves room for the others. Where a reading needs
# the database too, each may hold a connection to it.
PER_STORE, IN_ALL = 24, 48
PER_STORE_WITH_DATABASE, IN_ALL_WITH_DATABASE = 4, 8
# Seconds until somebody looks again whether more has come, while answers are awaited.
POLL = 0.05
# Seconds for which more is gathered at most before it is applied, and how many groups at once.
GATHER = 0.1
GATHERED = 50


@dataclass(frozen=True, slots=True)
class Group:
    """Deliveries of one connection about one subject, read together."""

    connection: Connection
    deliveries: list[Delivery]
    # reads them with what was looked up for many, without the database
    prepared: Read | None = None

    @property
    def found_by(self) -> int | None:
        """The comparison that found them, where no webhook brought any of them."""
        last = self.deliveries[-1].found_by_id if self.deliveries else None
        return last if all(delivery.found_by_id for delivery in self.deliveries) else None


Reading = Page | Ignored | Exception
_UNREAD = "Stores of this kind send no events."


class Desk:
    """What one process has in hand: groups that wait, and groups that are being read."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._waiting: dict[int, deque[Group]] = {}
        self._running: dict[Future[Reading], Group] = {}
        self._moments: dict[int, Moments] = defaultdict(Moments)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in hand."""
        return not self._running and not self._waiting

    def occupied(self) -> list[int]:
        """Name the connections whose deliveries wait here already, so that no more of theirs are claimed."""
        return list(self._waiting)

    def take(self, deliveries: Iterable[Delivery]) -> None:
        """Add claimed deliveries, and start reading as many as the threads allow."""
        for group in _prepared(_grouped(deliveries)):
            self._waiting.setdefault(group.connection.pk, deque()).append(group)
        self._start_all()

    def finished(self) -> list[tuple[Group, Reading]]:
        """Wait a moment, and hand over what has been read.

        While more waits, a little more is gathered: applying many together takes hardly longer than applying one.
        """
        read = self._read(POLL)
        ends = time.monotonic() + GATHER
        while read and self._waiting and len(read) < GATHERED and (left := ends - time.monotonic()) > 0:
            self._start_all()
            read += self._read(left)
        return read

    def _read(self, seconds: float) -> list[tuple[Group, Reading]]:
        done, _ = wait(self._running, timeout=seconds, return_when=FIRST_COMPLETED)
        return [(self._running.pop(future), future.result()) for future in done]

    def _start_all(self) -> None:
        for pk in list(self._waiting):
            self._start(pk)

    def _start(self, pk: int) -> None:
        queue = self._waiting[pk]
        while queue and self._has_room(queue[0]):
            group = queue.popleft()
            if group.deliveries[0].claimed_until > timezone.now():  # otherwise somebody else may have it by now
                self._running[self._submitted(group, known_of=1 + len(queue))] = group
        if not queue:
            del self._waiting[pk]

    def _submitted(self, group: Group, *, known_of: int) -> Future[Reading]:
        if group.prepared is None:
            return self._pool.submit(_read, group)
        try:
            moment = self._moments[group.connection.pk].take(group.connection, wanted=known_of)
        except Connection.DoesNotExist:  # removed meanwhile, which is an answer, and no fault of the others in hand
            return self._pool.submit(_read, group)
        return self._pool.submit(_read_prepared, group, group.prepared, moment)

    def _has_room(self, next_one: Group) -> bool:
        per_store, in_all = _LIMITS[next_one.prepared is not None]
        alike = [one.connection.pk for one in self._running.values() if bool(one.prepared) == bool(next_one.prepared)]
        return len(alike) < in_all and alike.count(next_one.connection.pk) < per_store


_LIMITS = {True: (PER_STORE, IN_ALL), False: (PER_STORE_WITH_DATABASE, IN_ALL_WITH_DATABASE)}


def _grouped(deliveries: Iterable[Delivery]) -> list[Group]:
    """Put deliveries about one subject together; one without a subject, or in mid-way, stays alone."""
    groups: dict[tuple[int, str], Group] = {}
    for delivery in deliveries:
        alone = not delivery.subject or delivery.cursor
        key = (delivery.connection_id, f"={delivery.pk}" if alone else delivery.subject)
        groups.setdefault(key, Group(delivery.connection, [])).deliveries.append(delivery)
    return list(groups.values())


def _prepared(groups: list[Group]) -> Iterator[Group]:
    """Look up for all groups of a connection what reading them needs, where its provider can tell beforehand."""
    of_connection: dict[Connection, list[Group]] = {}
    for group in groups:
        of_connection.setdefault(group.connection, []).append(group)
    for store, some in of_connection.items():
        prepare = PROVIDERS[store.provider_name].prepare
        deliveries = [delivery for group in some for delivery in group.deliveries]
        read = prepare(store, deliveries) if prepare else None
        yield from (replace(group, prepared=read) for group in some)


@contextlib.contextmanager
def readers() -> Iterator[Executor]:
    """Have threads that read; one connection to the database that they opened is kept, as web servers keep theirs."""
    try:
        with ThreadPoolExecutor(IN_ALL + IN_ALL_WITH_DATABASE) as pool:
            yield pool
    finally:
        kept = 0 if connection.settings_dict["CONN_MAX_AGE"] == 0 else 1
        with contextlib.suppress(IndexError):  # another thread's readers may take what was left
            while len(_SPARE) > kept:
                _SPARE.pop().close()


# Connections to the database that no thread here reads with: to open one takes PostgreSQL longer than a reading does.
_SPARE: list[BaseDatabaseWrapper] = []


@contextlib.contextmanager
def _borrowed() -> Iterator[None]:
    """Read with a connection that was opened before, if there is one."""
    alias = connection.alias
    try:
        connections[alias] = _SPARE.pop()
    except IndexError:
        connections[alias].inc_thread_sharing()  # others will read with it, in threads of their own
    connection.close_if_unusable_or_obsolete()
    try:
        yield
    finally:
        _SPARE.append(connections[alias])
        del connections[alias]


def _read(group: Group) -> Reading:
    """Read a group in a thread of its own; whatever goes wrong is an answer too."""
    read = PROVIDERS[group.connection.provider_name].read
    try:
        with _borrowed():
            return read(group.connection, group.deliveries) if read else Ignored(reason=_UNREAD)
    except Exception as error:
        return error


def _read_prepared(group: Group, read: Read, moment: float) -> Reading:
    """Read a group, at a moment that was reserved for its first request; others take their moments as they come."""
    try:
        with pace.spending(moment, lending=_borrowed):
            return read(group.connection, group.deliveries)
    except Exception as error:
        return error
