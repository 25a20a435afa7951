"""What Stripe told and we never heard: its own list of events is compared with the inbox.

A subscription has no date of its modification. Where the key may not read events, all subscriptions are read again
once a day.
"""

from itertools import batched
from typing import TYPE_CHECKING, Any

from integrations.problems import Problem
from integrations.providers.base import Page, ProviderError, Scope
from integrations.providers.reading import list_at, text_at
from integrations.providers.stripe import api, history, webhooks
from integrations.providers.stripe.reading import id_at
from integrations.providers.stripe.signature import incoming
from integrations.providers.stripe.subjects import EVENTS
from integrations.watching import Watched

if TYPE_CHECKING:
    from integrations.models import Connection

PAGE_SIZE = 100
NO_EVENTS = "no_events"
# Stripe takes twenty types a question.
_TYPES = list(batched(sorted(EVENTS.keys() - {"history"}), 20))
_SWEEP = "sweep:"


def page(connection: "Connection", scope: Scope, cursor: str, memory: dict[str, Any]) -> Page:
    """Read a page of events, newest first; the cursor is "number of the question/last event"."""
    if cursor.startswith(_SWEEP):
        return _swept(connection, cursor.removeprefix(_SWEEP), memory)
    question, _, last = (cursor or "0/").partition("/")
    try:
        return _events(connection, scope, int(question), last)
    except ProviderError as error:
        if error.problem is not Problem.PERMISSION:
            raise
        return Page(cursor=_SWEEP if scope.is_full else "", remark=NO_EVENTS)


def _events(connection: "Connection", scope: Scope, question: int, last: str) -> Page:
    after = {"starting_after": last} if last else {}
    since = {"gte": int(scope.since.timestamp())}
    answer = api.get(connection, "events", types=list(_TYPES[question]), created=since, limit=PAGE_SIZE, **after)
    found, page = list_at(answer, "data"), Page()
    for event in found:
        page.hear(event, incoming)
    if answer.get("has_more") and found:
        page.cursor = f"{question}/{id_at(found[-1], 'id')}"
    elif question + 1 < len(_TYPES):
        page.cursor = f"{question + 1}/"
    return page


def _swept(connection: "Connection", after: str, memory: dict[str, Any]) -> Page:
    page = history.page(connection, after, memory)
    page.cursor = page.cursor and f"{_SWEEP}{page.cursor}"
    return page


def watch(connection: "Connection") -> Watched:
    """See whether our endpoint is there and enabled, and mend it where the key may; it need not even see it."""
    if not connection.webhook_secret:
        return Watched.NONE
    try:
        found = list_at(api.get(connection, "webhook_endpoints", limit=100), "data")
    except ProviderError as error:
        if error.problem is not Problem.PERMISSION:
            raise
        return Watched.UNSEEN
    ours = [one for one in found if text_at(one, "url") == connection.webhook_url]
    is_on = any(text_at(one, "status") == "enabled" for one in ours)
    return Watched.IN_ORDER if is_on else _mended(connection)


def _mended(connection: "Connection") -> Watched:
    try:
        webhooks.register(connection)
    except ProviderError as error:
        if error.problem not in (Problem.PERMISSION, Problem.WEBHOOK_PERMISSION):
            raise
        return Watched.OFF
    return Watched.MENDED
