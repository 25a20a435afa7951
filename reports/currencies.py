"""Rates at which amounts of several currencies may be added; without them they never are."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from reports.models import Currency, StateTotal


def target() -> str:
    """Return the currency into which amounts are converted; empty where nobody has chosen one."""
    return Currency.objects.filter(is_target=True).values_list("code", flat=True).first() or ""


def rates() -> dict[str, Decimal]:
    """Return how much of the target one unit of each currency is worth, the target's own among them; {} without one."""
    return dict(Currency.objects.values_list("code", "rate")) if target() else {}


def in_use() -> list[str]:
    """List the currencies of all recurring payments that were ever more than pending, and those that have a rate."""
    told = StateTotal.objects.order_by().values_list("currency", flat=True).distinct()
    return sorted({*told, *Currency.objects.values_list("code", flat=True)} - {""})


@transaction.atomic
def save(chosen: str, entered: Mapping[str, Decimal]) -> None:
    """Keep the target and the rates, instead of all that there were; an empty target forgets them."""
    Currency.objects.all().delete()
    if chosen:
        others = {code: rate for code, rate in entered.items() if code != chosen}
        Currency.objects.create(code=chosen, rate=1, is_target=True)
        Currency.objects.bulk_create(Currency(code=code, rate=rate) for code, rate in others.items())
