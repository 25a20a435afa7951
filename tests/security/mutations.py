"""Well-formed documents with anything in any place, and the ways in which bytes are no honest JSON.

A document that is nearly right reaches code that one made from nothing never reaches, so fuzzing starts from our
fixtures: each node may become any JSON value, vanish, or stand under another name.
"""

import copy
import json
import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# Each example asks the whole product, so the suite bears few of them; `make fuzz` asks for more.
few = settings(
    max_examples=int(os.environ.get("EXAMPLES") or 25),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

type Path = tuple[str | int, ...]

# What databases, calendars and renderers stumble over.
TEXTS = st.sampled_from(
    ["", " ", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "😀" * 40, "é\u0301", "\u202e", "x" * 5000, "1e400", "NaN",
     "-0", "null", "[]", "2026-02-30", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "a@b", "@",
     "\r\nBcc: x",
     "<img src=x onerror=alert(1)>", "'; DROP TABLE x; --", "{{ 7 }}", "%s%n", "../../etc/passwd", "=1+1"]
)  # fmt: skip
NUMBERS = st.sampled_from([0, -1, 1, 10**15, 2**31, 2**63, -(2**63) - 1, 10**40, 10**400, 0.1, -0.0, 1e-320, 1e308])
NO_NUMBERS = st.sampled_from([float("nan"), float("inf"), float("-inf")])
ATOMS = st.none() | st.booleans() | NUMBERS | NO_NUMBERS | TEXTS | st.text(max_size=6) | st.integers()
NAMES = st.sampled_from(["id", "data", "object", "amount", "x", "", "\x00", "k" * 3000, "__class__", "constructor"])
VALUES = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=5
) | st.integers(1, 400).map(lambda depth: _nested(depth))

# Bodies that are not JSON, or not only: each is sent as it is.
BODIES = {
    "nothing": b"",
    "blanks": b" \n\t ",
    "a byte that no text has": b"\xff",
    "half a character": '{"a": "é"}'.encode()[:-3],
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "UTF-8 with a mark": b'\xef\xbb\xbf{"a": 1}',
    "a NUL": b"\x00",
    "a NUL in a text": b'{"a": "\x00"}',
    "an escaped NUL": b'{"a": "\\u0000"}',
    "half a surrogate pair": b'{"a": "\\ud800"}',
    "half a surrogate pair as a name": b'{"\\ud800": 1}',
    "a name twice": b'{"a": 1, "a": {"b": 2}}',
    "no number": b'{"a": NaN, "b": -Infinity}',
    "a number beyond all bounds": b'{"a": 1e999999999}',
    "a number of many digits": b'{"a": ' + b"9" * 50_000 + b"}",
    "lists in lists": b"[" * 50_000,
    "lists in lists that end": b"[" * 50_000 + b"]" * 50_000,
    "objects in objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a name without an end": b'{"' + b"n" * 200_000 + b'": 1}',
    "very many names": b"{" + b",".join(b'"%d": 1' % number for number in range(50_000)) + b"}",
    "a form": b"a=1&b=2",
    "XML that asks for a file": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "XML that swells": b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;&c;</a>',
    "zipped": bytes.fromhex("1f8b0800000000000003ab564a54b25230ac050000ffff"),
}


def paths(part: Any, above: Path = ()) -> list[Path]:
    """List the places of a document, the whole of it first."""
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [above, *(path for name, value in inside for path in paths(value, (*above, name)))]


@st.composite
def mutated(draw: st.DrawFn, document: Any) -> Any:
    """Make the document with one to three of its places changed."""
    changed = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        changed = _change(draw, changed)
    return changed


def _change(draw: st.DrawFn, document: Any) -> Any:
    path = draw(st.sampled_from(paths(document)))
    if not path:  # the whole of it is replaced seldom, since nothing behind the first look is reached then
        return draw(VALUES) if draw(st.integers(0, 9)) == 0 else document
    part = document
    for step in path[:-1]:
        part = part[step]
    match draw(st.sampled_from(["put", "put", "put", "leave out", "rename"])):
        case "put":
            part[path[-1]] = draw(VALUES)
        case "rename" if isinstance(part, dict):
            part[draw(NAMES)] = part.pop(path[-1])
        case _:
            del part[path[-1]]
    return document


def written(document: Any) -> bytes:
    """Write a document as JSON that may hold what is no JSON: NaN, and halves of surrogate pairs."""
    return json.dumps(document).encode()


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value
