"""Keep a shop on disk: a file of JSON lines, replaced whole, shortly after a change."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any


class DamagedState(ValueError):
    """The file is not what was written; delete it to start over."""


def write(path: Path, rows: Iterable[Any]) -> None:
    """Replace a file by these rows; a reader sees the old or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
            file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def read(path: Path) -> Iterator[Any]:
    """Read the rows of a file. Raises DamagedState."""
    try:
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)
    except ValueError as error:
        raise DamagedState(f"{path} is damaged; delete it to start over.") from error


class Saver:
    """Save soon after a change, at most a tenth of the time, and once more when closed."""

    def __init__(self, save: Callable[[], None], *, pause: float = 0.3) -> None:
        self._save, self._pause = save, pause
        self._changed = threading.Event()
        self._lock = threading.Lock()
        self._running: tuple[threading.Thread, threading.Event] | None = None

    def touch(self) -> None:
        """Say that something changed."""
        self._changed.set()
        with self._lock:
            if self._running is None:
                closing = threading.Event()
                thread = threading.Thread(target=self._work, args=(closing,), daemon=True)
                self._running = thread, closing
                thread.start()

    def close(self) -> None:
        """Save what is unsaved, and stop; a later touch starts again."""
        with self._lock:
            running, self._running = self._running, None
        if running:
            thread, closing = running
            closing.set()
            self._changed.set()
            thread.join()

    def _work(self, closing: threading.Event) -> None:
        pause = self._pause
        while not closing.is_set():
            self._changed.wait()
            closing.wait(pause)
            pause = max(self._pause, 9 * self._save_once())
        self._save_once()

    def _save_once(self) -> float:
        started = time.monotonic()
        if self._changed.is_set():
            self._changed.clear()
            self._save()
        return time.monotonic() - started
