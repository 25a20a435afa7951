"""Conditions of a step or a trigger: a segment that is asked as it stands at that moment.

What it asks of saved segments is what those ask now, so they are read again whenever one is named.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from subscriptions.segments import reading
from subscriptions.segments.known import Known, look_up, named_in
from subscriptions.segments.tree import Node

_NONE_NAMED = Known(lists=None, segments={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """A segment as its JSON text, so that equal ones are one; `of_payments` begins inside the frame of a payment."""

    text: str
    of_payments: bool

    @property
    def tree(self) -> Any:
        """The segment as JSON."""
        return json.loads(self.text)

    def node(self) -> Node:
        """Read them as they stand now; raise SegmentError where they name something that is gone."""
        return _read(self, look_up([self.tree], with_lists=False)) if _names_segments(self) else _kept(self)


def read(tree: Any, *, of_payments: bool, has_this: bool, known: Known | None) -> Conditions:
    """Read conditions from JSON; raise SegmentError with everything that is wrong."""
    node = reading.read(tree, inside_payment=of_payments, has_this=has_this, known=known)
    return Conditions(text=json.dumps(reading.write(node)), of_payments=of_payments)


@lru_cache(maxsize=5000)
def _names_segments(conditions: Conditions) -> bool:
    return bool(named_in([conditions.tree])[1])


@lru_cache(maxsize=5000)
def _kept(conditions: Conditions) -> Node:
    return _read(conditions, _NONE_NAMED)


def _read(conditions: Conditions, known: Known) -> Node:
    return reading.read(conditions.tree, inside_payment=conditions.of_payments, has_this=True, known=known)
