"""The pace of requests to one store holds over threads and processes, and nobody asks while the store wants quiet."""

import sys
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations import pace
from integrations.models import Connection
from integrations.sandbox.wire import Answer, Request
from tests.integrations.conftest import connected
from tests.integrations.contracts import made
from tests.integrations.running import running
from tests.integrations.shops import ServedShop, served

ASK = """
import sys, django
django.setup()
from integrations.models import Connection
from integrations.providers.stripe import api
connection = Connection.objects.select_related("store").get(pk=sys.argv[1])
for _ in range(int(sys.argv[2])):
    api.get(connection, "products", limit=1)
"""


class ShopWithWatch(ServedShop):
    """Writes down when each request came."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.moments: list[float] = []

    def handle(self, request: Request) -> Answer | None:
        """Note the moment, and answer as ever."""
        self.moments.append(time.time())
        return super().handle(request)


def test_two_processes_together_stay_below_the_ceiling(transactional_db: None, tmp_path: Path) -> None:
    shop, rate, each = ShopWithWatch(subscriptions=1), 25, 12
    with served(shop):
        connection = connected(shop, pace=rate)
        begun = time.time()
        command = (sys.executable, "-c", ASK, str(connection.pk), str(each))
        with running(*command, log=tmp_path / "1") as first, running(*command, log=tmp_path / "2") as second:
            assert (first.wait(60), second.wait(60)) == (0, 0), (tmp_path / "1").read_text()
    assert len(shop.moments) == 2 * each
    early = [place for place, moment in enumerate(sorted(shop.moments)) if moment < begun + place / rate]
    assert early == []


def test_threads_take_moments_that_lie_an_interval_apart(transactional_db: None) -> None:
    connection = made("stripe")
    connection.requests_per_second = 50
    connection.save()
    taken: list[float] = []

    def take() -> None:
        taken.extend(pace.reserve(connection) for _ in range(10))
        connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moments = sorted(taken)
    assert all(later - earlier > 0.0199 for earlier, later in pairwise(moments))


def test_the_first_request_after_a_rest_leaves_at_once(keyless: Connection) -> None:
    before = time.time()
    assert before - 0.001 <= pace.reserve(keyless) <= time.time() + 0.001


def test_a_store_that_wants_quiet_gets_it_and_a_shorter_wish_does_not_cut_it(keyless: Connection) -> None:
    before = time.time()
    pace.hold(keyless, 60)
    pace.hold(keyless, 5)
    assert pace.reserve(keyless) >= before + 60


def test_one_store_waits_for_no_other(keyless: Connection) -> None:
    pace.hold(keyless, 60)
    before = time.time()
    assert pace.reserve(made("stripe", "Other shop")) < before + 30


def test_a_connection_that_is_only_tried_keeps_no_pace(db: None) -> None:
    pace.wait(Connection(requests_per_second=1))
    pace.wait(Connection(requests_per_second=1))


@pytest.mark.django_db
@settings(max_examples=20)
@given(st.lists(st.integers(1, 100), min_size=2, max_size=8))
def test_whatever_the_ceiling_no_two_requests_share_an_interval(rates: list[int]) -> None:
    connection = Connection.objects.first() or made("stripe")
    last = pace.reserve(connection)
    for rate in rates:
        before, connection.requests_per_second = connection.requests_per_second, rate
        moment = pace.reserve(connection)
        assert moment >= last + 1 / before - 1e-6
        last = moment
