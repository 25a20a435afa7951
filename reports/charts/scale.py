"""The scale of an axis: round numbers, zero always among them."""

import math
from dataclasses import dataclass

_ROUND = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From `low` to `high`, with a mark at each of `ticks`."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Return how far up a value stands, from 0 to 100."""
        return 100 * (value - self.low) / (self.high - self.low)


def fitting(low: float, high: float, *, ticks: int = 5, whole: bool = False) -> Scale:
    """Return a scale that holds both values and zero, with about that many marks at round, or at whole, numbers."""
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        high = 1.0
    step = _round((high - low) / ticks)
    if whole:
        step = max(1.0, float(math.ceil(step)))
    first, last = math.floor(low / step), math.ceil(high / step)
    marks = tuple(round(number * step, 12) for number in range(first, last + 1))
    return Scale(low=marks[0], high=marks[-1], ticks=marks)


def _round(step: float) -> float:
    """Return the next larger round number."""
    magnitude = 10.0 ** math.floor(math.log10(step))
    return next(one * magnitude for one in _ROUND if one * magnitude >= step * (1 - 1e-9))
