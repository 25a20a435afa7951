"""What a pretend shop does wrong on purpose, so that its clients can be tried against it."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from random import Random
from time import monotonic
from typing import Any

Check = Callable[[Any], bool]


@dataclass(kw_only=True)
class Faults:
    """Set any field at any time; all off at first. A provider's shop may add faults of its own.

    A chance below 1 strikes that share of all, by the shop's seed; from 1 on, the next so many, and is then used up.
    """

    rng: Random = field(default_factory=Random, repr=False)

    duplicate: int = 0
    """Deliveries: how often each is sent; 0 and 1 are both once."""
    reorder: int = 0
    """Deliveries: hold back this many (or what came within 0.2 s) and send them in another order."""
    delay: float = 0
    """Deliveries: seconds before the first attempt."""
    drop: float = 0
    """Deliveries: a chance that one is never sent."""
    mis_sign: float = 0
    """Deliveries: a chance that one is signed with another secret."""

    answer_429: float = 0
    """Requests: a chance of "too many requests"."""
    answer_429_for: float = 0
    """Requests: "too many requests" for so many seconds from the first that comes."""
    retry_after: int | None = None
    """Requests: seconds to name in the Retry-After header of a 429."""
    answer_500: float = 0
    """Requests: a chance of a server error."""
    answer_html: float = 0
    """Requests: a chance of a web page with status 200 in place of the answer."""
    hang: float = 0
    """Requests: seconds to stay silent before hanging up, on the next `hang_next` requests."""
    hang_next: int = 1
    answer_delay: float = 0
    """Requests: seconds before every answer."""
    forbidden: list[str] = field(default_factory=list)
    """Requests: the permissions that the key lacks, by the provider's names."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._busy_until: float | None = None

    def settings(self) -> dict[str, Any]:
        """Tell what is set, by name."""
        return {name: getattr(self, name) for name in _checks(type(self))}

    def apply(self, settings: Mapping[str, Any]) -> None:
        """Set several faults by name, all or none. Raises ValueError for an unknown name or a wrong value."""
        checks = _checks(type(self))
        for name, value in settings.items():
            if name not in checks:
                raise ValueError(f"There is no fault named {name}. There are: {', '.join(checks)}.")
            if not checks[name](value):
                raise ValueError(f"{value!r} is no value for {name}.")
        for name, value in settings.items():
            setattr(self, name, value)

    def clear(self) -> None:
        """Turn every fault off."""
        self.apply(type(self)().settings())
        self._busy_until = None

    def strikes(self, name: str) -> bool:
        """Decide whether a fault strikes now, and use it up where it is counted."""
        with self._lock:
            chance: float = getattr(self, name)
            if chance < 1:
                return chance > 0 and self.rng.random() < chance
            setattr(self, name, chance - 1)
            return True

    def is_busy(self) -> bool:
        """Decide whether this request gets a 429."""
        with self._lock:
            if self.answer_429_for and self._busy_until is None:
                self._busy_until = monotonic() + self.answer_429_for
            if self._busy_until is not None and monotonic() < self._busy_until:
                return True
            self._busy_until, self.answer_429_for = None, 0
        return self.strikes("answer_429")

    def silence(self) -> float:
        """Take the seconds for which this request is left hanging; 0 for none."""
        with self._lock:
            seconds, self.hang_next = self.hang, self.hang_next - 1
            if not seconds or self.hang_next <= 0:
                self.hang, self.hang_next = 0, 1
            return seconds


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and value >= 0


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


_KINDS: dict[Any, Check] = {
    bool: lambda value: type(value) is bool,
    str: lambda value: isinstance(value, str),
    int: _is_count,
    float: _is_number,
    int | None: lambda value: value is None or _is_count(value),
    list[str]: _is_names,
}


def _checks(kind: type[Faults]) -> dict[str, Check]:
    return {one.name: _KINDS[one.type] for one in fields(kind) if one.type in _KINDS}
