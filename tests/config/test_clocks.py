"""Where the clock is wrong nothing is done, and `readyz` says why; on SQLite there is one clock only."""

import re
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from config import clocks

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'")


@pytest.fixture
def off(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Set this process's clock off by some seconds, and have it connect anew."""

    def set_off(seconds: float) -> None:
        connection.close()
        monkeypatch.setattr(clocks, "time", SimpleNamespace(time=lambda: time.time() + seconds))

    yield set_off
    monkeypatch.undo()
    connection.close()


@on_postgresql
@pytest.mark.parametrize("seconds", [-3600, -31, 31, 3600])
def test_whoever_has_a_wrong_clock_gets_no_connection(off: Any, seconds: float) -> None:
    off(seconds)
    for _attempt in range(2):
        with pytest.raises(clocks.WrongClock, match=re.escape(f"{seconds:+.0f} seconds off")):
            connection.cursor()


@on_postgresql
def test_readyz_names_it(off: Any, client: Client) -> None:
    off(3600)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]["database"]) == (503, "WrongClock")


@pytest.mark.parametrize("seconds", [-20, 0, 20])
def test_a_few_seconds_do_no_harm(off: Any, seconds: float) -> None:
    off(seconds)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.skipif("connection.vendor == 'postgresql'")
def test_on_sqlite_nothing_is_compared(off: Any) -> None:
    off(3600)
    connection.ensure_connection()
