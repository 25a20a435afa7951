"""Very many people with recurring payments, made by the database itself: the same ones on SQLite and PostgreSQL."""

from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from contacts.models import Contact, ContactList, Standing
from subscriptions.models import Change, LineItem, RecurringPayment, Store

# A number below 2**31 that looks like chance, another one for each `salt`.
_CHANCE = "((i * {one} + 1) % 1000003 * ((i * {other} + 7) % 999983) % 2147483647)"
_MOMENT = {
    "postgresql": "CURRENT_TIMESTAMP + {seconds} * INTERVAL '1 second'",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S', unixepoch() + {seconds}, 'unixepoch')",
}
_NUMBERS = {
    "postgresql": "SELECT generate_series(1, CAST({size} AS bigint)) AS i",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size}) SELECT i FROM n",
}
_DAY = 86_400
_NO = {"postgresql": "FALSE", "sqlite": "0"}
_STATUSES = ("active",) * 11 + ("cancelled",) * 5 + ("paused", "payment_failed", "expired", "pending")
_CITIES = ("Chicago", "Lyon", "Évian-les-Bains", "New York", *(f"Town {number}" for number in range(21)))
_STATES = ("subscribed",) * 16 + ("unsubscribed", "unsubscribed", "bounced", "unconfirmed")
_INTERVALS = ("monthly",) * 7 + ("yearly", "weekly", "daily")


def gather(*, people: int, payments: int, stores: int = 1) -> None:
    """Make so many people more, all on one list, with so many payments of some stores, one or two line items each."""
    sellers = [Store.objects.create(name="crowd", provider="api").pk for _ in range(stores)]
    first = 1 + (Contact.objects.aggregate(last=models.Max("pk"))["last"] or 0)
    _fill(Contact, people, _of_contact(first))
    _fill(Standing, people, _of_standing(first, ContactList.objects.get_or_create(name="crowd")[0].pk))
    begin = 1 + (RecurringPayment.objects.aggregate(last=models.Max("pk"))["last"] or 0)
    _fill(RecurringPayment, payments, _of_payment(begin, sellers, first, people))
    _fill(LineItem, payments, _of_item(begin, 0))
    _fill(LineItem, payments // 2, _of_item(begin, 1))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Contact, RecurringPayment]):
            cursor.execute(statement)
    settle()


def give_pasts() -> None:
    """Give each payment three changes: that it began, what it cost before, and dates that moved."""
    for fields, kind, days in (
        ("{}", "created", None),
        ('{"payment_amount": ["5.0000", "6.0000"]}', "updated", 200),
        ('{"next_payment_date": [null, null]}', "updated", 20),
    ):
        when = "store_created_date" if days is None else _moment(f"- {_chance(20)} % {days * _DAY}")
        values = {
            "payment_id": "id",
            "kind": f"'{kind}'",
            "source": "'webhook'",
            "fields": f"'{fields}'",
            "occurred_at": when,
            "recorded_at": when,
            "announce": _NO[connection.vendor],
            "is_pending": _NO[connection.vendor],
        }
        names = ", ".join(values)
        chosen = ", ".join(values.values())
        payments = f"SELECT id, id AS i, store_created_date FROM {RecurringPayment._meta.db_table}"
        with connection.cursor() as cursor:
            table = Change._meta.db_table
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {chosen} FROM ({payments} ORDER BY id) AS payments")
    settle()


def settle() -> None:
    """Do what PostgreSQL does by itself within a minute."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _of_contact(first: int) -> dict[str, str]:
    key = f"'person-' || ({first - 1} + i) || '@example.com'"
    return {
        "id": f"{first - 1} + i",
        "email": key,
        "email_key": key,
        "first_name": "'Person'",
        "last_name": "'No. ' || i",
    }


def _of_standing(first: int, contact_list: int) -> dict[str, str]:
    return {
        "contact_id": f"{first - 1} + i",
        "contact_list_id": str(contact_list),
        "state": _one_of(_STATES, 15),
        "source": "'crowd'",
    }


def _of_payment(begin: int, stores: list[int], first: int, people: int) -> dict[str, str]:
    return {
        "id": f"{begin - 1} + i",
        "store_id": f"CASE i % {len(stores)} {' '.join(f'WHEN {n} THEN {pk}' for n, pk in enumerate(stores))} END",
        "contact_id": f"{first} + {_chance(1)} % {people}",
        "store_recurring_payment_id": "'sub_1PxV2eLkdIwHu7ix' || i",
        "email": f"'person-' || ({first} + {_chance(1)} % {people}) || '@example.com'",
        "name": "'Plan ' || (i % 40)",
        "status": _one_of(_STATUSES, 2),
        "billing_interval": _one_of(_INTERVALS, 3),
        "billing_interval_count": "1",
        "payment_amount": f"5 + {_chance(4)} % 20000 / 100.0",
        "currency": _one_of(("EUR", "USD", "USD", "GBP"), 5),
        "next_payment_date": _moment(f"{_chance(6)} % {300 * _DAY} - {30 * _DAY}"),
        "last_payment_date": _moment(f"- {_chance(7)} % {60 * _DAY}"),
        "store_created_date": _moment(f"- {_chance(8)} % {900 * _DAY}"),
        "start_date": _moment(f"- {_chance(8)} % {900 * _DAY}"),
        "cancelled_date": f"CASE WHEN {_chance(9)} % 4 = 0 THEN {_moment(f'- {_chance(10)} % {400 * _DAY}')} END",
        "billing_city": _one_of(_CITIES, 11),
        "shipping_city": _one_of(_CITIES, 12),
        "billing_address_1": "(i % 900) || ' Long Example Avenue'",
        "shipping_address_1": "(i % 900) || ' Long Example Avenue'",
        "billing_country": "'United States'",
        "shipping_country": "'United States'",
        "notes": '\'["Called on a Monday, and wants the blue one from now on, please", "A gift"]\'',
    }


def _of_item(begin: int, position: int) -> dict[str, str]:
    return {
        "payment_id": f"{begin - 1} + i",
        "position": str(position),
        "name": f"'Product number ' || ({_chance(13 + position)} % 50)",
        "sku": f"'SKU-' || ({_chance(13 + position)} % 50)",
        "categories": '\'["Coffee", "Subscriptions"]\'',
        "quantity": "1",
        "amount": "10",
    }


def _chance(salt: int) -> str:
    return _CHANCE.format(one=300_007 + salt * 7_919, other=500_009 + salt * 6_007)


def _one_of(texts: tuple[str, ...], salt: int) -> str:
    choices = " ".join(f"WHEN {number} THEN '{text}'" for number, text in enumerate(texts))
    return f"CASE {_chance(salt)} % {len(texts)} {choices} END"


def _moment(seconds: str) -> str:
    return _MOMENT[connection.vendor].format(seconds=f"({seconds})")


def _fill(model: type[models.Model], size: int, values: dict[str, str]) -> None:
    """Insert rows whose every other column is empty."""
    columns = [field for field in model._meta.concrete_fields if field.name != "id" or "id" in values]
    chosen = ", ".join(values.get(str(field.column)) or _empty(field) for field in columns)
    names = ", ".join(f'"{field.column}"' for field in columns)
    numbers = _NUMBERS[connection.vendor].format(size=size)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {chosen} FROM ({numbers}) AS numbers")
        # Without it PostgreSQL checks the next table's keys against a table that it believes to be empty.
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _empty(field: "models.Field[Any, Any]") -> str:
    if field.null:
        return "NULL"
    if isinstance(field, models.BooleanField):
        return _NO[connection.vendor] if not field.get_default() else f"NOT {_NO[connection.vendor]}"
    return _EMPTY.get(type(field), "''")


_EMPTY: dict[type, str] = {models.JSONField: "'[]'", models.DateTimeField: "CURRENT_TIMESTAMP"}
