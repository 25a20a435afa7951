"""What of customers' pasts is otherwise than before: only that is written, since most changes of payments move nothing.

Most changes leave revenue and times as they were. Deleting and inserting all of it again, and taking it out of the
totals and back, was half of the statements that such a change caused.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import models

from subscriptions import bulk

type Row = Mapping[str, Any]
# Rows of one statement: SQLite takes 32,766 values.
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Difference:
    """The rows that are gone, and those that came instead, as mappings of attribute names."""

    gone: Sequence[Row]
    came: Sequence[Row]


def replace(held: "models.QuerySet[Any]", made: Iterable[Row]) -> Difference:
    """Let a table hold the rows `made` where it has the rows `held`; rows that stand in both are not touched."""
    model = held.model
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    wanted = Counter(tuple(row[name] for name in names) for row in made)
    gone: dict[int, tuple[Any, ...]] = {}
    for pk, *values in held.values_list("pk", *names):
        row = tuple(values)
        if wanted[row]:
            wanted[row] -= 1
        else:
            gone[pk] = row
    for pks in batched(gone, _AT_ONCE, strict=False):
        model._default_manager.filter(pk__in=pks).delete()
    came = [dict(zip(names, row, strict=True)) for row in wanted.elements()]
    bulk.insert(model, came)
    return Difference([dict(zip(names, row, strict=True)) for row in gone.values()], came)
