"""The SQL of a report: around the records, `base`, what groups, counts, sorts and cuts off.

Inside, `r` are the records, each once for each of several values and each currency; `g` one row a group. Columns are
d0, d1, … for the groups and a for the across, w… for their spellings, c for the currency, m0, … for the numbers of a
record, v0, … for the measures, n for how many records it is.
"""

from collections.abc import Iterable, Sequence

from reports.custom import base, measures, question, sql
from reports.custom.measures import PEOPLE
from reports.custom.question import Question
from reports.custom.shape import Sort
from reports.custom.sql import Sql


def groups(asked: Question, names: Sequence[str], *, most: int = 0) -> Sql:
    """Group by the slots of these names, and by the currency where there is money; any so many, or all of them."""
    by = question.columns(asked, names)
    chosen = [
        *by,
        *(f"{sql.least_text(f'r.w{name}')} AS w{name}" for name in names if question.has_words(asked.slots[name])),
    ]
    chosen += [f"{_measured(asked, number)} AS v{number}" for number in range(len(asked.definition.measures))]
    return sql.fill(
        "SELECT {chosen}, COUNT(*) AS n FROM ({records}) r{grouped}{cut}",
        chosen=", ".join(chosen),
        records=base.records(asked, names),
        grouped=f" GROUP BY {', '.join(by)}" if by else "",
        cut=f" LIMIT {int(most)}" if most else "",
    )


def first(asked: Question, names: Sequence[str], *, most: int) -> Sql:
    """Return the first groups as the report sorts them, each with how many there are altogether as `total`."""
    return sql.fill(
        "SELECT g.*, COUNT(*) OVER () AS total FROM ({groups}) g ORDER BY {order} LIMIT {most}",
        groups=groups(asked, names),
        order=sql.join(", ", _order(asked, names)),
        most=str(int(most)),
    )


def first_with_totals(asked: Question, names: Sequence[str], *, most: int) -> Sql:
    """Return the same, and after them the totals of all groups, whose `total` is 0: one for each currency.

    It is for measures that can be added, and looks at the records once.
    """
    by = question.columns(asked, names)
    words = [f"w{name}" for name in names if question.has_words(asked.slots[name])]
    plain = [*by, *words, *(f"v{number}" for number in range(len(asked.definition.measures))), "n"]
    added = dict(zip(plain[len(by) + len(words) :], [*_wholes(asked), "SUM({})"], strict=True))
    totals = [f"{added.get(name, 'MIN({})').format(f'g.{name}') if name != 'c' else 'g.c'}" for name in plain]
    return sql.fill(
        "WITH g AS MATERIALIZED ({groups}) SELECT * FROM (SELECT * FROM "
        "(SELECT {plain}, COUNT(*) OVER () AS total FROM g ORDER BY {order} LIMIT {most}) k "
        "UNION ALL SELECT {totals}, 0 FROM g{grouped}) z ORDER BY (z.total = 0), {again}",
        groups=groups(asked, names),
        plain=", ".join(f"g.{name}" for name in plain),
        order=sql.join(", ", _order(asked, names)),
        most=str(int(most)),
        totals=", ".join(totals),
        grouped=" GROUP BY g.c" if asked.money.is_there else " HAVING COUNT(*) > 0",
        again=sql.join(", ", _order(asked, names, table="z")),
    )


def within(asked: Question, names: Sequence[str], chosen: Sequence[str], *, most: int) -> Sql:
    """Return the groups by `names` of those that are the first by `chosen`."""
    same = " AND ".join(f"k.{name} = g.{name}" for name in question.columns(asked, chosen) if name != question.OTHERS)
    return sql.fill(
        "SELECT g.* FROM ({groups}) g JOIN ({first}) k ON {same}",
        groups=groups(asked, names),
        first=first(asked, chosen, most=most),
        same=same or "1 = 1",
    )


def pivoted(asked: Question, names: Sequence[str], *, most: int) -> Sql:
    """Return the groups by `names` and by the across of those that are the first by `names` alone.

    Beside the measures v… of each stand those of its whole row, t… and tn; `place` counts the rows from 1, and `total`
    says how many there are. It is for measures that can be added, and looks at the records once.
    """
    by = question.columns(asked, names)
    wholes = [f"{whole.format(f'g.v{number}')} OVER w AS t{number}" for number, whole in enumerate(_wholes(asked))]
    words = [
        f"{sql.least_text(f'g.w{name}')} OVER w AS t{name}" for name in names if question.has_words(asked.slots[name])
    ]
    return sql.fill(
        "SELECT * FROM (SELECT h.*, MAX(h.place) OVER () AS total "
        "FROM (SELECT f.*, DENSE_RANK() OVER (ORDER BY {order}) AS place "
        "FROM (SELECT g.*, {wholes}, SUM(g.n) OVER w AS tn FROM ({groups}) g WINDOW w AS ({window})) f) h) z "
        "WHERE z.place <= {most} ORDER BY z.place",
        order=sql.join(", ", _order(asked, names, table="f", measures="t")),
        wholes=", ".join([*wholes, *words]),
        groups=groups(asked, (*names, "a")),
        window=f"PARTITION BY {', '.join(by)}" if by else "",
        most=str(int(most)),
    )


def can_be_added(asked: Question, *, dropped: Iterable[str]) -> bool:
    """Say whether the measures of what is told apart by more slots make up those without the `dropped` ones."""
    is_once = not any(asked.slots[name].dimension.is_many for name in dropped)
    return is_once and all(measures.whole(one.source, one.how) for one in asked.definition.measures)


def _wholes(asked: Question) -> list[str]:
    return [measures.whole(one.source, one.how) for one in asked.definition.measures]


def largest(asked: Question, *, most: int) -> Sql:
    """Return the keys of the across that most records have."""
    return sql.fill(
        "SELECT r.a FROM ({records}) r GROUP BY r.a ORDER BY COUNT(*) DESC, r.a LIMIT {most}",
        records=base.records(asked, ("a",)),
        most=str(int(most)),
    )


def _measured(asked: Question, number: int) -> str:
    one = asked.definition.measures[number]
    column = "r.person" if one.source.kind == PEOPLE else f"r.m{asked.sources.index(one.source)}"
    return measures.aggregate(one.source, one.how, column)


# Sorting


def _order(asked: Question, names: Sequence[str], *, table: str = "g", measures: str = "v") -> Iterable[Sql]:
    sort = asked.definition.sort
    if sort.by == "measure":
        yield from _by_measure(f"{table}.{measures}{sort.number}", sort)
    else:
        yield from _by_group(asked, f"d{sort.number}", table, sort)
    for name in question.columns(asked, names):
        yield Sql(f"{table}.{name}")


def _by_measure(column: str, sort: Sort) -> Iterable[Sql]:
    """Sort what is empty last, whichever way."""
    yield Sql(f"({column} IS NULL)")
    yield Sql(f"{column}{' DESC' if sort.down else ''}")


def _by_group(asked: Question, slot: str, table: str, sort: Sort) -> Iterable[Sql]:
    """Sort things by their names and choices in their own order, and what is empty last, whichever way."""
    down, name = " DESC" if sort.down else "", f"{table}.{slot}"
    dimension = asked.slots[slot].dimension
    yield Sql(f"({name} = %s)", (dimension.kind.nothing,))
    if dimension.things is not None:
        things = dimension.things._meta.db_table
        yield Sql(f"(SELECT {sql.fold('t.name')} FROM {things} t WHERE t.id = {name}){down}")  # noqa: S608
    elif dimension.choices:
        whens = [Sql("WHEN %s THEN %s", (value, place)) for place, value in enumerate(dimension.choices)]
        yield sql.fill("CASE {name} {whens} ELSE -1 END{down}", name=name, whens=sql.join(" ", whens), down=down)
    yield Sql(f"{name}{down}")
