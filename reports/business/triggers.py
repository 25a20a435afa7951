"""What the database itself notes when a payment changes in a way that its past depends on.

Payments are written in many ways: by the writer, when people are merged or erased, when a store is taken away. A note
that each of them had to remember would be forgotten by one; a trigger is not, and its row is committed with what it
tells. The notes are only ever added and taken away, so nobody waits for anybody.
"""

from reports.models import Upkeep
from reports.triggers import Triggers

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


def _begin_anew(using: str) -> None:
    Upkeep.objects.using(using).update(rules="")


TRIGGERS = Triggers(
    statements={"sqlite": _SQLITE, "postgresql": _POSTGRESQL},
    apps=("subscriptions", "reports"),
    notes="reports_due",
    begin_anew=_begin_anew,
)
