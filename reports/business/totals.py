"""The totals of months: what comes to customers' pasts is added to them, and what is gone is taken away."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import batched
from typing import Any

from django.db import connection, models

from reports import periods
from reports.business.replacing import Difference
from reports.models import MovementTotal, StateTotal

type Sums = dict[tuple[Any, ...], list[int]]
_KEYS: dict[type[models.Model], tuple[str, ...]] = {
    MovementTotal: ("month", "currency", "kind", "cohort"),
    StateTotal: ("month", "kind", "outcome", "currency"),
}
_COUNTED = {MovementTotal: "customers", StateTotal: "payments"}
_NOTHING = (0, 0)
# Rows of one statement: each has six values, of which SQLite takes 32,766.
_AT_ONCE = 1000


def correct(movements: Difference, episodes: Difference) -> None:
    """Take out of the totals what is gone of customers' pasts, and add what came instead."""
    _write(MovementTotal, _of_movements(movements.came), _of_movements(movements.gone))
    _write(StateTotal, _of_episodes(episodes.came), _of_episodes(episodes.gone))


def forget() -> None:
    """Delete all of them."""
    for model in _KEYS:
        model._default_manager.all().delete()


def _of_movements(rows: Iterable[Mapping[str, Any]]) -> Sums:
    sums: Sums = {}
    for row in rows:
        _count(sums, (row["day"].replace(day=1), row["currency"], row["kind"], row["cohort"]), row["amount"])
    return sums


def _of_episodes(rows: Iterable[Mapping[str, Any]]) -> Sums:
    """Count each where it began, and where it ended."""
    sums: Sums = {}
    for row in rows:
        _count(sums, (_month(row["since"]), row["kind"], "", row["currency"]), row["amount"])
        if row["until"]:
            _count(sums, (_month(row["until"]), row["kind"], row["outcome"], row["currency"]), row["amount"])
    return sums


def _month(moment: Any) -> date:
    return periods.day_of(moment).replace(day=1)


def _count(sums: Sums, key: tuple[Any, ...], amount: int) -> None:
    counted = sums.setdefault(key, [0, 0])
    counted[0] += 1
    counted[1] += amount


def _write(model: type[models.Model], more: Sums, less: Sums) -> None:
    """Add to the rows that there are, and make those that there are not, all in one statement."""
    rows = [(*key, *sums) for key in more.keys() | less.keys() if any(sums := _difference(more, less, key))]
    if not rows:
        return
    names, counted = _KEYS[model], _COUNTED[model]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join((*names, counted, "amount"))
    for some in batched(sorted(rows), _AT_ONCE, strict=False):
        places = ", ".join([f"({', '.join(['%s'] * len(some[0]))})"] * len(some))
        statement = (
            f"INSERT INTO {table} ({columns}) VALUES {places} ON CONFLICT ({', '.join(names)}) DO UPDATE "  # noqa: S608
            f"SET {counted} = {table}.{counted} + excluded.{counted}, amount = {table}.amount + excluded.amount"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for row in some for value in row])


def _difference(more: Sums, less: Sums, key: tuple[Any, ...]) -> list[int]:
    return [now - before for now, before in zip(more.get(key, _NOTHING), less.get(key, _NOTHING), strict=True)]
