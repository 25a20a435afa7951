"""What the database is asked with, the same on SQLite and PostgreSQL."""

from typing import Any

from django.db.models import BooleanField, Case, CharField, Expression, F, Func, Q, QuerySet, Subquery, Value, When


class Fold(Func):
    """A text as it is compared: without regard to case and outer blanks.

    SQLite's own functions know the case of ASCII letters only, so there it is a function of ours (`sqlite.py`).
    """

    function = "segment_fold"
    arity = 1
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Write it with PostgreSQL's own functions, as the indexes do."""
        return self.as_sql(compiler, connection, template="LOWER(BTRIM(%(expressions)s))", **context)


class FoldAscii(Fold):
    """A text as it is compared with one of ASCII letters: on SQLite too with its own functions, so it can be indexed.

    The Kelvin sign is the one letter beyond ASCII whose small letter is of ASCII.
    """

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Write it with SQLite's own functions: whoever opens a backup knows them, and an index on them."""
        return self.as_sql(
            compiler, connection, template="LOWER(REPLACE(TRIM(%(expressions)s), '\u212a', 'k'))", **context
        )


def fold(column: str, *sought: str) -> Fold:
    """Fold a column, to be compared with these texts."""
    return (FoldAscii if all(map(str.isascii, sought)) else Fold)(F(column))


def folded(text: str) -> Fold:
    """Fold a value as the database folds its columns."""
    return Fold(Value(text, output_field=CharField()))


def truth(question: Q) -> Case:
    """Ask it of each row as a column, instead of choosing rows by it."""
    return Case(When(question, then=Value(True)), default=Value(False), output_field=BooleanField())


class ListAny(Func):
    """Whether any entry of a JSON list of texts fulfils `condition`, which names the entry, folded, as {entry}."""

    output_field = BooleanField()
    conditional = True
    allowed_default = True

    def __init__(self, column: Any, sought: Expression, *, condition: str) -> None:
        super().__init__(F(column) if isinstance(column, str) else column, sought)
        self.condition = condition

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Look at each entry, as SQLite does."""
        return self._written(compiler, "json_each({}) AS entry", "segment_fold(entry.value)", "instr({}, {})")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Look at each entry, as PostgreSQL does."""
        entries = "jsonb_array_elements_text({}) AS entry(value)"
        return self._written(compiler, entries, "LOWER(BTRIM(entry.value))", "strpos({}, {})")

    def _written(self, compiler: Any, entries: str, entry: str, position: str) -> tuple[str, tuple[Any, ...]]:
        column, sought = self.source_expressions
        lists, list_params = compiler.compile(column)
        value, value_params = compiler.compile(sought)
        asked = self.condition.format(entry=entry, value=value, position=position.format(entry, value))
        sql = f"EXISTS (SELECT 1 FROM {entries.format(lists)} WHERE {asked})"  # noqa: S608  columns of our own
        return sql, (*list_params, *(value_params if value in asked else ()))


class Among(Subquery):
    """Whether the outer row's key is one of those that a query of one column lists, which may not be empty (NULL).

    PostgreSQL makes a join of EXISTS over the query as a table of its own, also of a query that groups and of the
    opposite, where IN and NOT IN would be looked up row by row once they outgrow the memory of one step. SQLite knows
    no such joins: it lists the keys of IN once, or begins with them, where EXISTS would be asked for each row.
    """

    output_field = BooleanField()
    template = "EXISTS (SELECT 1 FROM (%(subquery)s) AS chosen WHERE chosen.chosen_key = %(outer)s)"
    listed = "%(outer)s IN (SELECT chosen.chosen_key FROM (%(subquery)s) AS chosen)"
    conditional = True

    def __init__(self, rows: "QuerySet[Any, Any]", column: str) -> None:
        super().__init__(rows.annotate(chosen_key=F(column)).values("chosen_key"))
        self.outer: Any = F("pk")

    def get_source_expressions(self) -> list[Any]:
        """List the query and the outer key."""
        return [self.query, self.outer]

    def set_source_expressions(self, exprs: Any) -> None:
        """Take the query and the outer key."""
        self.query, self.outer = exprs

    def as_sql(self, compiler: Any, connection: Any, template: Any = None, **context: Any) -> Any:
        """Write the outer key into the query's condition."""
        outer, _params = compiler.compile(self.outer)
        return super().as_sql(compiler, connection, template=template, outer=outer, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Write it as SQLite is fast with."""
        return self.as_sql(compiler, connection, template=self.listed, **context)
