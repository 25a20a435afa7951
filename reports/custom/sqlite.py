"""What SQLite lacks: medians, and exact conversion at a rate."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any


class Median:
    """The median of whole numbers, rounded half away from zero; None of none."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    def step(self, number: int | None) -> None:
        """Take one more."""
        if number is not None:
            self.numbers.append(number)

    def finalize(self) -> int | None:
        """Return it."""
        self.numbers.sort()
        size = len(self.numbers)
        if not size:
            return None
        twice = self.numbers[(size - 1) // 2] + self.numbers[size // 2]
        return (abs(twice) + 1) // 2 * (1 if twice > 0 else -1)


def converted(parts: int | None, rate: str) -> int | None:
    """Convert ten-thousandths at a rate, rounded half away from zero as PostgreSQL does."""
    return None if parts is None else int((parts * Decimal(rate)).quantize(Decimal(1), ROUND_HALF_UP))


def teach(connection: Any, **_kwargs: Any) -> None:
    """Teach a new connection to SQLite these functions."""
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("report_median", 1, Median)
        connection.connection.create_function("report_converted", 2, converted, deterministic=True)
