"""Python finds this by itself on its path: under a false clock (libfaketime 0.9.10) the system's own sleep fails."""

import select
import time


def _sleep(seconds: float, /) -> None:
    select.select([], [], [], max(seconds, 0))


time.sleep = _sleep
