from django.db import migrations

COLUMNS = "state, source, way, by, reason, at, contact_list_id"
REFUSED = "The history of standings is append-only."
# Whose a change is may become another, when two contacts become one; nothing else of it does.
GUARDS = {
    "sqlite": [
        f"""
        CREATE TRIGGER contacts_consent_no_update BEFORE UPDATE OF {COLUMNS} ON contacts_consent
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
        """
    ],
    "postgresql": [
        f"""
        CREATE FUNCTION contacts_consent_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation';
        END $$
        """,
        f"""
        CREATE TRIGGER contacts_consent_no_update BEFORE UPDATE OF {COLUMNS} ON contacts_consent
        FOR EACH STATEMENT EXECUTE FUNCTION contacts_consent_refuse()
        """,
    ],
}
UNGUARDS = {
    "sqlite": ["DROP TRIGGER contacts_consent_no_update"],
    "postgresql": ["DROP FUNCTION contacts_consent_refuse CASCADE"],
}
WHAT_IS_KNOWN = """
    INSERT INTO contacts_consent (contact_id, contact_list_id, state, source, way, by, reason, at)
    SELECT contact_id, contact_list_id, state, source, 'before', '', reason, changed_at FROM contacts_standing
"""


def guard(apps, schema_editor):
    for statement in GUARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for statement in UNGUARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("contacts", "0009_history_of_standings")]

    operations = [
        migrations.RunSQL(WHAT_IS_KNOWN, migrations.RunSQL.noop),
        migrations.RunPython(guard, unguard),
    ]
