"""One measured figure, and the table of all of them."""

import json
from dataclasses import asdict, dataclass
from typing import Any

_BAR = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value, what it is held against, and the ratio that is the goal.

    `goal` is the least ratio where `more_is_better`, else the largest. `points` are sizes and values where it was
    measured at several. `benchmark` is the name of that which measured it.
    """

    name: str
    database: str
    value: float
    unit: str
    yardstick: str
    ratio: float
    goal: float
    more_is_better: bool = True
    points: tuple[tuple[float, float], ...] = ()
    benchmark: str = ""

    @property
    def ok(self) -> bool:
        """Whether the goal is reached."""
        return self.score >= 1

    @property
    def score(self) -> float:
        """How many times better than the goal it is; below 1 it is missed."""
        best, worst = (self.ratio, self.goal) if self.more_is_better else (self.goal, self.ratio)
        return best / worst if worst > 0 else float("inf")

    def as_json(self) -> dict[str, Any]:
        """Return the figure as plain data, with whether it is good."""
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


def read(told: dict[str, Any], *, benchmark: str = "") -> Figure:
    """Read a figure that was emitted, or a line that was kept."""
    kept = {name: told[name] for name in Figure.__dataclass_fields__ if name in told}
    points = tuple((float(size), float(value)) for size, value in told.get("points", ()))
    return Figure(**(kept | {"points": points, "benchmark": benchmark or told.get("benchmark", "")}))


def table(figures: list[Figure]) -> str:
    """Return all figures under one another."""
    return "\n".join(["", "Figures (value, ratio to its yardstick, goal)", *map(str, figures)])
