"""What every test may use."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

pytest_plugins = [
    "tests.plugins.again",
    "tests.plugins.audit",
    "tests.plugins.live_server",
    "tests.plugins.translations",
    "tests.plugins.requirements",
    "tests.plugins.summary",
    "tests.plugins.properties",
    "tests.plugins.emptying",
]


@pytest.fixture(autouse=True)
def fresh_memory() -> None:
    """Forget published flows and prepared e-mails: their ids come again."""
    from automations import plans
    from automations.email import sheets

    plans.load.cache_clear()
    sheets.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Before the test database is removed, end the sessions that killed processes have left at PostgreSQL."""
    from tests.plugins import emptying  # after pytest has loaded it as a plugin

    with django_db_blocker.unblock():
        emptying.remember()
    yield
    if connection.vendor == "postgresql":
        # ours only: the database tidies up with processes of its own, which nobody else may end
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"{others} AND usename = current_user AND pid <> pg_backend_pid()")
