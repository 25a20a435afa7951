"""JSON as stores send it: exact numbers, no constants that JSON does not know, and one deep row that sinks no other."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

# An integer of more digits is an amount beyond any limit; Python refuses to read endless ones.
_LONGEST_INTEGER = 18
_DEEPEST = 32
# Beyond so many digits an integer is kept as a float: no kind takes either.
_MOST_DIGITS = 1000
# Texts, so that brackets in them are not counted, also one that never ends; and brackets.
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


class NotJson(ValueError):
    """The text is no JSON; the message says where it stops being that."""


def read(body: bytes) -> Any:
    """Read a body; numbers with a fraction come as Decimal. Raise NotJson.

    What is nested deeper than any row may be is cut off, so that it is one row's error and not the whole body's.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise NotJson("The body is not UTF-8.") from None
    try:
        return _parsed(text)
    except RecursionError:
        return _parsed(_shallow(text))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_float=_exact, parse_int=_whole, parse_constant=_no_constant)
    except ValueError as error:
        raise NotJson(f"The body is not JSON: {error}") from None


def _shallow(text: str) -> str:
    """Put null in the place of what lies deeper than `_DEEPEST`; nothing that deep is ever taken."""
    depth, kept, parts = 0, 0, []
    for token in _STRUCTURE.finditer(text):
        if (mark := token[0]) in "[{":
            depth += 1
            if depth == _DEEPEST:
                parts.append(f"{text[kept : token.start()]}null")
        elif mark in "]}":
            depth -= 1
            if depth == _DEEPEST - 1:
                kept = token.end()
    return "".join([*parts, text[kept:] if depth < _DEEPEST else ""])


def keep(value: Any) -> str:
    """Write what was read so that `read_kept` returns the like.

    A fraction becomes a number with the 17 digits that a float keeps: amounts have 15 at most, and one with more is
    refused before and after.
    """
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(number: Decimal) -> int | float:
    is_written_out = number.is_finite() and number.as_tuple().exponent == 0 and number.adjusted() < _MOST_DIGITS
    return int(number) if is_written_out else float(number)


def read_kept(text: str) -> Any:
    """Read what `keep` wrote."""
    return json.loads(text, parse_float=_exact, parse_int=_whole)


def _exact(text: str) -> Decimal | float:
    try:
        return Decimal(text)
    except InvalidOperation:
        return float(text)  # an exponent beyond all bounds, which no kind takes


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= _LONGEST_INTEGER else Decimal(text)


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")
