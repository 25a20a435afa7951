"""The files in which the processes of a host count, one for each process and kind.

A process that has ended leaves its file, whose counts must stay in the sums: else they would fall, and look as if they
had begun anew. So that files do not grow in number for ever, those of ended processes are folded into one.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.multiprocess import MultiProcessCollector

# So many files of ended processes may lie there before they are folded.
MANY = 32
_ENDED = "ended"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep others from folding, or from reading while it is folded, as long as the block runs."""
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def fold(folder: Path) -> None:
    """Put what ended processes have counted into one file for each kind; the caller holds the lock."""
    left = [path for path in folder.glob("*.db") if not _is_alive(_process(path))]
    if sum(_process(path) != _ENDED for path in left) < MANY:
        return
    for kind in {_kind(path) for path in left}:
        _fold([path for path in left if _kind(path) == kind], folder / f"{kind}_{_ENDED}.db")


def _fold(paths: list[Path], into: Path) -> None:
    made = into.with_suffix(".new")
    made.unlink(missing_ok=True)
    told = MmapedDict(str(made))
    for metric in MultiProcessCollector.merge(map(str, paths), accumulate=False):
        for one in metric.samples:
            key = mmap_key(metric.name, one.name, list(one.labels), list(one.labels.values()), metric.documentation)
            told.write_value(key, one.value, 0.0)
    told.close()
    made.replace(into)
    for path in paths:
        if path != into:
            path.unlink(missing_ok=True)


def _kind(path: Path) -> str:
    return path.stem.rpartition("_")[0]


def _process(path: Path) -> str:
    return path.stem.rpartition("_")[2]


def _is_alive(process: str) -> bool:
    if not process.isdecimal():
        return False
    with suppress(PermissionError):  # of somebody else, so it lives
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return False
    return True
