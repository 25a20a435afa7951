"""A fault of the database, on purpose: it refuses to write certain rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection as database
from django.db.models import Model

_SQLITE = (
    ["CREATE TRIGGER poison BEFORE {on} ON {table} WHEN {where} BEGIN SELECT RAISE(ABORT, 'poison'); END"],
    ["DROP TRIGGER poison"],
)
_POSTGRESQL = (
    [
        "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$",
        "CREATE TRIGGER poison BEFORE {on} ON {table} FOR EACH ROW WHEN ({where}) EXECUTE FUNCTION poison()",
    ],
    ["DROP FUNCTION poison CASCADE"],
)
_STATEMENTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


@contextmanager
def poison(model: type[Model], *, on: str = "INSERT", where: str = "1 = 1") -> Iterator[None]:
    """Let the database refuse to insert (or update) rows of a table; `where` says of `NEW` which."""
    make, drop = _STATEMENTS[database.vendor]
    _execute(statement.format(table=model._meta.db_table, on=on, where=where) for statement in make)
    try:
        yield
    finally:
        _execute(drop)


def _execute(statements: Iterator[str] | list[str]) -> None:
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
