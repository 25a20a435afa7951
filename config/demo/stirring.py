"""A first evening in the pretend shops: once their history has been read, many things happen there in a few seconds.

python -m config.demo.stirring PORT ...
"""

import json
import sys
import time
from http.client import HTTPConnection, HTTPException
from typing import Any

from config.demo import ports

HAPPENINGS = 70
PATIENCE = 90.0  # seconds for which a history may take
QUIET = 3.0  # seconds without a question after which it has been read


def stir(port: int) -> None:
    """Wait until nobody reads a shop's history any more, and let many things happen there."""
    ends, asked, since = time.monotonic() + PATIENCE, -1, time.monotonic()
    while time.monotonic() < min(ends, since + QUIET):
        now = _ask(port, "GET", "state")["requests"]["total"]
        if now != asked:
            asked, since = now, time.monotonic()
        time.sleep(0.3)
    _ask(port, "POST", "tick", {"n": HAPPENINGS})


def _ask(port: int, method: str, what: str, told: Any = None) -> Any:
    connection = HTTPConnection(ports.HOST, port, timeout=30)
    try:
        connection.request(method, f"/_sandbox/{what}", json.dumps(told) if told else None)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


if __name__ == "__main__":
    for each in sys.argv[1:]:
        try:
            stir(int(each))
        except (OSError, HTTPException) as error:  # the demo goes on without it
            sys.stderr.write(f"The shop at {each} cannot be stirred: {error}\n")
