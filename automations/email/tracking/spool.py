"""The files that hits are written to, one for each process: a line is safe once it is written, whoever dies then.

A process holds a lock on its own file. One that nobody holds was left by a process that died, and whoever drains next
takes it over. What a file says is in the database before the file is deleted, and each hit has a number, so that one
that is told twice is written once.
"""

import contextlib
import errno
import fcntl
import os
import threading
import uuid
from collections.abc import Callable
from itertools import batched
from pathlib import Path

from django.conf import settings

from automations.email.tracking.hits import Hit, read

BATCH = 1000
_SUFFIX = ".hits"


class Spool:
    """The file of this process; a process that was forked begins its own."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(settings.DATA_DIR) / "hits"
        self.lock = threading.Lock()
        self.owner, self.handle = 0, -1

    def write(self, hit: Hit) -> None:
        """Keep a hit; raise OSError where the disk takes nothing."""
        with self.lock:
            if self.owner != os.getpid():
                self._begin()
            line, place = hit.line(), os.fstat(self.handle).st_size
            if os.write(self.handle, line) < len(line):  # as on a disk that has just become full
                os.ftruncate(self.handle, place)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def turn(self) -> None:
        """Begin another file, so that what was written so far can be drained."""
        with self.lock:
            if self.owner == os.getpid() and os.fstat(self.handle).st_size:
                os.close(self.handle)  # which gives up its lock
                self._begin()

    def drain(self, keep: Callable[[list[Hit]], None]) -> int:
        """Have all files that nobody writes to kept, and delete them; return how many hits there were."""
        return sum(self._drain(path, keep) for path in sorted(self.folder.glob(f"*{_SUFFIX}")))

    def _begin(self) -> None:
        if self.handle >= 0 and self.owner != os.getpid():
            os.close(self.handle)  # that of the process that this one was forked from, which keeps it locked
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / uuid.uuid4().hex
        self.handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        fcntl.flock(self.handle, fcntl.LOCK_EX)
        path.rename(path.with_suffix(_SUFFIX))  # only now does anybody look at it
        self.owner = os.getpid()

    def _drain(self, path: Path, keep: Callable[[list[Hit]], None]) -> int:
        with contextlib.ExitStack() as stack:
            try:
                file = stack.enter_context(path.open("rb"))
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:  # somebody writes to it, or has drained it just now
                return 0
            count = 0
            for hits in batched(filter(None, map(read, file)), BATCH):
                keep(list(hits))
                count += len(hits)
            path.unlink(missing_ok=True)
            return count
