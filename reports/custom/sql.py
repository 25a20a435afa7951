"""A piece of SQL with its parameters, and what is said in another way on SQLite than on PostgreSQL.

Nothing that a user wrote stands in the text of a piece; it is a parameter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from reports.business.mrr import PARTS


@dataclass(frozen=True, slots=True)
class Sql:
    """Text, in which `%s` stands for a parameter, and the parameters."""

    text: str
    params: tuple[Any, ...] = ()


# What PostgreSQL is told before a report: memory for sorting a million records; that it should count in tables of
# groups instead of sorting for them, as it does for want of statistics of what groups are made of; and that several
# processes should look at the records, which pays since it is all of them.
_MANNERS = (
    "SET LOCAL work_mem = '128MB'; SET LOCAL enable_sort = off; "
    "SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0"
)


def prepare() -> None:
    """Have the database count as is best for reports, until the transaction ends."""
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute(_MANNERS)


def of(rows: "QuerySet[Any, Any]") -> Sql:
    """Return the SQL of a query; raise EmptyResultSet where Django knows that it finds nothing."""
    text, params = rows.query.sql_with_params()
    return Sql(text, tuple(params))


def join(glue: str, pieces: Iterable[Sql]) -> Sql:
    """Join pieces."""
    pieces = list(pieces)
    return Sql(glue.join(one.text for one in pieces), tuple(param for one in pieces for param in one.params))


def fill(template: str, **pieces: Sql | str) -> Sql:
    """Put pieces into a text in the order in which it names them, each once."""
    ordered = sorted(pieces.items(), key=lambda pair: template.index("{" + pair[0] + "}"))
    texts = {name: one.text if isinstance(one, Sql) else one for name, one in pieces.items()}
    params = tuple(param for _name, one in ordered if isinstance(one, Sql) for param in one.params)
    return Sql(template.format(**texts), params)


def listed(values: Iterable[Any]) -> Sql:
    """List values, as IN takes them."""
    values = tuple(values)
    return Sql(f"({', '.join(['%s'] * len(values))})", values)


def is_postgresql() -> bool:
    """Say which of the two databases it is."""
    return connection.vendor == "postgresql"


def fold(column: str) -> str:
    """Fold a text as `segments.expressions.Fold` does."""
    return f'(LOWER(BTRIM({column})) COLLATE "C")' if is_postgresql() else f"segment_fold({column})"


def least_text(column: str) -> str:
    """Return the first of several spellings, by the numbers of their letters."""
    return f'MIN({column} COLLATE "C")' if is_postgresql() else f"MIN({column})"


def median(column: str, times: int) -> str:
    """Return the median of `times` a column of whole numbers or exact decimals, rounded half away from zero.

    PostgreSQL looks for it among floats, which hold these numbers and their halves exactly, and are sorted faster; a
    decimal becomes one by way of a whole number, since the direct way goes through its text.
    """
    if is_postgresql():
        found = f"percentile_cont(0.5) WITHIN GROUP (ORDER BY ({column} * {times}::bigint)::bigint::float8)"
        return f"ROUND(({found})::numeric)"
    return f"report_median({column} * {times})"


def total(column: str, times: int) -> str:
    """Return `times` the sum of a column, exactly."""
    return f"(SUM({column})::numeric * {times})" if is_postgresql() else f"(SUM({column}) * {times})"


def rounded(total: str, count: str) -> str:
    """Divide whole numbers, rounded half away from zero, without going through floats."""
    if is_postgresql():
        return f"(SIGN({total}) * DIV(2 * ABS({total}) + {count}, NULLIF(2 * {count}, 0)))"
    return f"(SIGN({total}) * ((2 * ABS({total}) + {count}) / NULLIF(2 * {count}, 0)))"


def converted(column: str, rates: dict[str, Any], currency: str, *, is_amount: bool) -> Sql:
    """Convert an amount by the rate of its currency, where there is one, and round it to a ten-thousandth."""
    places = 4 if is_amount and is_postgresql() else 0
    template = f"ROUND({column} * (%s)::numeric, {places})" if is_postgresql() else f"report_converted({column}, %s)"
    whens = [Sql(f"WHEN %s THEN {template}", (code, str(rate))) for code, rate in rates.items()]
    return fill("CASE {currency} {whens} ELSE {column} END", currency=currency, whens=join(" ", whens), column=column)


def scale(*, is_amount: bool) -> int:
    """Return how many ten-thousandths one of a base's amounts is: PostgreSQL adds decimals exactly, SQLite does not."""
    return PARTS if is_amount and is_postgresql() else 1
