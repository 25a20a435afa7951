"""Saved reports, rates of currencies, and what is kept up of the payments' past."""

from reports.models.cells import Cell, CellUpkeep, DueCell, WayCell
from reports.models.currencies import Currency
from reports.models.past import Due, Episode, Movement, MovementTotal, StateTotal, Upkeep
from reports.models.reports import Report

__all__ = [
    "Cell",
    "CellUpkeep",
    "Currency",
    "Due",
    "DueCell",
    "Episode",
    "Movement",
    "MovementTotal",
    "Report",
    "StateTotal",
    "Upkeep",
    "WayCell",
]
