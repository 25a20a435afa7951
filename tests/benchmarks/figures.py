"""One measured figure, and the table of all of them."""

import json
from dataclasses import asdict, dataclass
from typing import Any

_BAR = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value, what it is held against, and the ratio that is the goal.

    `goal` is the least ratio where `more_is_better`, else the largest.
    """

    name: str
    database: str
    value: float
    unit: str
    yardstick: str
    ratio: float
    goal: float
    more_is_better: bool = True

    @property
    def ok(self) -> bool:
        """Whether the goal is reached."""
        return self.ratio >= self.goal if self.more_is_better else self.ratio <= self.goal

    def as_json(self) -> dict[str, Any]:
        """Return the line of bench.jsonl."""
        return asdict(self) | {"ok": self.ok}

    def emit(self) -> None:
        """Hand the figure to the process that collects them."""
        print(json.dumps(asdict(self)), flush=True)

    def __str__(self) -> str:
        sign = "≥" if self.more_is_better else "≤"
        filled = min(_BAR, round(_BAR * self.ratio / (2 * self.goal)))
        bar = "█" * filled + "·" * (_BAR - filled)
        mark = "ok" if self.ok else "MISSED"
        return (
            f"{self.name:<22} {self.database:<11} {self.value:>10,.1f} {self.unit:<15} {bar} "
            f"{self.ratio:>6.2f} {sign} {self.goal:<5} {mark:<7} of {self.yardstick}"
        )


def table(figures: list[Figure]) -> str:
    """Return all figures under one another."""
    return "\n".join(["", "Figures (value, ratio to its yardstick, goal)", *map(str, figures)])
