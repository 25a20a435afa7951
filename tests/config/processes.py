"""What really runs on this machine."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def naming(text: str) -> list[int]:
    """Return the living processes whose command line or environment holds a text, without this one."""
    return [pid for entry in Path("/proc").iterdir() if entry.name.isdigit() and _holds(pid := int(entry.name), text)]


def soon(is_true: Callable[[], bool], *, seconds: float = 10) -> bool:
    """Wait until something is true; tell whether it became so."""
    deadline = time.monotonic() + seconds
    while not (true := is_true()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return true


def _holds(pid: int, text: str) -> bool:
    try:
        told = b"".join((Path("/proc") / str(pid) / name).read_bytes() for name in ("cmdline", "environ"))
    except OSError:  # it has just ended
        return False
    return pid != os.getpid() and text.encode() in told
