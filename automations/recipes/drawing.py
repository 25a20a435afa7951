"""The parts of which the flows of recipes are drawn, as their JSON."""

from typing import Any

type Json = dict[str, Any]


def status_is(*statuses: str) -> Json:
    """Ask whether a recurring payment has one of these statuses."""
    if len(statuses) == 1:
        return {"field": "status", "op": "is", "value": statuses[0]}
    return {"field": "status", "op": "is_any_of", "value": list(statuses)}


IS_ACTIVE = status_is("active")
IS_TRIAL: Json = {"field": "is_trial", "op": "is", "value": True}
IS_ENDING: Json = {"field": "cancel_at_period_end", "op": "is", "value": True}
NOT_TRIAL: Json = {"not": IS_TRIAL}
GOES_ON: tuple[Json, ...] = (IS_ACTIVE, {"not": IS_ENDING})


def this(*conditions: Json) -> Json:
    """Ask it of the recurring payment that has started the automation."""
    return {"recurring_payment": {"all": list(conditions)}, "match": "this"}


def has(*conditions: Json, match: str = "any") -> Json:
    """Ask it of a person's recurring payments."""
    return {"recurring_payment": {"all": list(conditions)}, "match": match}


def flow(*steps: Json, on: list[Json], runs: str = "every_time") -> Json:
    """Draw a flow; its triggers are named in their order."""
    triggers = [{"id": f"trigger-{number}", **one} for number, one in enumerate(on, 1)]
    return {"triggers": triggers, "runs": runs, "steps": list(steps)}


def created(*where: Json) -> Json:
    """Start with a new recurring payment."""
    return {"on": "created", "where": {"all": list(where)}}


def changes(field: str, to: Any, **rest: Any) -> Json:
    """Start with a change of a recurring payment."""
    return {"on": "updated", "field": field, "to": to, **rest}


def date_comes(field: str, days: int, *where: Json, yearly: bool = False) -> Json:
    """Start so many days after a date, before it if negative, at nine in the morning."""
    return {"on": "date", "field": field, "days": days, "hour": 9, "yearly": yearly, "where": {"all": list(where)}}


def wait(id: str, n: int, unit: str = "days") -> Json:
    """Wait for a time."""
    return {"id": id, "do": "wait", "for": {"n": n, "unit": unit}}


def goal(id: str, where: Json, *, unmet: str = "end") -> Json:
    """Take people here as soon as it is true of them; whoever comes here without it ends, unless something is said."""
    return {"id": id, "do": "goal", "where": where, "unmet": unmet}


def over(*statuses: str) -> Json:
    """Take people past all that is left once their recurring payment has one of these statuses."""
    return goal("over", this(status_is(*statuses)), unmet="go_on")
