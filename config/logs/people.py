"""What a line of the log may say of people: nothing. Faults quote what they stumbled over, and that is often a person.

The lines of our own name rows by their numbers. What others say, a database that tells the row it refuses or a
conversion that tells the text it could not read, is made to say no more than where it was.
"""

import copy
import logging
import re
import traceback

_ADDRESS = re.compile(r"[^\s<>\"'`(),;:=\[\]{}@]+@[^\s<>\"'`(),;:=\[\]{}@]+\.[^\s<>\"'`(),;:=\[\]{}@]+")
_QUOTED = re.compile(r"\"[^\"\n]*\"|(?<!\w)'[^'\n]*'|“[^”\n]*”|«[^»\n]*»")
# PostgreSQL tells on these lines what stood in the row.
_DETAILS = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):?.*\n?(?:\s*\^\s*\n?)?", re.MULTILINE)
HIDDEN = "…"


class WithoutPeople(logging.Filter):
    """Takes e-mail addresses out of every line, and out of faults whatever they quote; for a handler to use."""

    def filter(self, record: logging.LogRecord) -> logging.LogRecord:
        """Return a record that any formatter may write down."""
        told = copy.copy(record)
        told.msg, told.args = without_addresses(record.getMessage()), ()
        if record.exc_info and record.exc_info[1]:
            told.exc_text, told.exc_info = without_values(record.exc_info[1]), None
        return told


def without_addresses(text: str) -> str:
    """Return a text with something in the place of each e-mail address."""
    return _ADDRESS.sub(HIDDEN, text)


def without_values(fault: BaseException) -> str:
    """Return a fault and those that led to it: which they are, where they were, and what they say without quoting."""
    told = traceback.TracebackException.from_exception(fault)
    for one in _chain(told):
        one._str = _said(str(one))  # type: ignore[attr-defined]
        one.__notes__ = None
    return "".join(told.format()).rstrip("\n")


def _chain(told: traceback.TracebackException) -> list[traceback.TracebackException]:
    found, ahead = [], [told]
    while ahead:
        one = ahead.pop()
        found.append(one)
        ahead += [next_one for next_one in (one.__cause__, one.__context__, *(one.exceptions or ())) if next_one]
    return found


def _said(words: str) -> str:
    return without_addresses(_QUOTED.sub(HIDDEN, _DETAILS.sub("", words))).strip()
