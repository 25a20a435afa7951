"""The list at the end of the set-up that ticks itself: what is done, what is awaited, and what is left to do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from integrations.models import Connection, Delivery, HistoricalSync
from integrations.providers import SENDERS, history_of

if TYPE_CHECKING:
    from integrations.providers.base import StrPromise


class Mark(StrEnum):
    """How a line stands: it goes by itself from WAITING to DONE, while TODO needs a hand."""

    DONE = "done"
    WAITING = "waiting"
    TODO = "todo"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its mark, its words, and what the words speak of, where that is an event or the history."""

    name: str
    mark: Mark
    words: "StrPromise"
    event: Delivery | None = None
    first_at: datetime | None = None
    sync: HistoricalSync | None = None


def lines(connection: Connection) -> list[Line]:
    """Return the lines in the order in which they are ticked."""
    reached = _webhook(connection) if connection.provider_name in SENDERS else _key(connection)
    heard = _first_event(connection) if connection.provider_name in SENDERS else _first_payment(connection)
    return [_credentials(connection), reached, heard, _history(connection)]


def goes_on(found: list[Line]) -> bool:
    """Tell whether something may still tick itself."""
    return any(line.mark is Mark.WAITING for line in found)


def is_complete(found: list[Line]) -> bool:
    """Tell whether nothing needs a hand any more."""
    return not any(line.mark is Mark.TODO for line in found)


def _credentials(connection: Connection) -> Line:
    if connection.provider_name in SENDERS and not connection.api_key:
        return Line(name="credentials", mark=Mark.NONE, words=_("No credentials: only what webhooks tell is known"))
    if connection.provider_name not in SENDERS:
        return Line(name="credentials", mark=Mark.DONE, words=_("The connection is made"))
    return Line(name="credentials", mark=Mark.DONE, words=_("The store accepts the credentials"))


def _webhook(connection: Connection) -> Line:
    if connection.lacks in ("webhook_secret", "webhook_id"):
        return Line(name="webhook", mark=Mark.TODO, words=_("The store does not know our webhook address yet"))
    return Line(name="webhook", mark=Mark.DONE, words=_("The store knows our webhook address"))


def _key(connection: Connection) -> Line:
    if connection.lacks:
        return Line(name="key", mark=Mark.TODO, words=_("The store has no API key yet"))
    return Line(name="key", mark=Mark.DONE, words=_("The store has an API key"))


def _first_event(connection: Connection) -> Line:
    event = connection.deliveries.exclude(event_type="history").order_by("received_at", "pk").first()
    if event is None:
        return Line(name="event", mark=Mark.WAITING, words=_("Waiting for the first event"))
    return Line(name="event", mark=Mark.DONE, words=_("The first event has arrived"), event=event)


def _first_payment(connection: Connection) -> Line:
    first = connection.store.recurring_payments.order_by("created_at", "pk").first()
    if first is None:
        return Line(name="event", mark=Mark.WAITING, words=_("Waiting for the first recurring payment"))
    words = _("The first recurring payment has arrived")
    return Line(name="event", mark=Mark.DONE, words=words, first_at=first.created_at)


def _history(connection: Connection) -> Line:
    sync = connection.syncs.first()
    if sync:
        mark = {"finished": Mark.DONE}.get(sync.state, Mark.WAITING if sync.is_open else Mark.TODO)
        return Line(name="history", mark=mark, words=_("History"), sync=sync)
    if history_of(connection) is None:
        return Line(name="history", mark=Mark.NONE, words=_no_history(connection))
    return Line(name="history", mark=Mark.NONE, words=_("The history is not read; its page can do that at any time"))


def _no_history(connection: Connection) -> "StrPromise":
    if connection.provider_name in SENDERS:
        return _("No history: this store tells none, so recurring payments appear with their next event")
    return _("No history: the store writes what it has by itself")
