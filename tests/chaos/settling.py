"""Coming to rest: what production does by itself in some hours, comparisons with the stores and all, in a minute.

Nothing is repaired here. Time passes: claims of the dead run out while nobody works, pauses before another attempt end,
and a day goes by, so that the next comparison is one of everything.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import F, Q
from django.utils import timezone

from automations.models import Call, Enrolment, Mailing, Message, Occurrence, Pending
from automations.models.outgoing import Outgoing
from config.turns import Claimed
from integrations import reconciling
from integrations.models import Connection, Delivery, IdempotentAnswer, Reconciliation
from reports.models import Due, DueCell
from subscriptions.models import Change
from tests.chaos.setting_up import PAUSE

_DAYS = timedelta(days=2)
_PACE = 0.5


def claimed() -> Iterator[type[Claimed]]:
    """Go through all that is worked on under a claim."""
    return (model for model in apps.get_models() if issubclass(model, Claimed))


def _open_states(model: type[Claimed]) -> tuple[str, ...]:
    return model.UNSENT if issubclass(model, Outgoing) else model.OPEN


def let_claims_run_out() -> None:
    """Let so much time pass that whoever died holds nothing any more; nobody may be at work."""
    now = timezone.now()
    for model in claimed():
        model._default_manager.filter(state__in=(*_open_states(model), "handed")).update(claimed_until=now)
    Delivery.objects.filter(state=Delivery.State.WAITING).update(claimed_until=now, due_at=now)
    IdempotentAnswer.objects.filter(status=None).update(claimed_until=now)
    Reconciliation.objects.filter(state=Reconciliation.State.FINISHED).update(started_at=F("started_at") - _DAYS)


def let_pauses_end() -> None:
    """Let the time pass that is left until another attempt, and the minute that people wait; others may be at work."""
    now = timezone.now()
    for model in claimed():
        model._default_manager.filter(state__in=model.OPEN, claim="", claimed_until__gt=now).update(claimed_until=now)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, claimed_until__lte=now)
    waiting.filter(due_at__gt=now).update(due_at=now)
    asleep = Enrolment.objects.filter(step=PAUSE, has_begun=True, state="active", wake_at__gt=now)
    asleep.update(arrived_at=F("arrived_at") - timedelta(hours=1), wake_at=now)


def begin_comparisons() -> datetime:
    """Have every store compared once more, and return the moment after which those comparisons begin."""
    since = timezone.now()
    _compare(since)
    return since


def _compare(since: datetime) -> None:
    for connection in _compared():
        if not _is_compared(connection, since):
            reconciling.start(connection)


def _compared() -> list[Connection]:
    return [one for one in Connection.objects.select_related("store") if reconciling.of(one)]


def _is_compared(connection: Connection, since: datetime) -> bool:
    """Whether everything was compared that happened before; the one of everything may have begun a little earlier."""
    good = connection.reconciliations.filter(state=Reconciliation.State.FINISHED, finished_at__gte=since)
    return good.filter(is_full=True).exists() and good.filter(started_at__gte=since).exists()


def queues(since: datetime | None = None) -> dict[str, int]:
    """Count what is still on its way, by its name, without what is not; with `since` also who is to be compared yet."""
    counts = {name: count() for name, count in _QUEUES.items()}
    if since is not None:
        counts["comparisons to come"] = sum(not _is_compared(one, since) for one in _compared())
    return {name: count for name, count in counts.items() if count}


def _open(model: type[Claimed]) -> Callable[[], int]:
    return lambda: model._default_manager.filter(state__in=model.OPEN).count()


def _due() -> int:
    """Count those who go on now; who stands at the minute's wait is made to go on."""
    going = Enrolment.objects.filter(state=Enrolment.State.ACTIVE, automation__state="active")
    return going.filter(Q(wake_at__lte=timezone.now()) | Q(step=PAUSE)).count()


_QUEUES: dict[str, Callable[[], int]] = {
    "events in the inbox": lambda: Delivery.objects.filter(state=Delivery.State.WAITING).count(),
    "changes not looked at": lambda: Change.objects.filter(is_pending=True).count(),
    "happenings not looked at": Occurrence.objects.count,
    "changes that must stay": lambda: Pending.objects.filter(due_at__lte=timezone.now()).count(),
    "people who are due": _due,
    "e-mails": lambda: Message.objects.filter(state__in=Message.UNSENT).count(),
    "calls": lambda: Call.objects.filter(state__in=Call.OPEN).count(),
    "mailings": lambda: Mailing.objects.filter(state__in=Mailing.LIVING).count(),
    "pasts to be counted": Due.objects.count,
    "counts that are due": DueCell.objects.count,
    **{
        f"open rows of {model._meta.db_table}": _open(model)
        for model in claimed()
        if not issubclass(model, Outgoing | Mailing)
    },
}


def settle(*, seconds: float, since: datetime | None = None) -> dict[str, int]:
    """Wait until nothing is on its way any more, for so many seconds; return what still is then."""
    deadline = time.monotonic() + seconds
    while (left := queues(since)) and time.monotonic() < deadline:
        if since is not None:
            _compare(since)
        let_pauses_end()
        time.sleep(_PACE)
    return left
