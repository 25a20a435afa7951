"""Charts, drawn on the server: they need no script, follow light, dark and print, and have a table behind them."""

from reports.charts.chart import Chart, Series
from reports.charts.drawing import Drawing, draw

__all__ = ["Chart", "Drawing", "Series", "draw"]
