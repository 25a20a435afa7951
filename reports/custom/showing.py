"""From the answers of the database to a table for people: heads, cells with their words, rows, totals."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel import dates, numbers
from django.utils.translation import gettext as _

from reports.custom import keys, measures
from reports.custom.dimensions import CURRENCY, no_value
from reports.custom.results import Cell, Head, Place, Row
from reports.custom.shape import Group, Measure
from reports.custom.tables import Answered, Keys, Others, Tables
from subscriptions import display


def heads(found: Tables) -> tuple[Head, ...]:
    """Head the groups, the currency where it was added, then each measure, or each in each column and in all."""
    made = [
        Head(
            key=name,
            label=str(group.dimension.label),
            is_measure=False,
            is_numeric=group.dimension.kind in (keys.INTEGER, keys.AMOUNT),
            kind=_GROUP_KINDS.get(group.dimension.kind, "text"),
        )
        for name, group in _groups(found).items()
    ]
    if is_added(found):
        made.append(Head(key="currency", label=_("Currency"), is_measure=False, is_numeric=False, is_added=True))
    return (*made, *_measure_heads(found))


_GROUP_KINDS = {
    keys.DATE: "date",
    keys.CHOICE: "choice",
    keys.FLAG: "flag",
    keys.INTEGER: "number",
    keys.AMOUNT: "money",
}


def rows(found: Tables) -> tuple[Row, ...]:
    """Return the rows in the order in which they were found."""
    shown = _Shown(found)
    return tuple(shown.row(key, answered) for key, answered in found.rows.items())


def totals(found: Tables) -> tuple[Row, ...]:
    """Return what all records make together: one row, or one for each currency."""
    shown = _Shown(found)
    ordered = sorted(found.totals.items(), key=lambda pair: (-pair[1].size, pair[0]))
    return tuple(shown.total(key, answered) for key, answered in ordered)


def is_added(found: Tables) -> bool:
    """Say whether the currency is a group that nobody chose."""
    chosen = {group.dimension.key for group in _groups(found).values()}
    return found.asked.money.is_there and CURRENCY not in chosen


def columns(found: Tables) -> list[Any]:
    """Return the keys of the columns in the order in which they are shown: what is empty last, then the others."""
    if "a" not in found.asked.slots:
        return []
    group = found.asked.slots["a"]
    names = _Namer(found)
    ordered = sorted(found.columns, key=lambda key: _natural(group, key, names))
    return [*ordered, Others] if found.has_others else ordered


def _natural(group: Group, key: Any, names: "_Namer") -> tuple[bool, Any]:
    dimension = group.dimension
    key = keys.day_of(key) if dimension.kind is keys.DATE else key
    is_empty = key == dimension.kind.nothing
    if dimension.choices:
        order = list(dimension.choices)
        return is_empty, order.index(key) if key in order else len(order)
    if dimension.things is not None and not is_empty:
        return is_empty, (names.thing(group, key).lower(), key)
    return is_empty, key if dimension.things is None else ("", 0)


def _groups(found: Tables) -> dict[str, Group]:
    return {name: group for name, group in found.asked.slots.items() if name != "a"}


def _measure_heads(found: Tables) -> Iterable[Head]:
    asked, names = found.asked.definition.measures, _Namer(found)
    for place, key in enumerate(columns(found)):
        for number, one in enumerate(asked):
            column = names.column(key)
            label = column if len(asked) == 1 else f"{column} · {measures.heading(one.source, one.how)}"
            yield _head(one, number, label, column=place)
    for number, one in enumerate(asked):
        label = measures.heading(one.source, one.how)
        if found.asked.definition.across:
            label = _("All") if len(asked) == 1 else f"{_('All')} · {label}"
        yield _head(one, number, label)


def _head(one: Measure, number: int, label: str, *, column: int | None = None) -> Head:
    return Head(
        key=f"m{number}" if column is None else f"m{number}.{column}",
        label=label,
        is_measure=True,
        is_numeric=True,
        kind=measures.shown_kind(one.source, one.how),
        measure=number,
        column=column,
    )


class _Namer:
    """The words for keys; the names of things are looked up once for each dimension."""

    def __init__(self, found: Tables) -> None:
        self._found = found
        self._things: dict[int, dict[int, str]] = {}
        self._spelled = {
            key: answered.words.get("a") for (_rest, key), answered in found.totals_across.items() if answered.words
        }

    def thing(self, group: Group, key: int) -> str:
        """Return a thing's name."""
        number = id(group.dimension)
        if number not in self._things:
            self._things[number] = group.dimension.names(self._numbers(group))
        return self._things[number].get(key, f"#{key}")

    def _numbers(self, group: Group) -> set[int]:
        found, asked = set[int](), self._found.asked
        for place, one in enumerate(_groups(self._found).values()):
            if one.dimension is group.dimension:
                found |= {key[place] for key in self._found.rows}
        return found | (set(self._found.columns) if asked.slots.get("a") is group else set())

    def words(self, group: Group, key: Any, spelled: str | None, currency: str) -> str:
        """Say a key of a group."""
        dimension = group.dimension
        if key == dimension.kind.nothing:
            return no_value(dimension)
        if dimension.choices:
            return str(dimension.choices.get(key, key))
        if dimension.things is not None:
            return self.thing(group, key)
        return _WORDS[dimension.kind.name](key, group, spelled, currency)

    def column(self, key: Any) -> str:
        """Say the key of a column."""
        if key is Others:
            return _("Others")
        group = self._found.asked.slots["a"]
        plain = keys.day_of(key) if group.dimension.kind is keys.DATE else key
        return self.words(group, plain, self._spelled.get(key), "")


_UNIT_SKELETONS = {"month": "yMMM", "quarter": "yQQQ"}


def day_words(day: date, unit: str) -> str:
    """Say a day, or the week, month, quarter or year that begins with it."""
    locale = display.locale()
    if unit == "week":
        return dates.format_interval(day, day + timedelta(days=6), "yMMMd", locale=locale)
    if unit == "year":
        return str(day.year)
    if unit in _UNIT_SKELETONS:
        return dates.format_skeleton(_UNIT_SKELETONS[unit], day, locale=locale)
    return dates.format_date(day, "medium", locale=locale)


_WORDS: dict[str, Callable[[Any, Group, str | None, str], str]] = {
    "text": lambda key, _group, spelled, _currency: (spelled or key).strip(" "),
    "flag": lambda key, _group, _spelled, _currency: _("Yes") if key else _("No"),
    "integer": lambda key, _group, _spelled, _currency: numbers.format_decimal(key, locale=display.locale()),
    "amount": lambda key, _group, _spelled, currency: money_words(Decimal(keys.AMOUNT.raw(key)), currency),
    "date": lambda key, group, _spelled, _currency: day_words(key, group.unit),
    "choice": lambda key, _group, _spelled, _currency: str(key),
    "thing": lambda key, _group, _spelled, _currency: str(key),
}


def _itself(key: Any, _spelled: str | None) -> Any:
    return key


_VALUES: dict[str, Callable[[Any, str | None], Any]] = {
    "text": lambda key, spelled: (spelled or key).strip(" "),
    "amount": lambda key, _spelled: Decimal(keys.AMOUNT.raw(key)),
    "flag": lambda key, _spelled: bool(key),
}


class _Shown:
    """Makes rows of answers."""

    def __init__(self, found: Tables) -> None:
        self._found = found
        self._names = _Namer(found)
        self._columns = columns(found)
        self._has_money = found.asked.money.is_there
        self._is_added = is_added(found)
        self._shared = {key: answered.values for key, answered in found.totals.items()}

    def row(self, key: Keys, answered: Answered) -> Row:
        currency = self._currency(key)
        raws, cells = [], []
        for (name, group), one in zip(_groups(self._found).items(), key, strict=False):
            plain = keys.day_of(one) if group.dimension.kind is keys.DATE else one
            cells.append(self._group_cell(group, plain, answered.words.get(name), currency))
            raws.append(raw(group, plain))
        place: Place = {"groups": raws} if raws else {}
        return self._finished(key, answered, cells, place, self._found.cells)

    def total(self, key: Keys, answered: Answered) -> Row:
        cells = [Cell(value=None, words="") for _group in _groups(self._found)]
        if cells:
            cells[0] = Cell(value=None, words=_("Total"))
        return self._finished(key, answered, cells, {}, self._found.totals_across)

    def _finished(self, key: Keys, answered: Answered, cells: list[Cell], place: Place, across: Any) -> Row:
        if self._has_money:
            place = place | {"currency": key[-1]}
        if self._is_added:
            code = key[-1].upper()
            cells.append(Cell(value=code or None, words=code or _("Without a currency")))
        for column in self._columns:
            there = place | {"across": self._raw_column(column)}
            cells.extend(self._numbers(key, across.get((key, column)), there))
        cells.extend(self._numbers(key, answered, place))
        return Row(cells=tuple(cells), place=place)

    def _raw_column(self, column: Any) -> Any:
        group = self._found.asked.slots["a"]
        if column is Others:
            return {"others": [self._raw_column(one) for one in self._columns if one is not Others]}
        return raw(group, keys.day_of(column) if group.dimension.kind is keys.DATE else column)

    def _group_cell(self, group: Group, key: Any, spelled: str | None, currency: str) -> Cell:
        dimension = group.dimension
        words = self._names.words(group, key, spelled, currency)
        if key == dimension.kind.nothing:
            return Cell(value=None, words=words)
        if dimension.things is not None:
            return Cell(value=words, words=words)
        value = _VALUES.get(dimension.kind.name, _itself)(key, spelled)
        return Cell(value=value, words=words, currency=currency if dimension.kind is keys.AMOUNT else "")

    def _numbers(self, key: Keys, answered: Answered | None, place: Place) -> Iterable[Cell]:
        totals = self._shared.get(key[-1:] if self._has_money else ())
        for number, one in enumerate(self._found.asked.definition.measures):
            found = answered.values[number] if answered else _NONE.get((one.source.kind, one.how))
            yield self._number(one, found, totals[number] if totals else None, self._currency(key), place)

    def _number(self, one: Measure, found: Any, total: Any, currency: str, place: Place) -> Cell:
        value = measures.value(one.source, one.how, found)
        if one.how == "share":
            value = _share(value, measures.value(one.source, one.how, total))
        kind = measures.shown_kind(one.source, one.how)
        code = currency if kind == "money" else ""
        shown = _rounded(value, code) if one.how in _ROUNDED else value
        words = "–" if value is None else _NUMBER_WORDS[kind](shown, code)
        return Cell(value=value, words=words, currency=code, place=place)

    def _currency(self, key: Keys) -> str:
        return key[-1].upper() if self._has_money else ""


# what is counted of no records
_NONE = {(measures.RECORDS, "count"): 0, (measures.RECORDS, "share"): 0, (measures.PEOPLE, "count"): 0}


def raw(group: Group, key: Any) -> Any:
    """Return a key's raw value, which is JSON."""
    return None if key == group.dimension.kind.nothing else group.dimension.kind.raw(key)


# What follows from a division is shown with no more places than people read.
_ROUNDED = ("average", "median")


def _rounded(value: Any, currency: str) -> Any:
    """Round to the smallest coin, or to two places where there is none."""
    places = numbers.get_currency_precision(currency) if currency else 2
    return None if value is None else value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _share(part: Any, whole: Any) -> Decimal | None:
    if part is None or not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001"))


def money_words(amount: Decimal, currency: str) -> str:
    """Write an amount with its currency."""
    return display.money(amount, currency)


_NUMBER_WORDS: dict[str, Callable[[Any, str], str]] = {
    "money": money_words,
    "number": lambda value, _currency: display.number(Decimal(value)),
    "share": lambda value, _currency: numbers.format_percent(value, format="#,##0.0%", locale=display.locale()),
}
