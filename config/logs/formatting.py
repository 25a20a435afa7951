"""Lines of the log: plain ones for people, or one JSON object each for programs. Neither holds a secret."""

import json
import logging
import os
import re
from datetime import UTC, datetime
from typing import Any

from config.logs import request_id
from config.logs.redaction import redacted

# What a line may say beside its message, where whoever logs it gives it as `extra`.
FIELDS = ("method", "route", "status", "ms", "user_id", "key_id", "task", "outcome")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class Plain(logging.Formatter):
    """Writes what people read in a terminal. Of a record only its first line begins at the margin: none is forged."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record, those below the first indented."""
        told = _CONTROL.sub(lambda found: ascii(found[0])[1:-1], redacted(super().format(record)))
        return told.replace("\n", "\n    ")


class Json(logging.Formatter):
    """Writes one object a line: time, level, logger, message, process, and what else is known."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record; a traceback is one field of it."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
            "process": os.getpid(),
        }
        told |= {name: value for name in FIELDS if (value := getattr(record, name, None)) is not None}
        if known := getattr(record, "request_id", "") or request_id.current.get():
            told["request_id"] = known
        if fault := record.exc_text or (record.exc_info and self.formatException(record.exc_info)):
            told["traceback"] = redacted(fault)
        return json.dumps(told, ensure_ascii=False, default=lambda value: redacted(str(value)))


class WithoutPath(logging.Filter):
    """Writes the route in place of the path in what Django says of a request, since paths may be secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, rewritten."""
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            known = {path, path.encode("unicode_escape").decode("ascii")}
            told = "/" + route(request)
            record.args = tuple(told if value in known else value for value in record.args)
        return True


def route(request: Any) -> str:
    """Return the address of a request as the table of addresses writes it, and so the same for all of a kind."""
    match = getattr(request, "resolver_match", None)
    return str(match.route) if match else "(unknown)"
