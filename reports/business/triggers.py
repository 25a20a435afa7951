"""What the database itself notes when a payment changes in a way that its past depends on.

Payments are written in many ways: by the writer, when people are merged or erased, when a store is taken away. A note
that each of them had to remember would be forgotten by one; a trigger is not, and its row is committed with what it
tells. The notes are only ever added and taken away, so nobody waits for anybody.

They would hinder migrations of the table that they are on, of which SQLite makes it anew without them; so they are put
aside before, and made again after, and then the whole past is made again, since something may have gone unnoticed.
"""

from typing import Any

from django.apps import AppConfig
from django.db import connections

from reports.triggers import there

# What a payment's past is made of; the dates of each renewal are not among it.
COLUMNS = (
    "status",
    "is_trial",
    "payment_amount",
    "tax_amount",
    "billing_interval",
    "billing_interval_count",
    "currency",
    "contact_id",
    "start_date",
    "cancelled_date",
)
NAMES = ("reports_payment_added", "reports_payment_changed", "reports_payment_removed")
_TABLE = "subscriptions_recurringpayment"


def _differs(word: str) -> str:
    return " OR ".join(f"OLD.{column} {word} NEW.{column}" for column in COLUMNS)


_SQLITE = {
    "reports_payment_added": f"""
        CREATE TRIGGER reports_payment_added AFTER INSERT ON {_TABLE}
        BEGIN INSERT INTO reports_due (payment) VALUES (NEW.id); END
        """,  # noqa: S608  names of our own
    "reports_payment_changed": f"""
        CREATE TRIGGER reports_payment_changed AFTER UPDATE ON {_TABLE} WHEN {_differs("IS NOT")}
        BEGIN INSERT INTO reports_due (payment, contact) VALUES (NEW.id, OLD.contact_id); END
        """,  # noqa: S608  names of our own
    "reports_payment_removed": f"""
        CREATE TRIGGER reports_payment_removed AFTER DELETE ON {_TABLE}
        BEGIN INSERT INTO reports_due (payment, contact) VALUES (OLD.id, OLD.contact_id); END
        """,  # noqa: S608  names of our own
}
_POSTGRESQL = {
    "reports_payment_added": f"""
        CREATE OR REPLACE FUNCTION reports_payment_added() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO reports_due (payment) SELECT id FROM added; RETURN NULL; END $$;
        CREATE TRIGGER reports_payment_added AFTER INSERT ON {_TABLE} REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION reports_payment_added()
        """,  # noqa: S608  names of our own
    "reports_payment_changed": f"""
        CREATE OR REPLACE FUNCTION reports_payment_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO reports_due (payment, contact) VALUES (NEW.id, OLD.contact_id); RETURN NULL; END $$;
        CREATE TRIGGER reports_payment_changed AFTER UPDATE ON {_TABLE}
        FOR EACH ROW WHEN ({_differs("IS DISTINCT FROM")}) EXECUTE FUNCTION reports_payment_changed()
        """,  # noqa: S608  names of our own
    "reports_payment_removed": f"""
        CREATE OR REPLACE FUNCTION reports_payment_removed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO reports_due (payment, contact) VALUES (OLD.id, OLD.contact_id); RETURN NULL; END $$;
        CREATE TRIGGER reports_payment_removed AFTER DELETE ON {_TABLE}
        FOR EACH ROW EXECUTE FUNCTION reports_payment_removed()
        """,  # noqa: S608  names of our own
}
_STATEMENTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def put_aside(using: str, plan: Any = (), **_: Any) -> None:
    """Remove them before migrations of the table that they are on, or of that which they write to."""
    if any(migration.app_label in ("subscriptions", "reports") for migration, _is_backwards in plan or ()):
        take_down(connections[using])


def set_up(sender: AppConfig, using: str, **_: Any) -> None:
    """Make those that are not there, once the table is there that they write to."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if "reports_due" not in connection.introspection.table_names(cursor):
            return
        missing = set(NAMES) - there(connection)
        for name in missing:
            cursor.execute(_STATEMENTS[connection.vendor][name])
        if missing:
            cursor.execute("UPDATE reports_upkeep SET rules = ''")


def take_down(connection: Any) -> None:
    """Remove them."""
    with connection.cursor() as cursor:
        for name in NAMES:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
