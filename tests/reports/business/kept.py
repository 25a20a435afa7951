"""What is kept up of the past, as plain data to compare."""

from collections import Counter
from typing import Any

from reports.business import keeping
from reports.models import Due, Episode, Movement, MovementTotal, StateTotal, Upkeep


def keep_up() -> None:
    """Work off all that is due."""
    assert not keeping.work(seconds=60)


def everything() -> dict[str, Any]:
    """Return all that is kept, whatever numbers its rows have."""
    return {
        "movements": Counter(
            Movement.objects.values_list("contact", "payment", "currency", "day", "kind", "amount", "cohort")
        ),
        "times": Counter(
            Episode.objects.values_list("payment", "contact", "kind", "since", "until", "outcome", "amount", "currency")
        ),
        "totals": {
            tuple(row[:4]): row[4:]
            for row in MovementTotal.objects.exclude(customers=0, amount=0).values_list(
                "month", "currency", "kind", "cohort", "customers", "amount"
            )
        },
        "states": {
            tuple(row[:4]): row[4:]
            for row in StateTotal.objects.exclude(payments=0, amount=0).values_list(
                "month", "kind", "outcome", "currency", "payments", "amount"
            )
        },
    }


def anew() -> dict[str, Any]:
    """Make all of it again from the payments and their changes, and return it."""
    Upkeep.objects.update(rules="")
    keep_up()
    assert not Due.objects.exists()
    return everything()
