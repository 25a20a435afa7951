"""Saved reports, when they are sent, rates of currencies, and what is kept up of the payments' past."""

from reports.models.cells import Cell, CellUpkeep, DueCell, WayCell
from reports.models.currencies import Currency
from reports.models.past import Due, Episode, Movement, MovementTotal, StateTotal, Upkeep
from reports.models.reports import Report
from reports.models.schedules import ReportMail, Schedule

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
    "ReportMail",
    "Schedule",
    "StateTotal",
    "Upkeep",
    "WayCell",
]
