"""The server: alone on this machine's own address, gone at once when told, quick when warm."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from integrations.sandbox.server import serve
from tests.integrations.sandbox.conftest import ask, open_shop

ROOT = Path(__file__).parents[3]
SCRIPT = """
import sys
from pathlib import Path
from integrations.sandbox.server import serve_forever
from integrations.sandbox.stripe import StripeShop
shop = StripeShop(subscriptions=40, state=Path(sys.argv[1]))
shop.live(every=0.05)
serve_forever(shop, 0, started=lambda server: print(server.port, flush=True))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_process_of_its_own_ends_at_once_and_has_saved(tmp_path, number):
    path = tmp_path / "shop.jsonl"
    command = [sys.executable, "-c", SCRIPT, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        port = int(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", port)):
            started = time.monotonic()
            process.send_signal(number)
            assert process.wait(5) == 0
        assert time.monotonic() - started < 2
    assert path.read_text().count("\n") > 40


def test_nobody_answers_after_the_end(shop):
    with serve(shop) as server:
        assert server.address == f"http://127.0.0.1:{server.port}"
    with pytest.raises(ConnectionRefusedError):
        ask(server, "/v1/account")


def test_no_thread_is_left_behind(receiver):
    before = threading.active_count()
    shop = open_shop()
    with serve(shop) as server:
        shop.add_endpoint(receiver.url)
        shop.live(every=0.01)
        connection = socket.create_connection(("127.0.0.1", server.port))
        assert ask(server, "/v1/account").status == 200
        shop.flush()
    connection.close()
    until = time.monotonic() + 3
    while threading.active_count() > before + 1 and time.monotonic() < until:  # one serves the receiver
        time.sleep(0.01)
    assert threading.active_count() <= before + 1


def ask_in_vain(server):
    with pytest.raises(ConnectionError):
        ask(server, "/v1/account")


def test_a_hanging_request_does_not_hold_up_the_end(shop):
    with serve(shop) as server:
        shop.faults.hang = 30
        asking = threading.Thread(target=ask_in_vain, args=(server,))
        asking.start()
        while not shop.requests:
            time.sleep(0.01)
        started = time.monotonic()
    asking.join(2)
    assert not asking.is_alive()
    assert time.monotonic() - started < 2


def test_a_warm_page_costs_little(town):
    expand = ("customer", "latest_invoice", "default_payment_method")
    path = "/v1/subscriptions?limit=100&status=all" + "".join(f"&expand[]=data.{one}" for one in expand)
    cold = ask(town, path).body
    started = time.process_time()
    for _ in range(10):
        assert ask(town, path).body == cold
    assert (time.process_time() - started) / 10 < 0.03


def test_two_thousand_subscriptions_are_made_in_no_time():
    started = time.process_time()
    assert open_shop(subscriptions=2000).counts()["subscription"] == 2000
    assert time.process_time() - started < 2
