"""What tests that run over every provider must know of how its stores speak."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integrations.connecting import Credentials

SECRET = "whsec_of_the_tests"
Event = dict[str, Any]
Headers = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """How one provider's stores speak.

    `sign` makes the headers of a delivery, signed with each of some secrets at a moment. `news` makes a whole event
    that tells a recurring payment's id and raw status as of a moment; with an id of its own if none is given. `unknown`
    is an event of a kind that nobody knows, `broken` are bodies that are no events, `false` are headers that prove
    nothing, `events` lists the fixtures. `proof` is the connection's field without which nothing can be proven, `past`
    the seconds after which a signature is too old, where it has a time; `rolls` says whether several secrets may count
    at once, `has_mode` whether events tell live from test.
    """

    credentials: Callable[[], Credentials]
    sign: Callable[[bytes, Sequence[str], int], Headers]
    news: Callable[..., Event]
    unknown: Event
    broken: dict[str, bytes]
    false: dict[str, Headers]
    events: Callable[[], list[Path]]
    proof: str
    past: int | None = None
    rolls: bool = False
    has_mode: bool = False
