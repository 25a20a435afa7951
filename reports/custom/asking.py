"""Asking a report: its numbers as a table, with the words for people and what they need to know to read it."""

from django.db import OperationalError

from reports.custom import notes, question, showing, sql, tables
from reports.custom.results import Result
from reports.custom.shape import Definition
from subscriptions.segments.haste import Deadline, hurried

SECONDS = 30.0


class TooSlow(Exception):
    """The database did not answer in time; nothing is known."""


def run(definition: Definition, *, most: int | None = None, seconds: float = SECONDS) -> Result:
    """Ask a report; raise TooSlow where that takes longer than so many seconds.

    `most` is how many groups are wanted instead of as many as the report shows.
    """
    end = Deadline(seconds)
    try:
        with hurried(end):
            sql.prepare()
            found = tables.fetch(question.ask(definition), most=most or definition.limit)
            return Result(
                heads=showing.heads(found),
                rows=showing.rows(found),
                totals=showing.totals(found),
                count=found.count,
                notes=notes.of(found),
            )
    except OperationalError as error:
        if end.left <= 0:
            raise TooSlow from error
        raise
