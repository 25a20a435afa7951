"""Saved reports, rates of currencies, and what is kept up of the payments' past."""

from reports.models.currencies import Currency
from reports.models.past import Due, Episode, Movement, MovementTotal, StateTotal, Upkeep

__all__ = ["Currency", "Due", "Episode", "Movement", "MovementTotal", "StateTotal", "Upkeep"]
