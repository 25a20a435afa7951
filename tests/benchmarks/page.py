"""The page of all figures, made from the lines that are kept, with a chart for each benchmark."""

import ast
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.benchmarks import drawing, lines
from tests.benchmarks.figures import Figure
from tests.benchmarks.gaps import GAPS
from tests.benchmarks.lines import Line
from tests.benchmarks.suite import NAMES

DOCS = Path(__file__).parents[2] / "docs"
_HEAD = """# What was measured

Each figure is held against a yardstick of the same run, on the same machine, and what counts is the ratio of both. The
bars begin at the goal: to the right is better, to the left worse, and a step is a factor of four. `make bench` measures
all of it, `make bench ONLY=name` a part, `QUICK=1` a small sample, and `PUBLISH=1` writes this page anew from
[benchmarks.jsonl](benchmarks.jsonl), which has a line for each figure with machine, versions and date.
"""


def publish(kept: Iterable[Line]) -> None:
    """Write lines, page and charts."""
    kept = sorted(kept, key=lambda line: NAMES.index(line["benchmark"]))
    lines.write(kept)
    for path, text in files(kept).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def files(kept: Sequence[Line]) -> dict[Path, str]:
    """Return what the page and its charts are made of, by path."""
    made: dict[Path, str] = {}
    sections = [_HEAD, _summary(kept)]
    for name in NAMES:
        mine = [line for line in kept if line["benchmark"] == name]
        if mine:
            figures = [lines.as_figure(line) for line in mine]
            made |= {DOCS / path: text for path, text in _charts(name, figures).items()}
            sections.append(_section(name, mine, figures))
    return {DOCS / "benchmarks.md": "\n".join(sections)} | made


def missed(kept: Iterable[Line]) -> set[tuple[str, str]]:
    """Name the figures that miss their goal."""
    return {(line["name"], line["database"]) for line in kept if not line["ok"]}


def _summary(kept: Sequence[Line]) -> str:
    met = sum(line["ok"] for line in kept)
    return f"{met} of {len(kept)} figures reach their goal. Why the others do not stands beside them.\n"


def _section(name: str, mine: Sequence[Line], figures: Sequence[Figure]) -> str:
    charts = "\n".join(f"![{_about(name)}]({path})" for path in _charts(name, figures))
    rows = "\n".join(_row(figure) for figure in figures)
    gaps = "\n".join(
        f"- **{figure.name}, {figure.database}**, missed: {GAPS.get((figure.name, figure.database), '')}"
        for figure in figures
        if not figure.ok
    )
    head = "| figure | database | value | held against | ratio | goal | |\n|---|---|---:|---|---:|---:|---|"
    where = "\n".join(dict.fromkeys(_where(line) for line in mine))
    parts = [f"## {name}", _about(name), charts, f"{head}\n{rows}", gaps, where]
    return "\n\n".join(part for part in parts if part) + "\n"


def _row(figure: Figure) -> str:
    sign = "≥" if figure.more_is_better else "≤"
    mark = "reached" if figure.ok else "**missed**"
    value = f"{figure.value:,.1f} {figure.unit}"
    return (
        f"| {figure.name} | {figure.database} | {value} | {figure.yardstick} | {figure.ratio:.2f} "
        f"| {sign} {figure.goal:g} | {mark} |"
    )


def _where(line: Line) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in line["versions"].items())
    sample = "a small sample, " if line["quick"] else ""
    sample += "".join(f"{name}={value}, " for name, value in line["asked"].items())
    return f"*{line['database']}: {sample}{line['date']}, {line['machine']}; {versions}.*"


def _about(name: str) -> str:
    """Return the first line of what the benchmark says of itself."""
    module = ast.parse((Path(__file__).parent / f"{name}.py").read_text())
    return (ast.get_docstring(module) or "").partition("\n")[0]


def _charts(name: str, figures: Sequence[Figure]) -> dict[str, str]:
    made = {f"benchmarks/{name}.svg": drawing.goals(figures, title=_about(name))}
    for database in dict.fromkeys(figure.database for figure in figures if figure.points):
        grown = [figure for figure in figures if figure.points and figure.database == database]
        made[f"benchmarks/{name}_{database}.svg"] = drawing.growth(grown, title=f"{_about(name)} {database}")
    return made


if __name__ == "__main__":
    publish(lines.read())
