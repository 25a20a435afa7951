"""Record: what every provider must produce of one recurring payment, checked and ready to be stored."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from contacts.services import PROFILE_FIELDS, Profile
from subscriptions.catalogue import BY_NAME, STORED
from subscriptions.kinds import AMOUNT, TEXT, TEXT_LENGTH, TEXT_LIST, Kind, parse_text

IDENTITY = "store_recurring_payment_id"


class RecordError(ValueError):
    """A record cannot be stored as it was sent. `errors` maps each path to its reason, in the user's words."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in self.errors.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line item as a provider tells it; amounts in the payment's currency, per cycle, for the whole quantity."""

    name: str = ""
    sku: str = ""
    categories: list[str] = field(default_factory=list)
    brands: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    store_primary_id: str = ""
    quantity: Decimal | None = None
    amount: Decimal | None = None


ITEM_KINDS: dict[str, Kind] = {
    "name": TEXT,
    "sku": TEXT,
    "categories": TEXT_LIST,
    "brands": TEXT_LIST,
    "tags": TEXT_LIST,
    "store_primary_id": TEXT,
    "quantity": AMOUNT,
    "amount": AMOUNT,
}
assert tuple(ITEM_KINDS) == tuple(item.name for item in fields(Item))  # noqa: S101  one table, checked at start


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The state of one recurring payment as its store told it.

    `values` holds parsed values by field name: an absent name keeps what is stored, an empty value clears it.
    `items` None keeps the stored line items. `as_of` is the moment for which the store said this (for an answer to
    our question: when it was asked), and `sequence` orders reports of one and the same moment; an older pair never
    overwrites a newer one. `occurred_at` is when it happened at the store, where that is known. `profile` is what
    the store knows of the person. `announce_creation` False marks one that was made before its connection was, and
    whose first sight is therefore no news.
    """

    values: dict[str, Any]
    items: list[Item] | None
    as_of: datetime
    sequence: str = ""
    occurred_at: datetime | None = None
    profile: Profile | None = None
    announce_creation: bool = True

    @property
    def id(self) -> str:
        """The store's own id of the recurring payment."""
        return str(self.values[IDENTITY])

    @property
    def version(self) -> tuple[datetime, str]:
        """What records of one payment are ordered by."""
        return self.as_of, self.sequence


def build(
    values: Mapping[str, Any],
    *,
    items: Iterable[Mapping[str, Any]] | None,
    as_of: datetime,
    sequence: str = "",
    occurred_at: datetime | None = None,
    profile: Profile | None = None,
    announce_creation: bool = True,
) -> Record:
    """Check what a provider read out of its store and return the record.

    Raise RecordError with every broken path at once; TypeError for a field that the catalogue does not have, since
    that is a mistake in the provider's code and not in what the store sent.
    """
    unknown = values.keys() - STORED.keys()
    if unknown:
        raise TypeError(f"No such stored field: {', '.join(sorted(unknown))}")
    errors: dict[str, str] = {}
    parsed = _parse_all(values, errors)
    checked = None if items is None else [_parse_item(item, index, errors) for index, item in enumerate(items)]
    if profile:
        _check_profile(profile, errors)
    if not parsed.get(IDENTITY) and IDENTITY not in errors:
        errors[IDENTITY] = gettext("is missing")
    if errors:
        raise RecordError(errors)
    return Record(
        values=parsed,
        items=checked,
        as_of=as_of,
        sequence=sequence,
        occurred_at=occurred_at,
        profile=profile,
        announce_creation=announce_creation,
    )


def _parse_all(values: Mapping[str, Any], errors: dict[str, str]) -> dict[str, Any]:
    parsed = {}
    for name, value in values.items():
        try:
            parsed[name] = BY_NAME[name].parse(value)
        except ValueError as error:
            errors[name] = str(error)
    return parsed


def _check_profile(profile: Profile, errors: dict[str, str]) -> None:
    """Refuse characters that no database stores; what is too long is cut where it is written."""
    for name in PROFILE_FIELDS:
        try:
            parse_text(getattr(profile, name), sys.maxsize)
        except ValueError as error:
            errors[f"profile.{name}"] = str(error)


def _parse_item(values: Mapping[str, Any], index: int, errors: dict[str, str]) -> Item:
    parsed = {}
    for name, value in values.items():
        kind = ITEM_KINDS[name]
        try:
            parsed[name] = kind.empty if value is None else kind.parse(value, TEXT_LENGTH)
        except ValueError as error:
            errors[f"line_items[{index}].{name}"] = str(error)
    return Item(**{name: value for name, value in parsed.items() if value not in ("", None)})
