"""A record as GraphQL has it, turned into a row of the API, so that both are read by one and the same reader.

The six lists of line items are one thing: whoever sends one of them replaces all items. There are as many items as
the longest of the names, SKUs and store primary IDs has entries (one, if only the others have any); item n takes entry
n of each list, and what a list of categories, brands or tags has beyond the last item belongs to that item. So what
is read back is what was sent, without blanks and repetitions.
"""

import re
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from subscriptions.catalogue import BY_NAME, FIELDS, OF_ITEMS, STORED
from subscriptions.kinds import TEXT_LIST
from subscriptions.records import ITEM_KINDS

CUSTOMER = {
    "firstName": "first_name",
    "lastName": "last_name",
    "phone": "phone",
    "company": "company",
    "acceptsMarketing": "accepts_marketing",
}
_ITEM_PATH = re.compile(r"line_items\[\d+\]\.(\w+)")
_API_NAME_OF_ITEM = {field.item: field.api_name for field in OF_ITEMS.values()}


def row(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row that a record stands for; `legacyConnectionId` and `suppressAutomations` are not part of it."""
    values: dict[str, Any] = {}
    for field in FIELDS:
        if field.name in STORED:
            of, _, part = field.api_name.partition(".")
            values |= _part(told, of, part, field.name)
    if (items := _items(told)) is not None:
        values["line_items"] = items
    if told.get("customerData") is not None:
        values["customer"] = {ours: told["customerData"].get(theirs) for theirs, ours in CUSTOMER.items()}
    return values


def api_path(path: str) -> str:
    """Say a path of a row as GraphQL names it."""
    if path in BY_NAME:
        return BY_NAME[path].api_name
    if found := _ITEM_PATH.match(path):
        return _API_NAME_OF_ITEM.get(found[1], path)
    theirs = {f"customer.{ours}": f"customerData.{name}" for name, ours in CUSTOMER.items()}
    return theirs.get(path, path)


def _part(told: Mapping[str, Any], of: str, part: str, name: str) -> dict[str, Any]:
    """Return the value under its own name; nothing where it is absent. A null object clears all its parts."""
    if of not in told:
        return {}
    if not part:
        return {name: told[of]}
    if told[of] is None:
        return {name: None}
    return {name: told[of][part]} if part in told[of] else {}


def _items(told: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    lists = {field.item: told[field.api_name] or [] for field in OF_ITEMS.values() if field.api_name in told}
    if not lists:
        return None
    single = {name: texts for name, texts in lists.items() if ITEM_KINDS[name] is not TEXT_LIST}
    many = {name: texts for name, texts in lists.items() if ITEM_KINDS[name] is TEXT_LIST}
    count = max(map(len, single.values()), default=0) or int(any(many.values()))
    items = [dict(zip(single, entries, strict=True)) for entries in zip_longest(*single.values())] or [{}] * count
    return [
        item | {name: _share(texts, place, is_last=place == count - 1) for name, texts in many.items()}
        for place, item in enumerate(items)
    ]


def _share(texts: list[Any], place: int, *, is_last: bool) -> list[Any]:
    return [text for text in texts[place : None if is_last else place + 1] if text not in (None, "")]
