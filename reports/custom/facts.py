"""Numbers that records have by what belongs to them: the e-mails about them, and the payments of people."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, QuerySet, Value, When

from automations.models import Engagement
from reports.business import mrr
from reports.custom import keys, sql
from reports.custom.pairs import sent
from reports.custom.sql import Sql
from subscriptions.models import RecurringPayment

Kind = Engagement.Kind
# what was done with an e-mail -> the kinds that say so: who clicked has opened it too
DEEDS: dict[str, tuple[str, ...]] = {
    "opened": (Kind.OPENED, Kind.CLICKED),
    "clicked": (Kind.CLICKED,),
    "replied": (Kind.REPLIED,),
    "bounced": (Kind.BOUNCED,),
    "unsubscribed": (Kind.UNSUBSCRIBED,),
    "complained": (Kind.COMPLAINED,),
}
SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """`sql(columns)` has the column fact_key, a record, and those named, which are whole numbers.

    Each record comes once. Where `by_currency` says so it comes several times, each with its fact_currency, and is to
    be added.
    """

    name: str
    sql: Callable[[Collection[str]], Sql]
    by_currency: bool = False


def _deeds(columns: Collection[str]) -> Sql:
    """For each e-mail that anything was done with, whether it was this: 1 or 0."""
    wanted = {name: DEEDS[name] for name in sorted(columns)}
    rows = Engagement.objects.by_people().filter(kind__in={kind for kinds in wanted.values() for kind in kinds})
    flags: dict[str, Any] = {
        name: Max(Case(When(kind__in=kinds, then=Value(1)), default=Value(0), output_field=IntegerField()))
        for name, kinds in wanted.items()
    }
    return sql.of(rows.order_by().values(fact_key=F("message_id")).annotate(**flags))


def _emails(key: str) -> Callable[[Collection[str]], Sql]:
    """Count the e-mails that were sent, and those that something was done with, by a key of theirs."""

    def counted(columns: Collection[str]) -> Sql:
        messages = sql.of(sent().order_by().filter(**{f"{key}__isnull": False}).values(about=F(key), message=F("pk")))
        done = sorted(set(columns) - {SENT})
        sums = "".join(f", SUM(COALESCE(d.{name}, 0)) AS {name}" for name in done)
        joined = sql.fill("LEFT JOIN ({deeds}) d ON d.fact_key = m.message", deeds=_deeds(done)) if done else Sql("")
        return sql.fill(
            "SELECT m.about AS fact_key, COUNT(*) AS sent{sums} FROM ({messages}) m {joined} GROUP BY m.about",
            sums=sums,
            messages=messages,
            joined=joined,
        )

    return counted


def _payments(_columns: Collection[str]) -> Sql:
    rows = RecurringPayment.objects.order_by().filter(contact__isnull=False)
    return sql.of(rows.values(fact_key=F("contact_id")).annotate(payments=Count("pk")))


def owned() -> "QuerySet[Any, Any]":
    """Return the payments of people that are worth something a month, with what it is as `r_mrr`."""
    rows = RecurringPayment.objects.order_by().filter(contact__isnull=False)
    return rows.annotate(r_mrr=mrr.expression()).filter(r_mrr__gt=0)


def _worth(_columns: Collection[str]) -> Sql:
    """For each of these, and not added yet: its person, its currency as fact_currency, and its worth."""
    code = keys.currency("currency")
    return sql.of(owned().values(fact_key=F("contact_id"), fact_currency=code, mrr=F("r_mrr")))


OF_EMAIL = Facts(name="deeds", sql=_deeds)
PAYMENTS_OF_PERSON = Facts(name="owned", sql=_payments)
WORTH_OF_PERSON = Facts(name="worth", sql=_worth, by_currency=True)


def emails(key: str) -> Facts:
    """Return the numbers of e-mails by a key that a message has."""
    return Facts(name="emails", sql=_emails(key))
