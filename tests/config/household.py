"""A household of stand-ins, run as a process of its own by the tests: `python -m tests.config.household LOGS WHAT`.

One child is polite; one is deaf to polite words and has a deaf child of its own, as busy servers do.
"""

import os
import sys
from pathlib import Path

from config.demo.household import Asked, Failed, Household

POLITE = "import time; time.sleep(600)"
DEAF = """
import os, signal, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
"""
DEAF_PARENT = "import os; os.fork()" + DEAF
SERVICES = {
    "polite": {"polite": POLITE},
    "deaf": {"polite": POLITE, "deaf": DEAF_PARENT},
    "dying": {"polite": POLITE, "dying": "print('I am lost'); raise SystemExit(3)"},
}


def main(logs: Path, what: str) -> int:
    """Start the stand-ins, say so, and stay."""
    try:
        with Household(logs=logs, environment=dict(os.environ), folder=logs.parent, grace=1.0) as house:
            house.finish(house.start("job", sys.executable, "-c", "print('done')", str(logs), is_job=True))
            for name, code in SERVICES[what].items():
                house.start(name, sys.executable, "-c", code, str(logs))
            house.until(lambda: what != "deaf" or (logs / "deaf.log").read_text().count("deaf") == 2, what="the deaf")
            print("ready", flush=True)
            house.watch()
    except Asked:
        print("stopped")
    except Failed as reason:
        print(reason)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
