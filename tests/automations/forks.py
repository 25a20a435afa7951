"""Processes of our own that work on the test's database, and die where they are told to."""

import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

from automations import sending
from tests.integrations.running import holds, until


def forked(work: Callable[[], Any]) -> int:
    """Start a process that does this, and return its id.

    With an SQLite file open in any thread here, the child would believe that it holds locks which it does not.
    """
    connections.close_all()
    until(lambda: not holds(os.getpid(), connection.settings_dict["NAME"]), seconds=10)
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
