"""Records by kind, newest first, with an index by owner: the memory of a pretend shop.

A record is replaced, never changed in place, so that whoever holds one holds what was true then.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

Record = dict[str, Any]
Key = tuple[int, int, str]


class Table:
    """The records of one kind, in order of `created`, ties in the order they came; sorted when it is read."""

    def __init__(self, *, owner: str = "customer") -> None:
        self._records: dict[str, Record] = {}
        self._keys: dict[str, Key] = {}
        self._order: list[Key] = []
        self._is_sorted = True
        self._owner = owner
        self._owned: dict[str, list[str]] = {}
        self._serial = 0

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, identity: object) -> bool:
        return identity in self._records

    def __getitem__(self, identity: str) -> Record:
        return self._records[identity]

    def __iter__(self) -> Iterator[Record]:
        """Go through the records, oldest first."""
        return (self._records[key[2]] for key in self._sorted())

    def get(self, identity: str | None) -> Record | None:
        """Find a record; None when there is none."""
        return self._records.get(identity) if identity else None

    def at(self, position: int) -> Record:
        """Take the record at a position, 0 being the oldest."""
        return self._records[self._sorted()[position][2]]

    def owned(self, owner: str) -> list[Record]:
        """List what one owner has, oldest first."""
        return [self._records[key[2]] for key in self._owned_keys(owner)]

    def count_of(self, owner: str) -> int:
        """Count what one owner has."""
        return len(self._owned.get(owner, ()))

    def put(self, record: Record) -> None:
        """Add a record, or put it in the place of the one with its id."""
        identity = record["id"]
        old = self._records.get(identity)
        if old is None or old.get("created") != record.get("created"):
            self._unplace(identity)
            self._place(record)
        self._own(identity, record, old)
        self._records[identity] = record

    def drop(self, identity: str) -> None:
        """Forget a record."""
        self._own(identity, {}, self._records.pop(identity))
        self._unplace(identity)

    def page(
        self,
        *,
        limit: int,
        after: str | None = None,
        before: str | None = None,
        owner: str | None = None,
        accept: Callable[[Record], bool] = lambda record: True,
    ) -> tuple[list[Record], bool]:
        """List up to `limit` records, newest first, and say whether more follow in the direction of travel."""
        keys = self._sorted() if owner is None else self._owned_keys(owner)
        wanted = (record for key in self._walk(keys, after, before) if accept(record := self._records[key[2]]))
        found = list(islice(wanted, limit + 1))
        page = found[:limit]
        return (page[::-1] if before else page), len(found) > limit

    def _walk(self, keys: Sequence[Key], after: str | None, before: str | None) -> Iterator[Key]:
        if before:
            return islice(keys, bisect_right(keys, self._keys[before]), None)
        end = bisect_left(keys, self._keys[after]) if after else len(keys)
        return (keys[position] for position in range(end - 1, -1, -1))

    def _owned_keys(self, owner: str) -> list[Key]:
        return sorted(self._keys[identity] for identity in self._owned.get(owner, ()))

    def sort(self) -> None:
        """Put the records in order now, so that the first reader need not wait for it."""
        self._sorted()

    def _sorted(self) -> list[Key]:
        if not self._is_sorted:
            self._order.sort()
            self._is_sorted = True
        return self._order

    def _place(self, record: Record) -> None:
        self._serial += 1
        key = (record.get("created") or 0, self._serial, record["id"])
        self._is_sorted = self._is_sorted and (not self._order or self._order[-1] < key)
        self._order.append(key)
        self._keys[record["id"]] = key

    def _unplace(self, identity: str) -> None:
        if key := self._keys.pop(identity, None):
            del self._order[bisect_left(self._sorted(), key)]

    def _own(self, identity: str, record: Record, old: Record | None) -> None:
        new_owner, old_owner = record.get(self._owner), old and old.get(self._owner)
        if new_owner == old_owner:
            return
        if old_owner:
            self._owned[old_owner].remove(identity)
        if new_owner:
            self._owned.setdefault(new_owner, []).append(identity)


class Store:
    """One table a kind."""

    def __init__(self, owners: Mapping[str, str]) -> None:
        """`owners` says for each kind which field names the owner of a record."""
        self.tables: dict[str, Table] = {kind: Table(owner=owner) for kind, owner in owners.items()}

    def __getitem__(self, kind: str) -> Table:
        return self.tables[kind]

    def counts(self) -> dict[str, int]:
        """Count the records of each kind."""
        return {kind: len(table) for kind, table in self.tables.items()}
