"""The triggers that are listening, and which recurring payments their conditions allow."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from automations import entering
from automations.entering import Entry
from automations.flow.conditions import Conditions
from automations.flow.reading import read_options
from automations.models import Automation, Trigger
from automations.triggers import TRIGGERS, TriggerKind
from automations.triggers.where import EVERY_PAYMENT
from subscriptions.models import RecurringPayment
from subscriptions.segments import compiler
from subscriptions.segments.clock import Clock
from subscriptions.segments.compiler import World
from subscriptions.segments.mistakes import SegmentError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A trigger whose options have been read."""

    pk: int
    automation: Automation
    key: str
    kind: TriggerKind
    options: Mapping[str, Any]
    since: datetime

    @property
    def where(self) -> Conditions:
        """The conditions on recurring payments."""
        found: Conditions = self.options.get("where", EVERY_PAYMENT)
        return found


def listeners(*kinds: TriggerKind, among: Collection[int] | None = None) -> list[Listener]:
    """List those that listen for these kinds; `among` names the triggers that are asked about."""
    rows = Trigger.objects.filter(kind__in=[kind.name for kind in kinds], automation__state=Automation.State.ACTIVE)
    rows = rows if among is None else rows.filter(pk__in=among)
    return [listener(row) for row in rows.select_related("automation")]


def listener(row: Trigger) -> Listener:
    """Read a trigger's options."""
    kind = TRIGGERS[row.kind]
    options = read_options(kind.options, row.options)
    return Listener(pk=row.pk, automation=row.automation, key=row.key, kind=kind, options=options, since=row.since)


def allowed(conditions: Conditions, payments: Collection[int], now: datetime) -> Collection[int]:
    """Return which of these payments fulfil conditions; one query. What cannot be asked any more allows none."""
    if conditions == EVERY_PAYMENT:
        return payments
    try:
        asked = compiler.of_payments(conditions.node(), World(clock=Clock(now=now)))
    except SegmentError as error:
        logger.warning("The conditions of a trigger cannot be asked: %s", error)
        return ()
    return set(RecurringPayment.objects.filter(asked, pk__in=payments).order_by().values_list("pk", flat=True))


def enter(entries: Iterable[tuple[Automation, Entry]], now: datetime) -> int:
    """Let people in, an automation at a time; return of how many it was asked."""
    of_automation: dict[int, tuple[Automation, list[Entry]]] = {}
    for automation, entry in entries:
        of_automation.setdefault(automation.pk, (automation, []))[1].append(entry)
    # in order, so that two who let in the same people never wait for each other in a circle
    for _pk, (automation, some) in sorted(of_automation.items()):
        entering.enter(automation, some, now=now)
    return sum(len(some) for _automation, some in of_automation.values())
