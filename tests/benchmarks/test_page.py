"""What is published of the benchmarks: the page is what its lines say, and each missed goal has its reason."""

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks import lines, page
from tests.benchmarks.figures import Figure
from tests.benchmarks.gaps import GAPS
from tests.benchmarks.growth import exponent
from tests.benchmarks.suite import NAMES

MET = Figure(name="quick", database="sqlite", value=2, unit="a second", yardstick="1", ratio=2, goal=1)
LATE = Figure(
    name="late", database="sqlite", value=9, unit="ms", yardstick="3 ms", ratio=3, goal=1.5, more_is_better=False
)


def line(figure: Figure, **more: object) -> lines.Line:
    """Write a line of a figure as it is kept."""
    about = {"date": "2026-01-01", "quick": False, "asked": {}, "machine": "2 cores", "versions": {"Python": "3.13"}}
    return figure.as_json() | {"benchmark": "webhook"} | about | more


def test_the_page_and_its_charts_are_what_the_lines_say() -> None:
    made = page.files(lines.read())
    stale = [str(path) for path, text in made.items() if not path.exists() or path.read_text() != text]
    assert stale == [], "python -m tests.benchmarks.page writes them anew"
    assert set((page.DOCS / "benchmarks").glob("*")) == made.keys() - {page.DOCS / "benchmarks.md"}


def test_each_missed_goal_has_its_reason_and_no_other_has_one() -> None:
    assert page.missed(lines.read()) == GAPS.keys()


@pytest.mark.parametrize("name", NAMES)
def test_each_benchmark_can_be_run_and_says_what_it_is_about(name: str) -> None:
    module = import_module(f"tests.benchmarks.{name}")
    assert callable(module.measure)
    assert (module.__doc__ or "").strip()


def test_a_figure_is_met_or_missed_by_the_direction_of_its_goal() -> None:
    assert (MET.ok, MET.score, LATE.ok, LATE.score) == (True, 2, False, 0.5)


def test_a_line_gives_the_figure_back(tmp_path: Path) -> None:
    grown = replace(MET, points=((1.0, 2.5), (10.0, 3.0)), benchmark="webhook")
    lines.write([line(grown)], tmp_path / "kept.jsonl")
    assert lines.as_figure(lines.read(tmp_path / "kept.jsonl")[0]) == grown


def test_new_lines_take_the_place_of_those_of_the_same_benchmark_and_database() -> None:
    before = [line(MET), line(LATE), line(MET, database="postgresql"), line(MET, benchmark="emails")]
    after = lines.merged(before, [line(MET, value=3.0)])
    assert [(one["benchmark"], one["database"], one["name"], one["value"]) for one in after] == [
        ("webhook", "postgresql", "quick", 2),
        ("emails", "sqlite", "quick", 2),
        ("webhook", "sqlite", "quick", 3.0),
    ]


def test_what_people_wrote_stays_text_in_a_chart() -> None:
    told = page.files([line(MET, name="a<b>&c", unit='"')])
    [chart] = [text for path, text in told.items() if path.suffix == ".svg"]
    assert "a&lt;b&gt;&amp;c" in chart
    assert "<b>" not in chart


@given(power=st.floats(-1, 2), factor=st.floats(0.001, 10))
def test_the_exponent_of_a_power_is_that_power(power: float, factor: float) -> None:
    points = [(size, factor * size**power) for size in (1_000.0, 10_000.0, 100_000.0)]
    assert exponent(points) == pytest.approx(power, abs=1e-6)


def test_a_line_is_one_object_of_plain_data() -> None:
    told = lines.written(MET, "", quick=True)
    assert json.loads(json.dumps(told))["quick"] is True
    assert told["versions"]["SQLite"]
