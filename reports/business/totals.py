"""The totals of months: what is made of customers' pasts is added to them, and what it replaces is taken away."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection, models

from reports import periods
from reports.models import MovementTotal, StateTotal

type Sums = dict[tuple[Any, ...], list[int]]
_KEYS: dict[type[models.Model], tuple[str, ...]] = {
    MovementTotal: ("month", "currency", "kind", "cohort"),
    StateTotal: ("month", "kind", "outcome", "currency"),
}
_COUNTED = {MovementTotal: "customers", StateTotal: "payments"}


def add(movements: Iterable[Mapping[str, Any]], episodes: Iterable[Mapping[str, Any]]) -> None:
    """Add new rows to the totals."""
    _write(MovementTotal, _of_movements(movements), 1)
    _write(StateTotal, _of_episodes(episodes), 1)


def subtract(movements: "models.QuerySet[Any]", episodes: "models.QuerySet[Any]") -> None:
    """Take rows out of the totals that are about to be deleted."""
    moved = movements.values("day", "currency", "kind", "cohort", "amount")
    _write(MovementTotal, _of_movements(moved.iterator()), -1)
    past = episodes.values("kind", "since", "until", "outcome", "currency", "amount")
    _write(StateTotal, _of_episodes(past.iterator()), -1)


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


def _write(model: type[models.Model], sums: Sums, sign: int) -> None:
    """Add to the rows that there are, and make those that there are not, each in the one statement."""
    if not sums:
        return
    names, counted = _KEYS[model], _COUNTED[model]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join((*names, counted, "amount"))
    places = ", ".join(["%s"] * (len(names) + 2))
    statement = (
        f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT ({', '.join(names)}) DO UPDATE "  # noqa: S608
        f"SET {counted} = {table}.{counted} + excluded.{counted}, amount = {table}.amount + excluded.amount"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(*key, sign * count, sign * amount) for key, (count, amount) in sums.items()])
