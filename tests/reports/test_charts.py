"""Charts: what is drawn is what the numbers say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import Chart, Series, draw
from reports.charts.scale import fitting

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 2))


def _chart(kind: str, *series: tuple[float | None, ...]) -> Chart:
    return Chart(
        kind=kind,
        title="",
        labels=tuple(str(place) for place in range(len(series[0]))),
        series=tuple(Series(name=str(number), values=values) for number, values in enumerate(series)),
        written=str,
    )


@given(low=NUMBERS, high=NUMBERS, whole=st.booleans())
def test_a_scale_holds_both_ends_and_zero_and_has_few_marks(low: float, high: float, whole: bool) -> None:
    low, high = sorted((low, high))
    scale = fitting(low, high, whole=whole)
    assert scale.low <= low <= high <= scale.high
    assert 0 in scale.ticks
    assert 2 <= len(scale.ticks) <= 8
    assert not whole or all(tick == int(tick) for tick in scale.ticks)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=20))
def test_bars_are_as_high_as_their_values_and_stay_in_the_area(rows: list[tuple[float, float]]) -> None:
    for kind in ("bar", "stacked"):
        drawing = draw(_chart(kind, *zip(*rows, strict=True)))
        assert all(-1e-6 <= bar.top <= bar.top + bar.height <= 100 + 1e-6 for bar in drawing.bars)
        heights = sum(bar.height for bar in drawing.bars)
        values = sum(abs(value) for row in rows for value in row)
        if drawing.bars:
            span = float(drawing.ticks[-1].words) - float(drawing.ticks[0].words)
            assert heights == pytest.approx(100 * values / span, rel=1e-6, abs=1e-6)


def test_a_line_has_a_gap_where_there_is_no_value() -> None:
    drawing = draw(_chart("line", (1, None, 2, 3)))
    assert len(drawing.dots) == 3
    assert len(drawing.strokes) == 1


def test_a_pie_has_at_most_eight_slices_and_all_of_it() -> None:
    drawing = draw(_chart("pie", tuple(float(number) for number in range(1, 21))))
    assert [one.name for one in drawing.slices][:2] == ["19", "18"]
    assert len(drawing.slices) == 8
    assert sum(float(one.value) for one in drawing.slices) == sum(range(1, 21))


def test_the_only_slice_of_a_pie_is_a_whole_circle() -> None:
    [slice_] = draw(_chart("pie", (5.0, 0.0))).slices
    assert slice_.share == "100"
    assert "L" not in slice_.path


def test_a_chart_without_values_says_so_instead_of_being_drawn() -> None:
    assert draw(_chart("line", (0, None))).chart.is_empty


def test_what_makes_no_chart_is_refused() -> None:
    with pytest.raises(ValueError, match="no such chart"):
        _chart("cake", (1,))
    with pytest.raises(ValueError, match="a value of each series"):
        Chart(kind="bar", title="", labels=("a",), series=(Series(name="", values=()),), written=str)
    with pytest.raises(ValueError, match="negative"):
        draw(_chart("pie", (-1.0, 2.0)))


def test_the_table_behind_a_chart_has_every_number() -> None:
    drawing = draw(_chart("stacked", (1, None), (3, 4)))
    assert drawing.heads == ["0", "1"]
    assert drawing.rows == [("0", ["1", "3"]), ("1", ["–", "4"])]
