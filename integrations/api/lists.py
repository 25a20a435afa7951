"""A lookup for lists of texts that both databases answer: does any entry contain a text, without regard to case?"""

from typing import Any

from django.db import models


@models.JSONField.register_lookup
class AnyContains(models.Lookup):
    """`notes__any_contains="late"`: some entry of the list contains the text."""

    lookup_name = "any_contains"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Look at each entry, as SQLite does."""
        return self._exists(compiler, connection, "json_each({}) AS entry", r"entry.value LIKE %s ESCAPE '\'")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Look at each entry, as PostgreSQL does."""
        entries = "jsonb_array_elements_text({}) AS entry(value)"
        return self._exists(compiler, connection, entries, "UPPER(entry.value) LIKE UPPER(%s)")

    def _exists(self, compiler: Any, connection: Any, entries: str, condition: str) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        pattern = f"%{connection.ops.prep_for_like_query(self.rhs)}%"
        sql = f"EXISTS (SELECT 1 FROM {entries.format(lhs)} WHERE {condition})"  # noqa: S608  columns of our own
        return sql, (*params, pattern)
