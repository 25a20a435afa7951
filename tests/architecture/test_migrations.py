"""New migrations can be made while the release before goes on working."""

from typing import Any

import pytest
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from config.schema.operations import AddIndexMeanwhile
from tests.architecture import migrations


def test_no_migration_breaks_what_runs() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    bound = [one for one in loader.disk_migrations.values() if migrations.is_bound(one)]
    found = [said for one in bound for said in migrations.broken(one, _before(loader, one))]
    assert found == []


def _before(loader: MigrationLoader, migration: Migration) -> ProjectState:
    state: ProjectState = loader.project_state((migration.app_label, migration.name), at_end=False)
    return state


def _state() -> ProjectState:
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20)),
        ("nickname", models.CharField(max_length=20, null=True)),
    ]
    operations.CreateModel("Person", fields).state_forwards("contacts", state)
    return state


def complaints(*some: Any, atomic: bool = True, **more: Any) -> list[str]:
    migration = Migration("0999_x", "contacts")
    migration.operations, migration.atomic = list(some), atomic
    for name, value in more.items():
        setattr(migration, name, value)
    return list(migrations.broken(migration, _state()))


INDEX = models.Index(fields=["name"], name="person_name")
TEXT = models.CharField(max_length=9)
BREAKING = {
    "a column that goes": operations.RemoveField("Person", "name"),
    "a table that goes": operations.DeleteModel("Person"),
    "a column with another name": operations.RenameField("Person", "name", "title"),
    "a table with another name": operations.RenameModel("Person", "Human"),
    "a column that old code does not fill": operations.AddField("Person", "title", TEXT),
    "an index within the addition": operations.AddField("Person", "age", models.IntegerField(null=True, db_index=True)),
    "a column that old code may leave empty": operations.AlterField(
        "Person", "nickname", models.CharField(max_length=20)
    ),
    "a shorter text": operations.AlterField("Person", "name", TEXT),
    "another type": operations.AlterField("Person", "name", models.IntegerField()),
    "an index that locks": operations.AddIndex("Person", INDEX),
    "an index beside others": AddIndexMeanwhile("Person", INDEX),
    "a constraint": operations.AddConstraint("Person", models.UniqueConstraint(fields=["name"], name="one_name")),
}


@pytest.mark.parametrize("one", BREAKING.values(), ids=BREAKING)
def test_what_would_break_or_lock_is_found_unless_somebody_says_why_it_is_safe(one: Any) -> None:
    assert len(complaints(one)) == 1
    assert complaints(one, safe_because="Nothing has asked for it since the release before.") == []


HARMLESS = {
    "a column that may be empty": operations.AddField("Person", "title", models.CharField(max_length=9, null=True)),
    "a column that the database fills": operations.AddField(
        "Person", "title", models.CharField(max_length=9, db_default="")
    ),
    "a longer text": operations.AlterField("Person", "name", models.CharField(max_length=30)),
    "other words": operations.AlterField("Person", "name", models.CharField("Name", max_length=20)),
    "a table": operations.CreateModel("Dog", [("id", models.BigAutoField(primary_key=True))]),
}


@pytest.mark.parametrize("one", HARMLESS.values(), ids=HARMLESS)
def test_what_old_code_never_notices_is_allowed(one: Any) -> None:
    assert complaints(one) == []


def test_an_index_that_is_made_meanwhile_stands_alone() -> None:
    assert complaints(AddIndexMeanwhile("Person", INDEX), atomic=False) == []


def test_a_new_table_may_be_made_whole() -> None:
    made = operations.CreateModel("Dog", [("id", models.BigAutoField(primary_key=True)), ("name", TEXT)])
    assert complaints(made, operations.AddIndex("Dog", models.Index(fields=["name"], name="dog_name"))) == []


def test_rows_are_filled_in_a_migration_of_their_own() -> None:
    def fill(_apps: Any, _editor: Any) -> None: ...

    adds = operations.AddField("Person", "title", models.CharField(max_length=9, null=True))
    assert len(complaints(adds, operations.RunPython(fill))) == 1
    assert complaints(operations.RunPython(fill)) == []
