"""The SQL of the records that a report counts, with the keys of their groups and with their numbers.

`b` are the records as Django finds them, each once. What belongs to them is joined: pairs of several values, p…, and
facts, f_….
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from reports.custom import keys, question, sql
from reports.custom.dimensions import PERSON, RECORD
from reports.custom.facts import Facts
from reports.custom.measures import Source
from reports.custom.question import Money, Question
from reports.custom.sql import Sql


@dataclass(slots=True, kw_only=True)
class _Parts:
    """What a query of records is put together of: columns of the base, those that are taken, and joined tables."""

    base: dict[str, Any] = field(default_factory=dict)
    taken: list[Sql] = field(default_factory=list)
    joins: list[Sql] = field(default_factory=list)

    def take(self, name: str, column: Sql | str) -> None:
        piece = Sql(column) if isinstance(column, str) else column
        self.taken.append(Sql(f"{piece.text} AS {name}", piece.params))


def records(asked: Question, names: Sequence[str]) -> Sql:
    """Return the records with the keys of the slots of these names, the currency, and what is counted of them."""
    parts = _Parts()
    for name in names:
        _add_group(parts, asked, name)
    _add_facts(parts, asked)
    if asked.money.is_there:
        _add_currency(parts, asked)
    for number, source in enumerate(asked.sources):
        _add_number(parts, asked, number, source)
    about = asked.definition.about
    base = question.records(asked.definition).values(**parts.base | {RECORD: F("pk"), PERSON: F(about.person)})
    return sql.fill(
        "SELECT {taken}b.r_person AS person FROM ({base}) b {joins}",
        taken=sql.join("", [Sql(f"{one.text}, ", one.params) for one in parts.taken]),
        base=sql.of(base),
        joins=sql.join(" ", parts.joins),
    )


def _add_group(parts: _Parts, asked: Question, name: str) -> None:
    group, shown = asked.slots[name], asked.shown if name == "a" else None
    dimension = group.dimension
    if dimension.pairs is None:
        parts.base[name] = dimension.kind.key(dimension.path, group.unit, dimension.is_month)
        if question.has_words(group):
            parts.base[f"w{name}"] = F(dimension.path)
            parts.take(f"w{name}", f"b.w{name}")
        _take_key(parts, name, Sql(f"b.{name}"), dimension.kind.nothing, shown)
        return
    pairs = dimension.pairs.sql()
    if shown is not None:
        pairs = _folded_pairs(pairs, shown, has_words=dimension.pairs.has_words)
    parts.joins.append(
        sql.fill(
            "LEFT JOIN ({pairs}) {table} ON {same}",
            pairs=pairs,
            table=f"p{name}",
            same=f"p{name}.pair_key = b.{dimension.via}",
        )
    )
    if dimension.pairs.has_words:
        parts.take(f"w{name}", f"p{name}.pair_words")
    key = Sql(f"COALESCE(p{name}.pair_value, %s)", (dimension.kind.nothing,))
    if shown is None:
        parts.take(name, key)
    else:
        _take_pair(parts, name, key, dimension.kind.nothing, shown)


def _take_key(parts: _Parts, name: str, key: Sql, nothing: Any, shown: tuple[Any, ...] | None) -> None:
    """Take a key; one that has no column goes to the others."""
    if shown is None:
        parts.take(name, key)
        return
    among = sql.listed(shown)
    parts.take(
        name,
        sql.fill(
            "CASE WHEN {key} IN {among} THEN {same} ELSE {nothing} END",
            key=key,
            among=among,
            same=key,
            nothing=Sql("%s", (nothing,)),
        ),
    )
    parts.take(question.OTHERS, sql.fill("CASE WHEN {key} IN {among} THEN 0 ELSE 1 END", key=key, among=among))


def _folded_pairs(pairs: Sql, shown: tuple[Any, ...], *, has_words: bool) -> Sql:
    """Make one pair of all values of a key that have no column: its value is NULL then, and it is one of the others."""
    words = ", MIN(q.pair_words) AS pair_words" if has_words else ""
    among = sql.listed(shown)
    return sql.fill(
        "SELECT q.pair_key, CASE WHEN q.pair_value IN {among} THEN q.pair_value END AS pair_value, "
        "CASE WHEN q.pair_value IN {again} THEN 0 ELSE 1 END AS pair_others{words} FROM ({pairs}) q GROUP BY 1, 2, 3",
        among=among,
        again=among,
        words=words,
        pairs=pairs,
    )


def _take_pair(parts: _Parts, name: str, key: Sql, nothing: Any, shown: tuple[Any, ...]) -> None:
    parts.take(name, key)
    is_shown = 0 if nothing in shown else 1
    parts.take(question.OTHERS, f"COALESCE(p{name}.pair_others, {is_shown})")


def _add_facts(parts: _Parts, asked: Question) -> None:
    for facts, wanted in _wanted(asked).items():
        table = _worth(facts.sql(wanted), asked.money) if facts.by_currency else facts.sql(wanted)
        parts.joins.append(
            sql.fill(
                "LEFT JOIN ({facts}) {name} ON {same}",
                facts=table,
                name=f"f_{facts.name}",
                same=f"f_{facts.name}.fact_key = b.r_record",
            )
        )


def _wanted(asked: Question) -> Mapping[Facts, list[str]]:
    wanted: dict[Facts, list[str]] = {}
    for source in asked.sources:
        if source.facts:
            wanted.setdefault(source.facts, []).append(source.fact)
    return wanted


def _worth(facts: Sql, money: Money) -> Sql:
    """Add what somebody's payments are worth in each currency, or in the one into which they are converted."""
    rates = dict(money.rates)
    amount = sql.converted("q.mrr", rates, "q.fact_currency", is_amount=False) if rates else Sql("q.mrr")
    return sql.fill(
        "SELECT q.fact_key, {currency} AS fact_currency, SUM({amount}) AS mrr FROM ({facts}) q GROUP BY 1, 2",
        currency=_currency("q.fact_currency", money),
        amount=amount,
        facts=facts,
    )


def _currency(column: str, money: Money) -> Sql:
    """Return the currency under which an amount is added."""
    if not money.rates:
        return Sql(column)
    return sql.fill(
        "CASE WHEN {column} IN {rated} THEN {target} ELSE {own} END",
        column=column,
        rated=sql.listed(money.rates),
        target=Sql("%s", (money.target.lower(),)),
        own=column,
    )


def _add_currency(parts: _Parts, asked: Question) -> None:
    about = asked.definition.about
    if about.currency:
        parts.base["c"] = keys.currency(about.currency)
        parts.take("c", _currency("b.c", asked.money))
    else:
        parts.take("c", "COALESCE(f_worth.fact_currency, '')")


def _add_number(parts: _Parts, asked: Question, number: int, source: Source) -> None:
    if source.facts:
        parts.take(f"m{number}", f"COALESCE(f_{source.facts.name}.{source.fact}, 0)")
    if source.expression is None:
        return
    parts.base[f"m{number}"] = source.expression()
    column = f"b.m{number}"
    rates = asked.money.rates if source.is_money else {}
    parts.take(f"m{number}", sql.converted(column, dict(rates), "b.c", is_amount=source.is_amount) if rates else column)
