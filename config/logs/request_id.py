"""The id of the request that is being answered, or that had this task done; it goes with messages to workers."""

import re
import uuid
from contextvars import ContextVar

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")

current: ContextVar[str] = ContextVar("request_id", default="")


def take(given: str) -> str:
    """Return the id that a proxy has given, where it is one, else a new one."""
    return given if _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
