"""A shop's own time: the machine's, or one that stands still until something happens."""

import time
from collections.abc import Callable
from datetime import datetime


class Clock:
    """Tell the time in whole seconds.

    Without a start it is the machine's clock. With one it stands still, and moves `step` seconds with each thing that
    happens, so that what happens one after the other does not share a second; set `step` to 0 to make it share one.
    """

    def __init__(self, start: datetime | None = None, *, step: int = 1) -> None:
        self.step = step
        self.moved: Callable[[int], None] = lambda seconds: None
        """Called with the seconds that this clock skips while the machine's goes on."""
        self._at = seconds(start) if start else None

    @property
    def stands_still(self) -> bool:
        """Whether this clock has left the machine's."""
        return self._at is not None

    def now(self) -> int:
        """Tell the shop's time, in seconds since 1970."""
        return int(time.time()) if self._at is None else self._at

    def move_to(self, moment: datetime | int) -> None:
        """Go to a moment, and stand still there."""
        before, self._at = self.now(), seconds(moment)
        self.moved(self._at - before)

    def tick(self) -> int:
        """Move one step on, and tell the time."""
        if self._at is not None:
            self.move_to(self._at + self.step)
        return self.now()


def seconds(moment: datetime | int) -> int:
    """Turn an aware moment into seconds since 1970. Raises ValueError for one without a time zone."""
    if isinstance(moment, int):
        return moment
    if moment.tzinfo is None:
        raise ValueError("Give a moment with a time zone.")
    return int(moment.timestamp())
