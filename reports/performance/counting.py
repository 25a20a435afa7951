"""Counting messages and what became of them: one statement, whether a cell is kept or somebody waits for the answer."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from automations.models import Engagement, Message
from reports.models import Cell
from reports.performance.tally import COUNTS, Tally
from reports.periods import Period

Kind = Engagement.Kind
# what a group of messages may be of, and how each of them says so
KEYS: dict[str, Callable[[], Any]] = {
    "campaign": lambda: F("campaign_id"),
    "automation": lambda: Coalesce(F("enrolment__automation_id"), 0),
    "day": lambda: TruncDate("sent_at", tzinfo=timezone.get_default_timezone()),
}
_BY_PERSON = Q(engagements__is_machine=False)


def _did(*kinds: str) -> Any:
    """Say 1 of a message whose person did something of this, and 0 of the others."""
    done = _BY_PERSON & Q(engagements__kind__in=kinds)
    return Max(Case(When(done, then=Value(1)), default=Value(0)))


def _times(kind: str, *, is_machine: bool = False) -> Any:
    return Count("engagements__id", filter=Q(engagements__kind=kind, engagements__is_machine=is_machine))


# of one message; who clicked has opened it too
_OF_ONE: dict[str, Any] = {
    "confirmed": _did(Kind.DELIVERED),
    "opened": _did(Kind.OPENED, Kind.CLICKED),
    "opens": _times(Kind.OPENED),
    "machine_opens": _times(Kind.OPENED, is_machine=True),
    "clicked": _did(Kind.CLICKED),
    "clicks": _times(Kind.CLICKED),
    "replied": _did(Kind.REPLIED),
    "bounced": _did(Kind.BOUNCED),
    "soft_bounced": _did(Kind.SOFT_BOUNCED),
    "unsubscribed": _did(Kind.UNSUBSCRIBED),
    "complained": _did(Kind.COMPLAINED),
}
# of many
_SUMS: dict[str, str] = {name: f"COALESCE(SUM({name}), 0)" for name in COUNTS} | {
    "sent": "COUNT(*)",
    "by_machines": "COALESCE(SUM(CASE WHEN opened = 0 AND machine_opens > 0 THEN 1 ELSE 0 END), 0)",
}


def statement(messages: QuerySet[Message], by: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL that counts messages by some of `KEYS`, those first and then `COUNTS`, with its parameters."""
    # named as nothing in the table is, which would hide it
    keys = {f"by_{name}": KEYS[name]() for name in by}
    each = messages.order_by().values("pk").annotate(**keys).annotate(**_OF_ONE)
    inner, parameters = each.query.sql_with_params()
    names = ", ".join(keys)
    chosen = ", ".join((*keys, *(_SUMS[name] for name in COUNTS)))
    groups = f" GROUP BY {names}" if keys else ""
    sql = f"SELECT {chosen} FROM ({inner}) AS each_message{groups}"  # noqa: S608 # names of ours
    return sql, tuple(parameters)


def count(messages: QuerySet[Message], *, by: tuple[str, ...] = ()) -> dict[tuple[Any, ...], Tally]:
    """Count messages now, by some of `KEYS`; without any, the one tally is under the empty key."""
    sql, parameters = statement(messages, by)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return dict(_read(cursor.fetchall(), by))


def _read(rows: list[tuple[Any, ...]], by: tuple[str, ...]) -> Iterator[tuple[tuple[Any, ...], Tally]]:
    for row in rows:
        key = tuple(_READ[name](value) for name, value in zip(by, row, strict=False))
        yield key, Tally(**{name: int(value) for name, value in zip(COUNTS, row[len(by) :], strict=True)})


def _as_day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


_READ: dict[str, Any] = {"campaign": int, "automation": int, "day": _as_day}


def sent() -> QuerySet[Message]:
    """Ask for all that was ever sent of campaigns; notes for colleagues are not of them."""
    return Message.objects.filter(sent_at__isnull=False, campaign__isnull=False)


def count_again(campaign: int, period: Period | None) -> None:
    """Count a campaign's messages anew and keep that instead of what was kept, of a period or of all days."""
    messages, cells = sent().filter(campaign=campaign), Cell.objects.filter(campaign=campaign)
    if period:
        start, end = period.bounds()
        messages = messages.filter(sent_at__gte=start, sent_at__lt=end)
        cells = cells.filter(day__gte=period.start, day__lt=period.end)
    cells.delete()
    sql, parameters = statement(messages, ("day", "automation"))
    columns = ", ".join(("campaign", "day", "automation", *COUNTS))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO reports_cell ({columns}) SELECT %s, counted.* FROM ({sql}) AS counted",  # noqa: S608 # ours
            (campaign, *parameters),
        )
