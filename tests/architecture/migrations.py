"""The rules for migrations while everything runs, and a reader that finds what breaks them.

The code of the release before goes on working on the new tables until the last process has been started anew, so
nothing that it asks for goes, and nothing that it does not know is asked of it. No table is kept from others for long.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED

from config.schema.operations import AddIndexMeanwhile

# app -> its last migration that was written before there were rules
BASELINE = {
    "audit": 1, "automations": 13, "contacts": 8, "integrations": 15, "limits": 1, "reports": 4, "subscriptions": 13,
}  # fmt: skip
type Rule = Callable[[Any, Migration, ProjectState], str]


def is_bound(migration: Migration) -> bool:
    """Whether a migration is ours, and newer than the rules."""
    number = migration.name.partition("_")[0]
    return migration.app_label in OURS and int(number) > BASELINE.get(migration.app_label, 0)


OURS = {*BASELINE, "pulse", "team_sessions", "two_factor"}


def broken(migration: Migration, before: ProjectState) -> Iterator[str]:
    """Say what of a migration breaks a rule; one that says `safe_because` has been thought about, and says why."""
    if getattr(migration, "safe_because", ""):
        return
    state, new = before.clone(), set()
    for one in migration.operations:
        name = str(getattr(one, "model_name", getattr(one, "name", ""))).lower()
        if isinstance(one, operations.CreateModel):
            new.add(name)
        elif name not in new and (complaint := RULES.get(type(one), _nothing)(one, migration, state)):
            yield f"{migration.app_label}.{migration.name}: {one.describe()}: {complaint}"
        one.state_forwards(migration.app_label, state)


def _nothing(_one: Any, _migration: Migration, _state: ProjectState) -> str:
    return ""


def _gone(_one: Any, _migration: Migration, _state: ProjectState) -> str:
    return "the code of the release before asks for it; remove it one release after nothing does"


def _renamed(_one: Any, _migration: Migration, _state: ProjectState) -> str:
    return "the code of the release before knows the old name; add, fill, read, and remove in the release after"


def _added(one: operations.AddField, _migration: Migration, _state: ProjectState) -> str:
    if one.field.many_to_many:
        return ""
    if not one.field.null and one.field.db_default is NOT_PROVIDED:
        return "the code of the release before does not fill it; let it be null or give db_default"
    return (
        "its index is made while the table is locked; leave it out and use AddIndexMeanwhile"
        if _is_indexed(one)
        else ""
    )


def _is_indexed(one: operations.AddField) -> bool:
    return bool(one.field.unique or one.field.db_index)


def _altered(one: operations.AlterField, migration: Migration, state: ProjectState) -> str:
    old = state.models[migration.app_label, one.model_name.lower()].fields[one.name]
    if old.null and not one.field.null:
        return "the code of the release before writes null, and the whole table is read while it is locked"
    return "" if _is_wider(old, one.field) else "the table is written anew while it is locked; add a column instead"


def _is_wider(old: "models.Field[Any, Any]", new: "models.Field[Any, Any]") -> bool:
    if type(old) is type(new) and isinstance(old, models.CharField):
        return (new.max_length or 0) >= (old.max_length or 0)
    return _type(old) == _type(new)


def _type(field: "models.Field[Any, Any]") -> str | None:
    return type(field).__name__ if field.is_relation else field.db_type(connection)


def _indexed(one: Any, migration: Migration, _state: ProjectState) -> str:
    if not isinstance(one, AddIndexMeanwhile):
        return "nobody can write meanwhile; use config.schema.operations.AddIndexMeanwhile"
    if migration.atomic or len(migration.operations) > 1:
        return "it must stand alone in a migration with atomic = False"
    return ""


def _constrained(_one: Any, _migration: Migration, _state: ProjectState) -> str:
    return "the whole table is read while it is locked, and what the release before writes may break it"


def _filled(_one: Any, migration: Migration, _state: ProjectState) -> str:
    if all(isinstance(other, operations.RunPython | operations.RunSQL) for other in migration.operations):
        return ""
    return "what is locked by the other operations stays locked until all rows are filled; put it in one of its own"


RULES: dict[type, Rule] = {
    operations.RemoveField: _gone,
    operations.DeleteModel: _gone,
    operations.RenameField: _renamed,
    operations.RenameModel: _renamed,
    operations.AlterModelTable: _renamed,
    operations.AddField: _added,
    operations.AlterField: _altered,
    operations.AddIndex: _indexed,
    AddIndexMeanwhile: _indexed,
    operations.AddConstraint: _constrained,
    operations.RunPython: _filled,
    operations.RunSQL: _filled,
}
