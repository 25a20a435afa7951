"""What PayPal told and we never heard, by its list of events; and what it does not tell, by asking for what we know.

PayPal keeps the events of an app's webhooks for thirty days. Payments that can still change are asked for in rounds,
a bounded number a run: first those whose next payment should have happened.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db.models import QuerySet
from django.utils import timezone

from integrations.problems import Problem
from integrations.providers.base import Page, ProviderError, Scope
from integrations.providers.paypal import api, history, pages
from integrations.providers.paypal.signature import incoming
from integrations.providers.reading import list_at, text_at
from subscriptions.catalogue import Status
from subscriptions.models import RecurringPayment

if TYPE_CHECKING:
    from integrations.models import Connection

PAGE_SIZE = 300
# Payments that one step asks for, and steps of the round that one run takes.
AT_ONCE = 25
STEPS = 8
_EVENTS = "v1/notifications/webhooks-events"
_KEPT = timedelta(days=29)
_FINAL = (Status.CANCELLED.value, Status.EXPIRED.value)


def page(connection: "Connection", scope: Scope, cursor: str, memory: dict[str, Any]) -> Page:
    """Read a page of what the cursor's first word names: events, overdue and known payments, then those listed."""
    kind, _, place = (cursor or "events:").partition(":")
    return _STEPS[kind](connection, scope, place, memory)


def _events(connection: "Connection", scope: Scope, place: str, memory: dict[str, Any]) -> Page:
    since = max(scope.since, timezone.now() - _KEPT)
    params: dict[str, Any] = {"start_time": since.strftime("%Y-%m-%dT%H:%M:%SZ"), "page_size": PAGE_SIZE}
    try:
        found = api.send(connection, "GET", _EVENTS, params=dict(parse_qsl(place)) | params)
    except ProviderError as error:
        if not error.permanent and error.problem is not Problem.PERMISSION:
            raise
        return Page(cursor="overdue:")
    page = Page()
    for event in list_at(found, "events"):
        page.hear(event, partial(incoming, connection))
    further = _next(found)
    page.cursor = f"events:{further}" if further not in ("", place) and list_at(found, "events") else "overdue:"
    return page


def _next(found: dict[str, Any]) -> str:
    """Return what the next page is asked for with: PayPal writes a link, of which we take all but what we say."""
    links = (text_at(one, "href") for one in list_at(found, "links") if text_at(one, "rel") == "next")
    told = parse_qsl(urlsplit(next(links, "")).query)
    return urlencode([(name, value) for name, value in told if name not in ("start_time", "page_size")])


def _living(connection: "Connection") -> "QuerySet[RecurringPayment]":
    return RecurringPayment.objects.filter(store_id=connection.store_id).exclude(status__in=_FINAL)


def _overdue(connection: "Connection", scope: Scope, place: str, memory: dict[str, Any]) -> Page:
    """Ask for those whose next payment should have happened, the oldest first."""
    late = _living(connection).filter(next_payment_date__lt=timezone.now()).order_by("next_payment_date", "pk")
    page = _asked(connection, late[:AT_ONCE], memory)
    page.cursor = "known:0"
    return page


def _known(connection: "Connection", scope: Scope, step: str, memory: dict[str, Any]) -> Page:
    """Go on with the round through all of them, where the last step, or the last run, stopped."""
    after = memory.get("mark", scope.mark) or "0"
    page = _asked(connection, _living(connection).filter(pk__gt=int(after)).order_by("pk")[:AT_ONCE], memory)
    is_through = not page.mark
    memory["mark"] = page.mark = page.mark or "0"
    goes_on = not is_through and int(step) + 1 < STEPS
    lists = scope.is_full and connection.lists_payments
    page.cursor = f"known:{int(step) + 1}" if goes_on else "listed:" if lists else ""
    return page


def _asked(connection: "Connection", payments: "QuerySet[RecurringPayment]", memory: dict[str, Any]) -> Page:
    """Ask for payments one by one; `mark` is the last one's key."""
    whole, products = Page(), memory.setdefault("products", {})
    for key, identity in payments.values_list("pk", "store_recurring_payment_id"):
        # PayPal forgets old ones; what is known of them stays
        one = pages.single(connection, identity, pages.reading_for(connection), products) or Page()
        whole.records += one.records
        whole.broken += one.broken
        whole.mark = str(key)
    return whole


def _listed(connection: "Connection", scope: Scope, place: str, memory: dict[str, Any]) -> Page:
    page = history.page(connection, place, memory)
    page.cursor = page.cursor and f"listed:{page.cursor}"
    return page


_STEPS: dict[str, Callable[["Connection", Scope, str, dict[str, Any]], Page]] = {
    "events": _events,
    "overdue": _overdue,
    "known": _known,
    "listed": _listed,
}
