"""What Linux can do against processes that outlive those who started them; elsewhere these do nothing.

A child dies with its parent, even if that one is killed, and a dead child's own children come to the parent.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

LINUX = sys.platform == "linux"
LIBC = ctypes.CDLL(None, use_errno=True) if LINUX else None
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def hold(parent: int) -> None:
    """Let this process be killed when its parent dies; called in the child, between fork and exec."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the call above
            os._exit(1)


def adopt_orphans() -> None:
    """Let processes that lose their parent come to this one instead of to the system's first."""
    if LIBC:
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_children() -> None:
    """Kill all children, adopted ones too, until none is left: a killed one may leave others behind."""
    while LINUX and (children := _children()):
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _children() -> list[int]:
    own = str(os.getpid())
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _parent(entry) == own]


def _parent(entry: Path) -> str:
    """Return a process's parent: the second field behind its name, which stands in brackets and may hold any."""
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()[1]
    except OSError:  # it has just ended
        return ""
