"""What the database tells of automations and e-mails: who is due, what waits to be sent, what is not known."""

from collections.abc import Iterator

from django.db.models import Min, Q
from django.utils import timezone

from automations.models import Call, Enrolment, Mailing, Message
from config.metrics.gauges import Gauge, by, counted, one
from subscriptions.models import Change

# What is told of messages: those on their way, and those that nobody can be sure of.
_STATES = (*Message.UNSENT, "uncertain")


def tell() -> Iterator[Gauge]:
    """Tell the figures."""
    now = timezone.now()
    due = Enrolment.objects.due(now)
    pending = Change.objects.filter(is_pending=True)
    yield one("changes_pending", "Changes that no automation has looked at", counted(pending))
    yield one("people_due", "People who should go on in an automation now", counted(due))
    first = due.order_by().aggregate(first=Min("wake_at"))["first"]
    age = (now - first).total_seconds() if first else 0.0
    yield one("people_overdue_seconds", "How long the first of them has been due", age)
    parked = Enrolment.objects.filter(state=Enrolment.State.PARKED)
    yield one("people_stopped", "People whom a problem has stopped", counted(parked))
    yield by(
        "state", "messages", "E-mails of steps and of open mailings", {state: _messages(state) for state in _STATES}
    )
    calls = Call.objects.filter(state__in=Call.OPEN)
    yield one("webhook_calls_waiting", "Calls of webhooks that wait", counted(calls))
    yield one("mailings_open", "Campaigns that are going out", counted(Mailing.objects.filter(state__in=Mailing.OPEN)))


def _messages(state: str) -> int:
    """Count e-mails in a state, of steps and of mailings that go on: the index begins with the mailing."""
    going = list(Mailing.objects.filter(state__in=Mailing.OPEN).values_list("pk", flat=True))
    return counted(Message.objects.filter(Q(mailing=None) | Q(mailing__in=going), state=state))
