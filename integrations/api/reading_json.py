"""JSON as stores send it: exact numbers, no constants that JSON does not know, and one deep row that sinks no other."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

# An integer of more digits is an amount beyond any limit; Python refuses to read endless ones.
_LONGEST_INTEGER = 18


class NotJson(ValueError):
    """The text is no JSON; the message says where it stops being that."""


def read(body: bytes) -> Any:
    """Read a body; numbers with a fraction come as Decimal. Raise NotJson."""
    try:
        return json.loads(body.decode("utf-8"), parse_float=_exact, parse_int=_whole, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise NotJson("The body is not UTF-8.") from None
    except RecursionError:
        raise NotJson("The body is nested too deeply.") from None
    except ValueError as error:
        raise NotJson(f"The body is not JSON: {error}") from None


def keep(value: Any) -> str:
    """Write what was read so that `read_kept` returns the like.

    A Decimal becomes a number with the 17 digits that a float keeps: amounts have 15 at most, and one with more is
    refused before and after.
    """
    return json.dumps(value, default=float, ensure_ascii=False, separators=(",", ":"))


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
