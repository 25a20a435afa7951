"""What the first page says: what needs attention, what happened today, and what a newcomer does first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from automations.models import Automation, Enrolment
from reports import periods
from reports.business import mrr
from reports.models import Episode, Movement
from subscriptions.models import FieldOrder, RecurringPayment, Segment, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A first step: its words, why, the address of the page for it, and whether it is done."""

    title: Any
    reason: Any
    page: str
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What happened on the account's day: how many of each, and what it is worth a month, by currency."""

    name: str
    count: int
    amounts: dict[str, Decimal]


# what is to be done, why, where, by whom, and how one knows that it is done
_STEPS: tuple[tuple[Any, Any, str, str, Callable[[], bool]], ...] = (
    (
        _("Connect a store"),
        _("Stripe, PayPal, WooCommerce, or any store by its API."),
        "connected_apps",
        "integrations.add_connection",
        lambda: Store.objects.exists(),
    ),
    (
        _("See a contact with a recurring payment"),
        _("They appear by themselves, once the store’s history is read or it tells of something new."),
        "admin:contacts_contact_changelist",
        "contacts.view_contact",
        lambda: RecurringPayment.objects.exists(),
    ),
    (
        _("Order the fields"),
        _("The first five are shown on a contact’s page."),
        "manage_data",
        "subscriptions.change_fieldorder",
        lambda: FieldOrder.objects.exists(),
    ),
    (
        _("Build a segment"),
        _("Such as everybody whose payment failed."),
        "segments",
        "subscriptions.add_segment",
        lambda: Segment.objects.exists(),
    ),
    (
        _("Start a recipe"),
        _("An automation that writes when a payment fails, or before a renewal."),
        "automation_recipes",
        "automations.add_automation",
        lambda: Automation.objects.exists(),
    ),
)


def steps(may: Callable[[str], bool]) -> list[Step]:
    """Return what somebody does first, of what they may; [] once all of it is done."""
    found = [
        Step(title=title, reason=reason, page=page, is_done=is_done())
        for title, reason, page, permission, is_done in _STEPS
        if may(permission)
    ]
    return [] if all(step.is_done for step in found) else found


def stopped() -> list[tuple[Automation, int]]:
    """Return the automations in which people are stopped, and how many, the most first."""
    rows = Enrolment.objects.filter(state=Enrolment.State.PARKED).order_by()
    counts = dict(rows.values_list("automation").annotate(Count("pk")))
    found = Automation.objects.living().in_bulk(counts)
    return sorted(((one, counts[pk]) for pk, one in found.items()), key=lambda row: (-row[1], row[0].name))


def moved(day: date) -> list[Today]:
    """Return how revenue moved on a day, by kind."""
    rows = Movement.objects.filter(day=day).order_by()
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for kind, currency, count, amount in rows.values_list("kind", "currency").annotate(Count("pk"), Sum("amount")):
        found.setdefault(kind, {})[currency] = (count, amount)
    return [_today(str(kind), found.get(str(kind), {})) for kind in Movement.Kind]


def failed(day: date) -> Today:
    """Return the payments that failed on a day."""
    begin, end = periods.Period(start=day, end=day.fromordinal(day.toordinal() + 1)).bounds()
    rows = Episode.objects.filter(kind=Episode.Kind.FAILED, since__gte=begin, since__lt=end).order_by()
    told = rows.values_list("currency").annotate(Count("pk"), Sum("amount"))
    return _today("failed", {currency: (count, amount) for currency, count, amount in told})


def _today(name: str, by_currency: dict[str, tuple[int, int]]) -> Today:
    return Today(
        name=name,
        count=sum(count for count, _amount in by_currency.values()),
        amounts={currency: Decimal(amount) / mrr.PARTS for currency, (_count, amount) in by_currency.items()},
    )
