"""Processes of our own that work on the test's database, and die where they are told to."""

import gc
import os
import signal
import time
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from automations import sending
from tests.integrations.running import holds, until

# Seconds in which a request that a server here still answers closes the database by itself.
_REQUEST = 3.0


def forked(work: Callable[[], Any]) -> int:
    """Start a process that does this, and return its id.

    With an SQLite file open in any thread here, the child would believe that it holds locks which it does not. So all
    is closed before, and a child that was made in the very moment in which a thread opened it does nothing.
    """
    while True:
        _close()
        told, tells = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(told)
            _be_child(work, tells)
        os.close(tells)
        with os.fdopen(told, "rb") as answer:
            if answer.read():
                return pid
        os.waitpid(pid, 0)


def _be_child(work: Callable[[], Any], tells: int) -> NoReturn:
    """Say that nothing was inherited, and do the work; a child that has inherited the database is over at once."""
    if _is_open():
        os._exit(1)
    os.write(tells, b"clean")
    os.close(tells)
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    connections.close_all()
    os._exit(0)


def _close() -> None:
    connections.close_all()
    deadline = time.monotonic() + _REQUEST
    while _is_open() and time.monotonic() < deadline:
        time.sleep(0.02)
    if _is_open():
        _close_everywhere()
    until(lambda: not _is_open(), seconds=10)


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


def killed_in_smtp(work: Callable[[], Any], *, before: bool, sender: Any = sending) -> None:
    """Do work in a process that is killed just before, or just after, a mail server gets a message from `sender`."""

    def mortal() -> None:
        real = sender.post

        def post(*args: Any) -> Any:
            if not before:
                real(*args)
            os.kill(os.getpid(), signal.SIGKILL)

        sender.post = post
        work()

    assert ended(forked(mortal)) == -signal.SIGKILL
