"""Empty the database after a test that commits, faster than Django's own flush, which truncates every table.

Only tables that hold something are emptied, and what the migrations have left (content types, permissions, roles) stays
as it is. If a test has changed that, Django's flush makes it anew.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase

from tests.plugins import audit

# table -> what must be as it was, for the table to stay as it is
KEPT = {
    "django_content_type": "COUNT(*), MAX(id)",
    "auth_permission": "COUNT(*), MAX(id)",
    "auth_group": "id, name",
    "auth_group_permissions": "group_id, permission_id",
}
_flush: Callable[[TransactionTestCase], None] = TransactionTestCase._fixture_teardown
_left: dict[str, list[Any]] = {}


def pytest_configure() -> None:
    """Take the place of Django's flush."""
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[method-assign]


def remember() -> None:
    """Note what the migrations have left; called when the database is new."""
    _left.update(_kept())


def _empty(case: TransactionTestCase) -> None:
    if _left != _kept():
        _flush(case)
        remember()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _filled():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
    audit.empty(connection.alias)


def _kept() -> dict[str, list[Any]]:
    with connection.cursor() as cursor:
        return {table: _rows(cursor, f"SELECT {what} FROM {table} ORDER BY 1, 2") for table, what in KEPT.items()}


def _filled() -> list[str]:
    with connection.cursor() as cursor:
        return [table for (table,) in _rows(cursor, _question())]


@cache
def _question() -> str:
    """Write one query that names every table with a row in it."""
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT.keys()
    asked = (f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(one)})" for one in sorted(tables))
    return " UNION ALL ".join(asked)


def _rows(cursor: Any, sql: str) -> list[Any]:
    cursor.execute(sql)
    return list(cursor.fetchall())
