"""Answers that were already written out, forgotten by group when something in the group changes."""

from collections.abc import Callable, Hashable


class ByteCache:
    """Keep bytes by group and key, at most `limit` bytes in all; the groups written first go first."""

    def __init__(self, limit: int = 256 * 1024 * 1024) -> None:
        self._limit = limit
        self._size = 0
        self._groups: dict[str, dict[Hashable, bytes]] = {}

    def get(self, group: str, key: Hashable, write: Callable[[], bytes]) -> bytes:
        """Return what is kept under a key, or write it and keep it."""
        kept = self._groups.get(group, {}).get(key)
        if kept is not None:
            return kept
        written = write()
        self._groups.setdefault(group, {})[key] = written
        self._size += len(written)
        self._make_room(group)
        return written

    def forget(self, group: str) -> None:
        """Forget a group."""
        self._size -= sum(map(len, self._groups.pop(group, {}).values()))

    def clear(self) -> None:
        """Forget everything."""
        self._groups.clear()
        self._size = 0

    def _make_room(self, newest: str) -> None:
        while self._size > self._limit and (oldest := next(iter(self._groups))) != newest:
            self.forget(oldest)
