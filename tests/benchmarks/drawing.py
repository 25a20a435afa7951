"""Charts of figures as SVG files, light and dark: how far from its goal each is, and how each grows."""

import math
from collections.abc import Sequence
from html import escape

from tests.benchmarks.figures import Figure

_ROW, _LEFT, _WIDTH, _RIGHT = 26, 330, 420, 170
# A bar ends at the goal or beyond; what is 16 times better than its goal, or worse, fills the whole side.
_FARTHEST = 4.0
_STEPS = {1 / 16: "1/16", 1 / 4: "1/4", 1: "goal", 4: "4 times", 16: "16 times"}
_STYLE = """<style>
text { font: 12px system-ui, sans-serif; fill: #1f2937 } .quiet { fill: #6b7280 } .grid { stroke: #d1d5db }
.met { fill: #0d9488 } .missed { fill: #d97706 } .goal { stroke: #374151; stroke-width: 2 }
.again { stroke-dasharray: 6 4 }
.line { fill: none; stroke-width: 2 } .c0 { stroke: #0d9488 } .c1 { stroke: #7c3aed } .c2 { stroke: #d97706 }
.c3 { stroke: #2563eb } .c4 { stroke: #be185d } .c5 { stroke: #65a30d } .c6 { stroke: #475569 } .c7 { stroke: #b45309 }
@media (prefers-color-scheme: dark) {
text { fill: #e5e7eb } .quiet { fill: #9ca3af } .grid { stroke: #4b5563 } .goal { stroke: #e5e7eb }
.met { fill: #2dd4bf } .missed { fill: #fbbf24 } .c0 { stroke: #2dd4bf } .c1 { stroke: #c4b5fd } .c2 { stroke: #fbbf24 }
.c3 { stroke: #93c5fd } .c4 { stroke: #f9a8d4 } .c5 { stroke: #bef264 } .c6 { stroke: #cbd5e1 }
.c7 { stroke: #fdba74 } }
</style>"""


def goals(figures: Sequence[Figure], *, title: str) -> str:
    """Draw a bar for each figure, from its goal to where it is: to the right what is better than its goal."""
    height = _ROW * (len(figures) + 2)
    middle = _LEFT + _WIDTH / 2
    parts = []
    for times, label in _STEPS.items():
        x, kind = _across(times), "goal" if times == 1 else "grid"
        parts.append(f'<line class="{kind}" x1="{x}" x2="{x}" y1="{_ROW}" y2="{height - _ROW + 4}"/>')
        parts.append(f'<text class="quiet" x="{x}" y="{height - 6}" text-anchor="middle">{label}</text>')
    for number, figure in enumerate(figures):
        parts += _bar(figure, top=_ROW * (number + 1), middle=middle)
    return _svg(parts, width=_LEFT + _WIDTH + _RIGHT, height=height, title=title)


def _bar(figure: Figure, *, top: float, middle: float) -> list[str]:
    end = _across(figure.score)
    left, width = min(middle, end), max(2.0, abs(end - middle))
    kind = "met" if figure.ok else "missed"
    base = top + _ROW / 2 + 4
    value = f"{_written(figure.value)} {figure.unit}"
    return [
        f'<text x="{_LEFT - 8}" y="{base}" text-anchor="end">{escape(figure.name)} · {escape(figure.database)}</text>',
        f'<rect class="{kind}" x="{left:.1f}" y="{top + 5}" width="{width:.1f}" height="{_ROW - 10}" rx="2"/>',
        f'<text x="{_LEFT + _WIDTH + 8}" y="{base}">{escape(value)}</text>',
    ]


def _across(score: float) -> float:
    """Return where a score stands: equal steps are equal factors."""
    steps = math.log2(score) if score > 0 else -_FARTHEST
    return round(_LEFT + _WIDTH / 2 * (1 + max(-1.0, min(1.0, steps / _FARTHEST))), 1)


def growth(figures: Sequence[Figure], *, title: str) -> str:
    """Draw what each takes at each size against the least: both axes go by factors of ten, and a flat line is best."""
    sizes = sorted({size for figure in figures for size, _ in figure.points})
    low, high = math.log10(sizes[0]), math.log10(sizes[-1])
    top = max(1.0, *(math.log10(max(_times(figure)) or 1) for figure in figures))
    width, height = 480, 300
    parts = []
    for power in range(math.ceil(top) + 1):
        y = _ROW + height * (1 - power / math.ceil(top))
        parts.append(f'<line class="grid" x1="60" x2="{60 + width}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text class="quiet" x="52" y="{y + 4}" text-anchor="end">{10**power:,} ×</text>')
    for size in sizes:
        x = 60 + width * (math.log10(size) - low) / (high - low)
        parts.append(f'<text class="quiet" x="{x}" y="{_ROW + height + 20}" text-anchor="middle">{size:,.0f}</text>')
    for number, figure in enumerate(figures):
        places = [
            (
                60 + width * (math.log10(size) - low) / (high - low),
                _ROW + height * (1 - math.log10(max(times, 1)) / math.ceil(top)),
            )
            for (size, _), times in zip(figure.points, _times(figure), strict=True)
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        label = _ROW + 14 + 18 * number
        looks = f"line c{number % 8}{' again' if number >= 8 else ''}"
        parts.append(f'<polyline class="{looks}" points="{line}"/>')
        parts.append(f'<line class="{looks}" x1="560" x2="580" y1="{label - 4}" y2="{label - 4}"/>')
        parts.append(f'<text x="586" y="{label}">{escape(figure.name)}: {figure.value:.2f}</text>')
    return _svg(parts, width=890, height=_ROW + max(height + 30, 18 * len(figures) + 20), title=title)


def _times(figure: Figure) -> list[float]:
    least = min(value for _, value in figure.points)
    return [value / least for _, value in figure.points]


def _written(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _svg(parts: list[str], *, width: float, height: float, title: str) -> str:
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">'
    return "\n".join([opening, f"<title>{escape(title)}</title>", _STYLE, *parts, "</svg>", ""])
