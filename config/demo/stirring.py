"""A first evening in the pretend shops: once their history has been read, many things happen there in a few seconds.

python -m config.demo.stirring PORT ...
"""

import json
import re
import sys
import time
from http.client import HTTPConnection, HTTPException
from typing import Any

from config.demo import ports

HAPPENINGS = 60
FAILING = 6  # payments, of which the second half recovers
PATIENCE = 90.0  # seconds for which a history may take
QUIET = 3.0  # seconds without a question after which it has been read
PAUSE = 12.0  # seconds until those payments recover, so that people have read that they failed


def stir(port: int) -> list[str]:
    """Wait until nobody reads a shop's history any more, and let much happen there; return whose payments failed."""
    _await_quiet(port)
    _ask(port, "POST", "_sandbox/tick", {"n": HAPPENINGS})
    page = _asked(port, "GET", "dashboard/?q=active").decode()
    some = list(dict.fromkeys(re.findall(r"/subscriptions/([\w-]+)", page)))[:FAILING]
    return [one for one in some if _act(port, one, "fail_payment")]


def recover(port: int, subscriptions: list[str]) -> None:
    """Let half of the payments that have failed recover."""
    for one in subscriptions[len(subscriptions) // 2 :]:
        _act(port, one, "recover")


def _await_quiet(port: int) -> None:
    ends, known, since = time.monotonic() + PATIENCE, -1, time.monotonic()
    while time.monotonic() < min(ends, since + QUIET):
        now = _ask(port, "GET", "_sandbox/state")["requests"]["total"]
        if now != known:
            known, since = now, time.monotonic()
        time.sleep(0.3)


def _act(port: int, subscription: str, action: str) -> bool:
    """Do it; False where the subscription is in no state for it."""
    return "events" in _ask(port, "POST", "_sandbox/act", {"subscription": subscription, "action": action})


def _ask(port: int, method: str, what: str, told: Any = None) -> Any:
    return json.loads(_asked(port, method, what, json.dumps(told) if told else None))


def _asked(port: int, method: str, what: str, body: str | None = None) -> bytes:
    connection = HTTPConnection(ports.HOST, port, timeout=30)
    try:
        connection.request(method, f"/{what}", body)
        return connection.getresponse().read()
    finally:
        connection.close()


def main(shops: list[int]) -> None:
    """Stir the shops, one after the other."""
    failed = [(port, stir(port)) for port in shops]
    time.sleep(PAUSE)
    for port, some in failed:
        recover(port, some)


if __name__ == "__main__":
    try:
        main([int(port) for port in sys.argv[1:]])
    except (OSError, HTTPException) as error:  # the demo goes on without it
        sys.stderr.write(f"A shop cannot be stirred: {error}\n")
