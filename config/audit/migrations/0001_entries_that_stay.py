from django.db import migrations, models
import django.utils.timezone

GUARDS = {
    "sqlite": [
        """
        CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END
        """,
        """
        CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END
        """,
        # INSERT OR REPLACE deletes without waking the trigger of deletions
        """
        CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
        WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END
        """,
    ],
    "postgresql": [
        """
        CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'restrict_violation';
        END $$
        """,
        """
        CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()
        """,
    ],
}
# The triggers go with the table.
UNGUARDS = {"sqlite": [], "postgresql": ["DROP FUNCTION audit_entry_refuse CASCADE"]}


def guard(apps, schema_editor):
    for statement in GUARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for statement in UNGUARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                ("actor", models.CharField(blank=True, max_length=150, verbose_name="who")),
                ("actor_id", models.CharField(blank=True, max_length=64)),
                (
                    "via",
                    models.CharField(
                        choices=[("web", "Website"), ("command", "Command"), ("api", "API")],
                        max_length=16,
                        verbose_name="by way of",
                    ),
                ),
                ("action", models.CharField(max_length=64, verbose_name="action")),
                ("object_type", models.CharField(blank=True, max_length=100)),
                ("object_id", models.CharField(blank=True, max_length=64)),
                ("object_label", models.CharField(blank=True, max_length=200)),
                ("detail", models.JSONField(default=dict)),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="address")),
            ],
            options={
                "verbose_name": "audit log entry",
                "verbose_name_plural": "audit log entries",
                "db_table": "audit_entry",
                "ordering": ["-at", "-pk"],
                "default_permissions": ("view", "export"),
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="audit_newest"),
                    models.Index(fields=["object_type", "object_id"], name="audit_of_object"),
                ],
            },
        ),
        # Django makes the table once and does not empty it with the others.
        migrations.AlterModelOptions(
            name="entry",
            options={
                "managed": False,
                "verbose_name": "audit log entry",
                "verbose_name_plural": "audit log entries",
                "ordering": ["-at", "-pk"],
                "default_permissions": ("view", "export"),
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
