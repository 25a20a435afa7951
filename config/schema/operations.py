"""Operations of migrations that leave a table to whoever reads and writes it meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import migrations


class AddIndexMeanwhile(migrations.AddIndex):
    """Adds an index without keeping anybody from writing, where the database can: on PostgreSQL, concurrently.

    Its migration has `atomic = False` and nothing else in it. One that was broken off leaves an index that nobody uses;
    the next try removes it first.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make it."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            with _patience(schema_editor.connection):
                schema_editor.remove_index(model, self.index, concurrently=True)
                schema_editor.add_index(model, self.index, concurrently=True)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Remove it in the same way."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
            return
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            with _patience(schema_editor.connection):
                schema_editor.remove_index(model, self.index, concurrently=True)


@contextmanager
def _patience(connection: Any) -> Iterator[None]:
    """Wait for older transactions as long as they take: this keeps nobody else waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        [before] = cursor.fetchone()
        cursor.execute("SET lock_timeout = 0")
        yield
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])
