"""Processes of our own that work on the test's database, and die where they are told to."""

import gc
import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from automations import sending
from tests.integrations.running import holds, until


def forked(work: Callable[[], Any]) -> int:
    """Start a process that does this, and return its id.

    With an SQLite file open in any thread here, the child would believe that it holds locks which it does not.
    """
    connections.close_all()
    if _is_open():
        _close_everywhere()
    until(lambda: not _is_open(), seconds=10)
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    connections.close_all()
    os._exit(0)


def _is_open() -> bool:
    return holds(os.getpid(), connection.settings_dict["NAME"])


def _close_everywhere() -> None:
    """Close the database in the threads that servers of other tests have left, and in those that are over."""
    gc.collect()
    for one in gc.get_objects():
        if issubclass(type(one), BaseDatabaseWrapper) and one.connection is not None:
            one.inc_thread_sharing()
            one.close()
            one.dec_thread_sharing()


def ended(pid: int) -> int:
    """Wait until a process is over; return its exit code, or the number of the signal that killed it, negative."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_at(statement: int, work: Callable[[], Any]) -> bool:
    """Do work in a process that is killed before its n-th statement; say whether it came to that."""

    def mortal() -> None:
        count = 0

        def count_down(execute: Any, *args: Any) -> Any:
            nonlocal count
            count += 1
            if count == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(*args)

        with connection.execute_wrapper(count_down):
            work()

    code = ended(forked(mortal))
    assert code in {0, -signal.SIGKILL}
    return code != 0


def killed_in_smtp(work: Callable[[], Any], *, before: bool) -> None:
    """Do work in a process that is killed just before, or just after, a mail server gets a message."""

    def mortal() -> None:
        real = sending.post

        def post(*args: Any) -> Any:
            if not before:
                real(*args)
            os.kill(os.getpid(), signal.SIGKILL)

        sending.post = post
        work()

    assert ended(forked(mortal)) == -signal.SIGKILL
