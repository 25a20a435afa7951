"""Imports: kept at once in slices of rows, mapped by a marketer, worked off in turns, resumable after a kill.

The rows lie in the database and not in a folder, since workers may run on any machine, and since a backup of the
database is then whole. A slice is imported, and its outcome is written, in one transaction.
"""

import json
import logging
import math
import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import batched
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from config import turns
from contacts.importing import columns, reading, writing
from contacts.models import ContactImport, ImportSlice

logger = logging.getLogger(__name__)

SLICE = 500
LARGEST = 200_000
SHOWN = 10
# Failures in a row after which a slice is imported row by row, and what fails even then is that row's error.
PATIENCE = 5
# How long a file waits that was uploaded and never started.
FORGOTTEN = timedelta(days=1)
State = ContactImport.State


class TooMany(Exception):
    """The file has more rows than are imported at once."""


class _Changed(Exception):
    """Somebody was erased who stood in the rows, so they are read again."""


def accept(file: IO[bytes], *, name: str, user: Any) -> ContactImport:
    """Keep a file's rows, with guesses at what its columns are. Raise Unreadable or TooMany.

    Slice by slice and in no transaction, since that would let all other writers of an SQLite database wait for the
    whole file; a draft that was not kept to its end names no columns, so that it cannot be started.
    """
    sheet = reading.read(file)
    told = ContactImport.objects.create(
        file_name=name[:200], made_by=user, encoding=sheet.encoding, delimiter=sheet.delimiter, header=sheet.header
    )
    try:
        _keep(told, sheet)
    except BaseException:
        told.delete()
        raise
    told.mapping = columns.guess(told.header, [cells for _number, cells, _is_broken in first_rows(told)])
    told.save(update_fields=["size", "mapping"])
    return told


def _keep(told: ContactImport, sheet: reading.Sheet) -> None:
    for rows in batched(sheet.rows, SLICE):
        kept = [(row.number, row.cells, row.is_broken) for row in rows]
        ImportSlice.objects.create(of=told, start=told.size, rows=_written(kept))
        told.size += len(rows)
        if told.size > LARGEST:
            raise TooMany
    if not told.size:
        raise reading.Unreadable("empty")


def first_rows(told: ContactImport) -> list[writing.Kept]:
    """List the first rows of a file that has not been started."""
    first = told.slices.first()
    return _read(first.rows)[:SHOWN] if first and first.rows else []


def start(told: ContactImport) -> bool:
    """Let a draft be worked off, as it is mapped; False where it has been started. Wake a worker after the commit."""
    drafts = ContactImport.objects.filter(pk=told.pk, state=State.DRAFT)
    return bool(drafts.update(state=State.WAITING, claimed_until=timezone.now()))


def cancel(told: ContactImport) -> bool:
    """Ask an import to stop, at the next slice or at once if nobody works on it; what has been imported stays."""
    rows = ContactImport.objects.filter(pk=told.pk, state__in=ContactImport.OPEN)
    asked = rows.update(cancel_requested=True)
    free = rows.filter(Q(claim="") | Q(claimed_until__lte=timezone.now()))
    free.update(state=State.CANCELLED, finished_at=timezone.now())
    _forget_rows(told.pk)
    return bool(asked)


def run(pk: int, *, seconds: float = math.inf) -> None:
    """Go on with an import until it is finished, cancelled, or the time is over; nothing if another process does."""
    if not turns.take(ContactImport, pk):
        return
    told = ContactImport.objects.get(pk=pk)
    try:
        _work(told, time.monotonic() + seconds)
    except turns.Lost:
        turns.close(told, State.CANCELLED)
        _forget_rows(pk)  # unless another process has taken it over


def abandoned(*, since: timedelta = timedelta()) -> list[int]:
    """Name the imports that nobody works on, and nobody has for that long."""
    return turns.abandoned(ContactImport, since=since)


def sweep() -> None:
    """Throw away what was finished long ago, and files that were uploaded and never started."""
    now, kept = timezone.now(), timedelta(days=settings.KEEP_DAYS["imports"])
    over = Q(finished_at__lte=now - kept) | Q(state=State.DRAFT, made_at__lte=now - FORGOTTEN)
    ContactImport.objects.filter(over).delete()


def _work(told: ContactImport, ends: float) -> None:
    while waiting := told.slices.filter(is_done=False).first():
        if not _tried(told, waiting):
            return
        if time.monotonic() >= ends:
            turns.leave(told)
            return
    turns.close(told, State.FINISHED)


def _tried(told: ContactImport, waiting: ImportSlice) -> bool:
    """Import a slice; if that fails, leave the import for a while and say so. Its rows are tried singly in the end."""
    write = _write_singly if told.failures >= PATIENCE else writing.write
    try:
        with transaction.atomic():
            turns.keep(told, cancel_requested=False)
            done = write(told, _read(waiting.rows))
            _finish(told, waiting, done)
    except turns.Lost:
        raise
    except _Changed:
        return True
    except Exception:
        logger.exception("A slice of the import %s cannot be imported", told.pk)
        turns.leave(told, turns.failed(told))
        return False
    told.failures = 0
    return True


def _finish(told: ContactImport, waiting: ImportSlice, done: writing.Done) -> None:
    unchanged = ImportSlice.objects.filter(pk=waiting.pk, rows=waiting.rows)
    if not unchanged.update(rows="", errors=_written(done.errors), is_done=True):
        raise _Changed
    counts = {name: F(name) + count for name, count in done.counts.items()}
    turns.ours(told).update(failures=0, **counts)


def _write_singly(told: ContactImport, rows: Sequence[writing.Kept]) -> writing.Done:
    """Import each row by itself, and call what fails even so an error of ours."""
    done = writing.Done()
    for number, cells, is_broken in rows:
        try:
            with transaction.atomic():
                one = writing.write(told, [(number, cells, is_broken)])
        except Exception:
            logger.exception("A row of the import %s cannot be imported", told.pk)
            one = writing.Done(errors=[(number, cells, "fault", "")])
            one.counts["failed"] = 1
        done.errors += one.errors
        done.counts = {name: count + one.counts[name] for name, count in done.counts.items()}
    return done


def _forget_rows(pk: int) -> None:
    """Empty the rows of a cancelled import: people's data is kept no longer than it is needed."""
    ImportSlice.objects.filter(of=pk, of__state=State.CANCELLED, is_done=False).update(rows="")


def _read(rows: str) -> list[writing.Kept]:
    return [(number, cells, is_broken) for number, cells, is_broken in json.loads(rows)]


def _written(rows: Sequence[Any]) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")) if rows else ""
