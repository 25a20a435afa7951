"""Which triggers a database has."""

from typing import Any

_THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def there(connection: Any) -> set[str]:
    """Return their names."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE[connection.vendor])
        return {name for (name,) in cursor.fetchall()}
