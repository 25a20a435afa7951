"""Reports once more in plain Python, record by record, to compare with."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from automations.models import Engagement, Enrolment, Message
from contacts.models import Contact
from reports.business import mrr
from subscriptions.catalogue import BY_NAME
from subscriptions.kinds import AMOUNT, DATE, TEXT, TEXT_LIST
from subscriptions.models import RecurringPayment

ZONE = ZoneInfo("Europe/Paris")
STEP = Decimal("0.0001")
type Record = Any


def records(about: str) -> list[Record]:
    """Return all records."""
    messages = Message.objects.filter(state="sent", campaign__isnull=False)
    every = {
        "payments": RecurringPayment.objects.all(),
        "people": Contact.objects.all(),
        "ways": Enrolment.objects.all(),
        "emails": messages,
    }
    return list(every[about].order_by("pk"))


def fold(text: str) -> str:
    return "".join(letter.lower() for letter in text.strip(" "))


def begin(moment: datetime, unit: str, zone: Any) -> date:
    day = moment.astimezone(zone).date()
    return {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
        "year": date(day.year, 1, 1),
    }[unit]


# Groups: the raw values of a record, [None] where it has none


def raws(about: str, record: Record, group: dict[str, Any]) -> list[Any]:
    """Return under which raw values a record counts."""
    found = set(_values(about, record, group["by"], group.get("unit", "month")))
    return sorted(found, key=str) or [None]


def _values(about: str, record: Record, by: str, unit: str) -> Iterable[Any]:
    person = record if about == "people" else record.contact
    if by.startswith("contact."):
        yield from _of_person(person, by.removeprefix("contact."), unit) if person else ()
    elif about == "payments" and by in BY_NAME:
        yield from _of_field(record, by, unit)
    else:
        yield from _of_emails(about, record, by, unit)


def _of_person(person: Contact, by: str, unit: str) -> Iterable[Any]:
    if by == "tag":
        return [one.pk for one in person.tags.all()]
    if by == "list":
        return [one.contact_list_id for one in person.standings.filter(state="subscribed")]
    if by == "created_at":
        return [begin(person.created_at, unit, ZONE).isoformat()]
    value = getattr(person, by) if by == "language" else fold(getattr(person, by))
    return [value] if value else []


def _of_field(record: Record, by: str, unit: str) -> Iterable[Any]:
    field = BY_NAME[by]
    value = field.value(record)
    if field.kind in (TEXT, TEXT_LIST):
        return [fold(one) for one in ([value] if field.kind is TEXT else value) if one.strip(" ")]
    if value in (None, ""):
        return []
    if field.kind is DATE:
        return [begin(value, unit, UTC if field.month_only else ZONE).isoformat()]
    return [f"{value.normalize():f}"] if field.kind is AMOUNT else [value]


def messages_of(about: str, record: Record) -> list[Message]:
    key = {"payments": "enrolment__payment", "people": "contact", "ways": "enrolment", "emails": "pk"}[about]
    return list(Message.objects.filter(state="sent", campaign__isnull=False, **{key: record.pk}))


def _of_emails(about: str, record: Record, by: str, unit: str) -> Iterable[Any]:
    if by in _OF_MESSAGES:
        return _OF_MESSAGES[by](about, record)
    if by in ("campaign_kind", "state"):
        return [record.campaign.kind if by == "campaign_kind" else record.state]
    value = getattr(record, by)
    return [begin(value, unit, ZONE).isoformat()] if value else []


def _automations(about: str, record: Record) -> list[int]:
    if key := {"payments": "payment", "people": "contact"}.get(about):
        return [one.automation_id for one in Enrolment.objects.filter(**{key: record.pk})]
    way = record if about == "ways" else record.enrolment
    return [way.automation_id] if way else []


def _done(about: str, record: Record) -> list[str]:
    done = Engagement.objects.filter(message__in=messages_of(about, record), is_machine=False)
    return [one.kind for one in done]


_OF_MESSAGES: dict[str, Callable[[str, Record], list[Any]]] = {
    "automation": _automations,
    "campaign": lambda about, record: [one.campaign_id for one in messages_of(about, record)],
    "engagement": _done,
}


# Amounts: what a record has in which currency


DEEDS = {"opened": {"opened", "clicked"}}


def did(message: Message, deed: str) -> int:
    kinds = DEEDS.get(deed, {deed})
    return int(Engagement.objects.filter(message=message, kind__in=kinds, is_machine=False).exists())


def in_currencies(about: str, record: Record, rates: dict[str, Decimal], target: str) -> dict[str, dict[str, Any]]:
    """Return under which currencies a record counts, and what it is worth a month in each."""
    payments = [record] if about == "payments" else list(record.recurring_payments.all()) if about == "people" else []
    found: dict[str, dict[str, Any]] = {}
    for one in payments:
        worth = mrr.of({name: getattr(one, name) for name in ("status", "is_trial", *mrr.FIELDS)})
        if about == "people" and not worth:
            continue
        code = fold(one.currency)
        rate = rates.get(code)
        key = target.lower() if rate is not None else code
        there = found.setdefault(key, {"mrr": 0, "rate": rate})
        there["mrr"] += exchange(Decimal(worth) / 10_000, rate) * 10_000
    return found or {"": {"mrr": 0, "rate": None}}


def exchange(amount: Decimal, rate: Decimal | None) -> Decimal:
    return amount if rate is None else (amount * rate).quantize(STEP, ROUND_HALF_UP)


def number(about: str, record: Record, of: str, money: dict[str, Any]) -> Any:
    """Return what a record counts for."""
    if of == "mrr":
        return Decimal(money["mrr"]) / 10_000
    if of.startswith("emails_"):
        sent = messages_of(about, record)
        deed = of.removeprefix("emails_")
        return len(sent) if deed == "sent" else sum(did(one, deed) for one in sent)
    if about == "emails":
        return did(record, of)
    if about == "people" and of == "payments":
        return record.recurring_payments.count()
    value = getattr(record, of)
    is_amount = BY_NAME[of].kind is AMOUNT
    return exchange(value, money["rate"]) if is_amount and value is not None else value


# Counting


def rounded(value: Any) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator) if hasattr(value, "numerator") else Decimal(value)
    return exact.quantize(STEP, ROUND_HALF_UP)


def _average(numbers: list[Any]) -> Decimal:
    parts, count = int(sum(Decimal(one) for one in numbers) * 10_000), len(numbers)
    size = (2 * abs(parts) + count) // (2 * count)
    return Decimal(size if parts >= 0 else -size) / 10_000


_HOWS: dict[str, Callable[[list[Any]], Any]] = {
    "sum": sum,
    "average": _average,
    "minimum": min,
    "maximum": max,
    "median": lambda numbers: rounded(median([Decimal(one) for one in numbers])),
    "count": sum,
    "rate": _average,
    "share": sum,
}


def counted(about: str, some: list[tuple[Record, dict[str, Any]]], measure: dict[str, Any]) -> Any:
    """Count records, each with its money; of a share, what is shared."""
    of, how = measure["of"], measure["as"]
    if of == about:
        return len(some)
    if of == "people":
        return len({record.contact_id for record, _money in some if record.contact_id})
    numbers = [number(about, record, of, money) for record, money in some]
    known = [one for one in numbers if one is not None]
    return _HOWS[how](known) if known else None


def table(definition: dict[str, Any], rates: dict[str, Decimal], target: str) -> dict[Any, dict[Any, list[Any]]]:
    """Return by group and currency, and there by column with None for all of them, the records with their money."""
    about, has_money = definition["about"], has_amounts(definition)
    found: dict[Any, dict[Any, list[Any]]] = {}
    for record in records(about):
        moneys = in_currencies(about, record, rates, target) if has_money else {"": {}}
        groups = [raws(about, record, one) for one in definition["groups"]]
        columns = raws(about, record, definition["across"]) if definition["across"] else []
        for keys, (currency, money) in product(product(*groups), moneys.items()):
            row = found.setdefault((keys, currency), {})
            for column in ("all", *(("in", one) for one in columns)):
                row.setdefault(column, []).append((record, money))
    return found


def totals(definition: dict[str, Any], rates: dict[str, Decimal], target: str) -> dict[str, list[Any]]:
    """Return by currency all records with their money."""
    about, found = definition["about"], dict[str, list[Any]]()
    for record in records(about):
        moneys = in_currencies(about, record, rates, target) if has_amounts(definition) else {"": {}}
        for currency, money in moneys.items():
            found.setdefault(currency, []).append((record, money))
    return found


def has_amounts(definition: dict[str, Any]) -> bool:
    """Say whether anything in a report has a currency."""
    amounts = {field.name for field in BY_NAME.values() if field.kind is AMOUNT} | {"mrr"}
    grouped = [*definition["groups"], *([definition["across"]] if definition["across"] else [])]
    return bool(amounts & ({one["of"] for one in definition["measures"]} | {one["by"] for one in grouped}))
