"""The values of what has several: pairs of a key, which is a record or a person, and a value, each pair once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from automations.models import Engagement, Enrolment, Message
from contacts.models import Contact, Standing
from reports.custom import sql
from reports.custom.sql import Sql
from subscriptions.catalogue import Field
from subscriptions.kinds import TEXT_LIST
from subscriptions.models import LineItem, RecurringPayment
from subscriptions.records import ITEM_KINDS
from subscriptions.segments import questions
from subscriptions.segments.clock import Clock
from subscriptions.segments.subjects import PAYMENT

Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """`sql()` has the columns pair_key, pair_value and, of texts, pair_words, how it is spelled.

    `holding(value, outer)` asks for records with a value, `beyond(values, outer)` for those with another than these,
    and `any(outer)` for those with any; `outer` is the name by which the records' model knows the key.
    """

    sql: Callable[[], Sql]
    holding: Callable[[Any, str], Q]
    beyond: Callable[[Collection[Any], str], Q]
    any: Callable[[str], Q]
    has_words: bool = False


def _of(make: Callable[[], Rows], key: str, value: str, *, is_once: bool = False) -> Pairs:
    """Make pairs of a query; `is_once` says that none comes twice in it."""

    def found() -> Rows:
        rows: Rows = make().order_by().filter(**{f"{key}__isnull": False, f"{value}__isnull": False})
        paired: Rows = rows.annotate(pair_key=F(key), pair_value=F(value))
        return paired

    def written() -> Sql:
        rows = found().values("pair_key", "pair_value")
        return sql.of(rows if is_once else rows.distinct())

    return Pairs(
        sql=written,
        holding=lambda one, outer: Q(Exists(found().filter(pair_key=OuterRef(outer), pair_value=one))),
        beyond=lambda some, outer: Q(Exists(found().filter(pair_key=OuterRef(outer)).exclude(pair_value__in=some))),
        any=lambda outer: Q(Exists(found().filter(pair_key=OuterRef(outer)))),
    )


def sent() -> "QuerySet[Message]":
    """Return the e-mails that were sent; notes for colleagues are none."""
    return Message.objects.filter(state=Message.State.SENT, campaign__isnull=False)


def done() -> "QuerySet[Engagement]":
    """Return what people did with e-mails that were sent."""
    return Engagement.objects.by_people().filter(message__state=Message.State.SENT, message__campaign__isnull=False)


TAGS = _of(Contact.tags.through.objects.all, "contact_id", "tag_id", is_once=True)
LISTS = _of(
    lambda: Standing.objects.filter(state=Standing.State.SUBSCRIBED), "contact_id", "contact_list_id", is_once=True
)


def automations(key: str) -> Pairs:
    """Pair what automations were entered with, by the name that a way has for it."""
    return _of(Enrolment.objects.all, key, "automation_id")


def campaigns(key: str) -> Pairs:
    """Pair what e-mails were sent about, or to, by the name that a message has for it."""
    return _of(sent, key, "campaign_id")


def engagement(key: str) -> Pairs:
    """Pair it with what people did with the e-mails."""
    return _of(done, f"message__{key}" if key else "message_id", "kind")


def texts(one: Field) -> Pairs:
    """Pair payments with the texts of a list of theirs, or of their line items, without regard to case and blanks."""
    clock, subject = Clock(), PAYMENT[one.name]
    return Pairs(
        sql=lambda: _texts(one),
        holding=lambda value, _outer: questions.any_is(subject, value, clock),
        beyond=lambda some, _outer: _beyond(one, some),
        any=lambda _outer: questions.is_not_empty(subject, None, clock),
        has_words=True,
    )


def _beyond(one: Field, some: Collection[Any]) -> Q:
    left = sql.fill(" WHERE q.pair_value NOT IN {some}", some=sql.listed(some)) if some else Sql("")
    found = sql.fill("SELECT q.pair_key FROM ({pairs}) q{left}", pairs=_texts(one), left=left)
    return Q(pk__in=RawSQL(found.text, found.params))  # noqa: S611  columns of our own, and parameters


def _texts(one: Field) -> Sql:
    model, key = (LineItem, "payment_id") if one.item else (RecurringPayment, "id")
    column = f'source."{one.item or one.name}"'
    is_list = not one.item or ITEM_KINDS[one.item] is TEXT_LIST
    text, entries = ("entry.value", _entries(column)) if is_list else (column, "")
    folded = sql.fold(text)
    return Sql(
        f"SELECT source.{key} AS pair_key, {folded} AS pair_value, {sql.least_text(text)} AS pair_words "  # noqa: S608
        f"FROM {model._meta.db_table} source{entries} WHERE {folded} <> '' GROUP BY 1, 2"
    )


def _entries(column: str) -> str:
    if sql.is_postgresql():
        return f" CROSS JOIN LATERAL jsonb_array_elements_text({column}) AS entry(value)"
    return f", json_each({column}) AS entry"
