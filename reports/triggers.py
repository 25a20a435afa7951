"""Triggers with which the database itself notes what is due, in the transaction of the fact.

They would hinder migrations of the tables that they are on or write to: SQLite makes such tables anew without them, and
PostgreSQL drops no column that one waits for. So they are put aside before, and made again after, and then all that is
kept is made again, since something may have gone unnoticed. A trigger that is written otherwise needs a migration too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections

_THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}
# on PostgreSQL a trigger's function has its name
_DROP = {"sqlite": "DROP TRIGGER IF EXISTS {}", "postgresql": "DROP FUNCTION IF EXISTS {}() CASCADE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggers:
    """Some triggers: the statement that creates each, by database and name; the `apps` of the tables that they are on
    or write to; the table into which they write their `notes`; and what has all made again of which they tell.
    """

    statements: Mapping[str, Mapping[str, str]]
    apps: tuple[str, ...]
    notes: str
    begin_anew: Callable[[str], object]

    def missing(self, using: str = "default") -> set[str]:
        """Return the names of those that a database has not."""
        connection = connections[using]
        with connection.cursor() as cursor:
            cursor.execute(_THERE[connection.vendor])
            return set(self.statements[connection.vendor]) - {name for (name,) in cursor.fetchall()}

    def put_aside(self, using: str = "default", plan: Any = (), **_: Any) -> None:
        """Drop them before migrations of these apps."""
        if any(migration.app_label in self.apps for migration, _is_backwards in plan or ()):
            self.take_down(using)

    def take_down(self, using: str = "default") -> None:
        """Drop them."""
        connection = connections[using]
        with connection.cursor() as cursor:
            for name in self.statements[connection.vendor]:
                cursor.execute(_DROP[connection.vendor].format(name))

    def set_up(self, using: str = "default", **_: Any) -> None:
        """Make those that are not there, once the table for their notes is, which goes with the app."""
        connection = connections[using]
        if self.notes not in connection.introspection.table_names():
            return
        if missing := self.missing(using):
            with connection.cursor() as cursor:
                for name in missing:
                    cursor.execute(self.statements[connection.vendor][name])
            self.begin_anew(using)
