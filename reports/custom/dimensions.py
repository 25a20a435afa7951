"""What records can be grouped by: one value of each record, or several."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from reports.custom import keys
from reports.custom.keys import Kind
from reports.custom.pairs import Pairs
from reports.custom.shape import UNITS
from subscriptions import catalogue, kinds
from subscriptions.segments.expressions import truth

CURRENCY = "currency"
RECORD, PERSON = "r_record", "r_person"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dimension:
    """One way of grouping.

    `section` is the group of the tree in which it stands. Of one value each, `path` leads to its column; of several,
    `pairs` are those of the records with their values, or of their people where `via` says so. `things` is the model
    whose names are shown. `is_month` marks a date whose days mean nothing. `follows_emails` says that its values are
    those of e-mails, so that e-mails are not counted by it.
    """

    key: str
    label: Any
    section: str
    kind: Kind
    path: str = ""
    pairs: Pairs | None = None
    via: str = RECORD
    things: type[Model] | None = None
    choices: Mapping[str, Any] = field(default_factory=dict)
    is_month: bool = False
    follows_emails: bool = False

    @property
    def is_many(self) -> bool:
        """Whether a record can have several values."""
        return self.pairs is not None

    @property
    def units(self) -> tuple[str, ...]:
        """The units of a date, none otherwise."""
        if self.kind is not keys.DATE:
            return ()
        return UNITS[2:] if self.is_month else UNITS

    def names(self, numbers: Collection[int]) -> dict[int, str]:
        """Return the names of the things with these numbers."""
        if self.things is None:
            return {}
        return dict(self.things._default_manager.filter(pk__in=numbers).values_list("pk", "name"))

    def holding(self, key: Any, unit: str, *, outer: str) -> Q:
        """Ask for the records of a key; `outer` leads from a record to what pairs have as theirs."""
        if self.pairs is None:
            return self.kind.holding(self.path, key, unit, self.is_month)
        return self.pairs.holding(key, outer) if key != self.kind.nothing else ~self.pairs.any(outer)

    def beyond(self, taken: Collection[Any], unit: str, *, outer: str) -> Q:
        """Ask for the records that have a key beside those that are taken."""
        if self.pairs is None:
            return reduce(and_, (~self._is(key, unit) for key in taken), Q())
        other = self.pairs.beyond([key for key in taken if key != self.kind.nothing], outer)
        return other if self.kind.nothing in taken else other | ~self.pairs.any(outer)

    def _is(self, key: Any, unit: str) -> Q:
        """Ask so that the answer is yes or no also of what is empty."""
        found = self.kind.holding(self.path, key, unit, self.is_month)
        return Q(truth(found))


_OF_KIND: dict[kinds.Kind, Kind] = {
    kinds.TEXT: keys.TEXT,
    kinds.CHOICE: keys.CHOICE,
    kinds.FLAG: keys.FLAG,
    kinds.INTEGER: keys.INTEGER,
    kinds.AMOUNT: keys.AMOUNT,
    kinds.DATE: keys.DATE,
    kinds.TEXT_LIST: keys.TEXT,
}


def of_catalogue(one: catalogue.Field, make_pairs: Callable[[catalogue.Field], Pairs]) -> Dimension:
    """Return how recurring payments are grouped by a field of the catalogue."""
    is_list = one.kind is kinds.TEXT_LIST
    return Dimension(
        key=one.name,
        label=one.label,
        section=one.group,
        kind=_OF_KIND[one.kind],
        path="" if is_list else one.column or one.name,
        pairs=make_pairs(one) if is_list else None,
        choices=one.choices,
        is_month=one.month_only,
    )


def no_value(dimension: Dimension) -> str:
    """Say that records have no value."""
    return _("Without “%(field)s”") % {"field": dimension.label}
