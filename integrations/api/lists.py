"""Lookups for lists of texts that both databases answer: does any entry contain a text, or is any entry that text?"""

from typing import Any

from django.db import models


class _Any(models.Lookup):
    """Looks at each entry of a list."""

    prepare_rhs = False
    sqlite = ""
    postgresql = ""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Look at each entry, as SQLite does."""
        return self._exists(compiler, connection, "json_each({}) AS entry", self.sqlite)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Look at each entry, as PostgreSQL does."""
        return self._exists(compiler, connection, "jsonb_array_elements_text({}) AS entry(value)", self.postgresql)

    def _exists(self, compiler: Any, connection: Any, entries: str, condition: str) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        sql = f"EXISTS (SELECT 1 FROM {entries.format(lhs)} WHERE {condition})"  # noqa: S608  columns of our own
        return sql, (*params, self._sought(connection))

    def _sought(self, connection: Any) -> str:
        return str(self.rhs)


@models.JSONField.register_lookup
class AnyContains(_Any):
    """`notes__any_contains="late"`: some entry contains the text, without regard to case."""

    lookup_name = "any_contains"
    sqlite = r"entry.value LIKE %s ESCAPE '\'"
    postgresql = "UPPER(entry.value) LIKE UPPER(%s)"

    def _sought(self, connection: Any) -> str:
        return f"%{connection.ops.prep_for_like_query(self.rhs)}%"


@models.JSONField.register_lookup
class AnyIs(_Any):
    """`notes__any_is="late"`: some entry is the text."""

    lookup_name = "any_is"
    sqlite = "entry.value = %s"
    postgresql = "entry.value = %s"
