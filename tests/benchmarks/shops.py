"""A pretend shop in a process of its own, so that it takes no time from what is measured in this one."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import Request, urlopen

from integrations.connecting import Credentials, connect
from integrations.models import Connection

WOO = {"client_id": "ck_" + "5a" * 20, "api_key": "cs_" + "c3" * 20}
KEY = "rk_test_51PretendKeyOfTheSandbox"
SECRET = "whsec_of_the_benchmarks"


@contextmanager
def shop(subscriptions: int, *, kind: str = "stripe", delay: float = 0) -> Iterator[str]:
    """Run a shop and yield its address; every answer of it takes `delay` seconds longer."""
    port = free_port()
    command = [sys.executable, "manage.py", "sandbox", kind, f"--port={port}", f"--subscriptions={subscriptions}"]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(f"{address}/_sandbox/state", process)
            set_delay(address, delay)
            yield address
        finally:
            process.kill()


def set_delay(address: str, seconds: float) -> None:
    """Let every answer of a shop take so many seconds longer from now on."""
    body = json.dumps({"answer_delay": seconds}).encode()
    urlopen(Request(f"{address}/_sandbox/faults", body, {"Content-Type": "application/json"})).close()


def connected(name: str, address: str = "") -> Connection:
    """Connect a shop whose pace is no bound to what is measured."""
    credentials = Credentials(api_key=KEY, webhook_secret=SECRET, livemode=False, api_address=address)
    connection, _ = connect("stripe", name=name, credentials=credentials)
    Connection.objects.filter(pk=connection.pk).update(requests_per_second=10_000)
    connection.refresh_from_db()
    return connection


def connected_woo(name: str, address: str) -> Connection:
    """Connect a WooCommerce shop whose pace is no bound to what is measured."""
    credentials = Credentials(webhook_secret=SECRET, api_address=address, may_be_private=True, **WOO)
    connection, _ = connect("woocommerce", name=name, credentials=credentials)
    Connection.objects.filter(pk=connection.pk).update(requests_per_second=10_000)
    connection.refresh_from_db()
    return connection


def answering(address: str) -> float:
    """Ask a shop how many seconds its answers took it so far."""
    with urlopen(f"{address}/_sandbox/state") as told:
        return float(json.load(told)["seconds"])


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until an address answers, or the process that should answer has ended."""
    while process.poll() is None:
        try:
            urlopen(url).close()
        except (URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{process.args} ended with exit code {process.returncode}.")
