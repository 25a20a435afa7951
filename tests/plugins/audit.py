"""An empty audit log for every test: no flush empties it, since the database refuses that."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connections
from django.db.models.signals import post_migrate

# vendor -> what lifts its guard, and what puts it back
_LIFTED = {
    "postgresql": (["ALTER TABLE audit_entry DISABLE TRIGGER USER"], ["ALTER TABLE audit_entry ENABLE TRIGGER USER"]),
}


@pytest.fixture(scope="session", autouse=True)
def _audit_log_is_emptied_with_the_rest() -> None:
    """Follow Django's flush, which ends with this signal."""
    post_migrate.connect(empty, sender=apps.get_app_config("audit"), dispatch_uid="tests.audit")


def empty(using: str, **_: Any) -> None:
    """Lift the guard, empty the log, and put the guard back."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM audit_entry LIMIT 1")
        if not cursor.fetchone():
            return
        lifted, restored = _LIFTED.get(connection.vendor) or _triggers(cursor)
        for statement in (*lifted, "DELETE FROM audit_entry", *restored):
            cursor.execute(statement)


def _triggers(cursor: Any) -> tuple[list[str], list[str]]:
    """Say how SQLite's triggers are dropped, and how they are made again."""
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
    names, statements = zip(*cursor.fetchall(), strict=True)
    return [f"DROP TRIGGER {name}" for name in names], list(statements)
