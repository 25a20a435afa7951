"""What a shop changed and no webhook told: subscriptions and refunds by the date of their modification.

What is deleted for good is in no list: once a day the shop is asked which of ours it still has. Whatever is read here
is read as for a webhook, orders and all, so that a comparison and a webhook never contradict each other.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from integrations.problems import Problem
from integrations.providers.base import Page, ProviderError, Scope
from integrations.providers.reading import Json
from integrations.providers.woocommerce import api, events, orders, pages, statuses
from integrations.providers.woocommerce.history import reading_for
from integrations.providers.woocommerce.reading import id_at, moment_at
from subscriptions.models import RecurringPayment
from subscriptions.records import IDENTITY, RecordError

if TYPE_CHECKING:
    from integrations.models import Connection

_AT_ONCE = 100


def page(connection: "Connection", scope: Scope, cursor: str, memory: dict[str, Any]) -> Page:
    """Read a page of what the cursor's first word names."""
    kind, _, place = (cursor or "changed:1").partition(":")
    return _STEPS[kind](connection, scope, int(place), memory)


def _changed(connection: "Connection", scope: Scope, number: int, memory: dict[str, Any]) -> Page:
    """Read those that the shop modified, unless the modification is known."""
    asked_at = timezone.now()  # what a webhook brings while the shop answers is newer than its answer
    found, answer = pages.rows(connection, number, modified_after=_gmt(scope))
    known = _modifications(connection, found)
    news = [one for one in found if _is_news(one, known)]
    page = pages.read(
        connection,
        news,
        replace(reading_for(connection), as_of=asked_at),
        memory.setdefault("products", {}),
        ask_orders=True,
    )
    page.records = [replace(one, occurred_at=one.values.get("store_modified_date")) for one in page.records]
    page.same = len(found) - len(news)
    page.cursor = "refunded:1" if answer.is_last(number) else f"changed:{number + 1}"
    return page


def _gmt(scope: Scope) -> str:
    return scope.since.strftime("%Y-%m-%dT%H:%M:%S")


def _modifications(connection: "Connection", found: list[Json]) -> dict[str, Any]:
    ids = [str(one.get("id")) for one in found]
    stored = RecurringPayment.objects.filter(store_id=connection.store_id, store_recurring_payment_id__in=ids)
    return dict(stored.values_list(IDENTITY, "store_modified_date"))


def _is_news(subscription: Json, known: dict[str, Any]) -> bool:
    try:
        modified = moment_at(subscription, "date_modified_gmt")
        return modified is None or known.get(id_at(subscription, "id")) != modified
    except RecordError:
        return True  # the mapping meets the same fault, and says so with its path


def _refunded(connection: "Connection", scope: Scope, number: int, memory: dict[str, Any]) -> Page:
    """Read the subscriptions of those who got money back: that modifies an order, and no subscription."""
    answer = api.get(
        connection,
        "orders",
        page=number,
        per_page=_AT_ONCE,
        orderby="id",
        order="asc",
        modified_after=_gmt(scope),
        dates_are_gmt=True,
        _fields=["id", "customer_id", "status", "refunds", "meta_data"],
    )
    back = [one for one in answer.data if isinstance(one, dict) and orders.is_refunded(one)]
    page = _read(connection, dict.fromkeys(identity for one in back for identity in _subscriptions_of(connection, one)))
    following = "kept:0" if scope.is_full else ""
    page.cursor = following if answer.is_last(number) else f"refunded:{number + 1}"
    return page


def _subscriptions_of(connection: "Connection", order: Json) -> list[str]:
    """List the ids of an order's subscriptions; an order that cannot be read holds no other up."""
    try:
        return orders.subscriptions_of(connection, id_at(order, "id"), order)
    except RecordError:
        return []


def _kept(connection: "Connection", scope: Scope, after: int, memory: dict[str, Any]) -> Page:
    """Ask which of ours the shop still has, and take those that it has not for what they are."""
    ours = RecurringPayment.objects.filter(store_id=connection.store_id, pk__gt=after)
    ours = ours.exclude(store_status__in=[statuses.DELETED, statuses.TRASH]).order_by("pk")
    asked = list(ours.values_list("pk", IDENTITY)[:_AT_ONCE])
    if not asked:
        return Page()
    ids = [identity for _, identity in asked]
    answer = api.get(connection, "subscriptions", include=ids, per_page=_AT_ONCE, status="any", _fields=["id"])
    if not isinstance(answer.data, list):
        raise ProviderError(Problem.NOT_A_STORE, "subscriptions")
    there = {str(one.get("id")) for one in answer.data if isinstance(one, dict)}
    page = _read(connection, [identity for identity in ids if identity not in there])
    page.same = len(ids) - len(page.records)
    page.cursor = f"kept:{asked[-1][0]}" if len(asked) == _AT_ONCE else ""
    return page


def _read(connection: "Connection", identities: Any) -> Page:
    """Read subscriptions one by one as for a webhook; one that the shop itself cannot read stays as it is."""
    whole = Page()
    for identity in identities:
        try:
            one = events.current(connection, identity, reading_for(connection))
        except ProviderError as error:
            if error.problem not in (Problem.PERMISSION, Problem.REFUSED):
                raise
            continue
        whole.records += one.records
        whole.broken += one.broken
    return whole


_STEPS: dict[str, Callable[["Connection", Scope, int, dict[str, Any]], Page]] = {
    "changed": _changed,
    "refunded": _refunded,
    "kept": _kept,
}
