"""Letting in people from before: those who fulfil a trigger by what is known of them already, when somebody asks.

Nothing that happened before an automation was published starts anybody by itself. Here the number of those whom it
would start is counted first, and has to be confirmed; then they are let in slice after slice, each slice in one
transaction with the place behind it, so that a process that dies has done nothing twice.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from automations import bell, entering, plans
from automations.entering import Entry
from automations.flow.shape import Runs, Trigger
from automations.models import Automation, Enrolment, Intake
from automations.triggers import CREATED, SUBSCRIBED, TAGGED, UPDATED
from automations.triggers.updated import ANY
from config import turns
from contacts.models import Contact
from subscriptions.catalogue import BY_NAME
from subscriptions.models import RecurringPayment
from subscriptions.segments import compiler, reading
from subscriptions.segments.clock import Clock
from subscriptions.segments.compiler import World
from subscriptions.segments.mistakes import SegmentError

logger = logging.getLogger(__name__)

SLICE = 500
MAX_ATTEMPTS = 8
State = Intake.State
# The place behind everybody whom a trigger means.
_THROUGH = 2**63 - 1
# How a segment asks whether a field has a value, by the field's kind.
_IS = {"text": "is", "choice": "is", "amount": "equals", "integer": "equals", "flag": "is", "date": "is_on"}
_IS |= {"text_list": "any_is"}


class Changed(Exception):
    """The number is another one than what was confirmed; nothing was started. `count` is the new one."""

    def __init__(self, count: "Count") -> None:
        super().__init__(count.entries)
        self.count = count


class NotPossible(Exception):
    """Nobody can be let in now, for a reason in the user's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One trigger: whom it means, by number; or in words why it means nobody from before."""

    trigger: Trigger
    entries: int = 0
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Who would be let in: entries over all triggers, each counted once, and the people that they are of."""

    entries: int
    people: int
    parts: tuple[Part, ...]


def count(automation: Automation) -> Count:
    """Count who would enter by what is known already, without those who have been in it before."""
    flow = _plan(automation)
    if flow is None:
        return Count(entries=0, people=0, parts=())
    parts = tuple(_part(automation, flow.runs, trigger) for trigger in flow.triggers)
    payments, contacts = _both(automation, flow.runs, flow.triggers)
    entries = contacts.count() + (payments.count() if payments is not None else 0)
    meant = Q(pk__in=contacts.values("pk"))
    if payments is not None:
        meant |= Q(pk__in=payments.values("contact_id"))
    return Count(entries=entries, people=Contact.objects.filter(meant).count(), parts=parts)


@transaction.atomic
def start(automation: Automation, *, confirmed: int, by: User | None = None) -> Intake:
    """Let in whom `count` counts; raise Changed where that is another number by now, and NotPossible."""
    one = Automation.objects.select_for_update(of=("self",)).get(pk=automation.pk)
    if not one.is_active:
        raise NotPossible(_("The automation is not active."))
    if Intake.objects.filter(automation=one, state__in=Intake.OPEN).exists():
        raise NotPossible(_("People are being let in already."))
    counted = count(one)
    if counted.entries != confirmed:
        raise Changed(counted)
    if not confirmed:
        raise NotPossible(_("There is nobody to be let in."))
    intake = Intake.objects.create(automation=one, size=confirmed, started_by=by)
    transaction.on_commit(bell.ring_for_intakes)
    return intake


def cancel(automation: Automation) -> bool:
    """Stop letting people in; who is in stays. Say whether there was something to stop."""
    rows = Intake.objects.filter(automation=automation, state__in=Intake.OPEN)
    return bool(rows.update(state=State.CANCELLED, claim="", finished_at=timezone.now()))


def work(*, seconds: float) -> bool:
    """Go on with what was asked for, for some seconds; tell whether there is more that can be done at once."""
    return turns.work(Intake, _work, seconds=seconds)


def is_waiting() -> bool:
    """Tell whether anything is due."""
    return bool(turns.abandoned(Intake))


def _work(pk: int, ends: float) -> None:
    intake = Intake.objects.select_related("automation").get(pk=pk)
    try:
        while time.monotonic() < ends:
            if not _slice(intake):
                return
        turns.leave(intake)
    except turns.Lost:
        return
    except Exception:
        logger.exception("People from before cannot be let into automation %s", intake.automation_id)
        turns.try_again(intake, most=MAX_ATTEMPTS)


@transaction.atomic
def _slice(intake: Intake) -> bool:
    """Let in one slice, and write down the place behind it; False where there is nothing to go on with now."""
    row = turns.ours(intake).select_for_update(of=("self",)).select_related("automation").first()
    if row is None:
        raise turns.Lost
    automation = row.automation
    if automation.state == Automation.State.ARCHIVED:
        turns.close(intake, State.CANCELLED)
        return False
    flow = _plan(automation)
    if flow is None or not automation.is_active:  # whoever resumes it goes on
        turns.leave(intake, 10)
        return False
    trigger = next((one for one in sorted(flow.triggers, key=_key) if _is_ahead(row, one)), None)
    if trigger is None:
        turns.close(intake, State.FINISHED)
        return False
    entries = _entries(row, flow.runs, trigger)
    entering.enter(automation, [entry for _place, entry in entries])
    if entries:
        transaction.on_commit(bell.ring)
    place = entries[-1][0] if entries else _THROUGH
    turns.ours(intake).update(done=F("done") + len(entries), trigger=trigger.id, place=place)
    turns.keep(intake)
    return True


def _key(trigger: Trigger) -> str:
    return trigger.id


def _is_ahead(row: Intake, trigger: Trigger) -> bool:
    return trigger.id > row.trigger or (trigger.id == row.trigger and row.place < _THROUGH)


def _entries(intake: Intake, runs: Runs, trigger: Trigger) -> list[tuple[int, Entry]]:
    """Return the next ones of a trigger, each with its place; whom something has let in meanwhile is none of them."""
    asked = _meant(trigger, intake.started_at)
    if asked is None:
        return []
    place = intake.place if intake.trigger == trigger.id else 0
    contact = "contact_id" if asked.model is RecurringPayment else "pk"
    new = asked.exclude(_was_in(intake.automation, runs, asked.model))
    rows = new.filter(pk__gt=place, created_at__lte=intake.started_at).order_by("pk")
    found = list(rows.values_list("pk", contact)[:SLICE])
    return [(pk, _entry(intake, trigger, pk, of)) for pk, of in found]


def _entry(intake: Intake, trigger: Trigger, pk: int, contact: int) -> Entry:
    """Let somebody in by an intake once, whichever of its triggers mean them."""
    payment = pk if trigger.kind.of_payments else None
    cause = f"b{intake.pk}:p{pk}" if payment else f"b{intake.pk}:c{pk}"
    return Entry(contact=contact, payment=payment, cause=cause, trigger=trigger.id)


def _plan(automation: Automation) -> Any:
    version = entering.newest(automation)
    return None if version is None else plans.load(version.pk).flow


def _part(automation: Automation, runs: Runs, trigger: Trigger) -> Part:
    payments, contacts = _both(automation, runs, (trigger,))
    why_not = _why_not(trigger)
    entries = 0 if why_not else (payments.count() if payments is not None else contacts.count())
    return Part(trigger=trigger, entries=entries, why_not=why_not)


def _why_not(trigger: Trigger) -> str:
    if trigger.kind is UPDATED and trigger.options["to"] is ANY:
        return _("It waits for a change to any value, so that nothing tells who is meant.")
    if trigger.kind not in (CREATED, UPDATED, SUBSCRIBED, TAGGED):
        return _("Days that are to come let people in by themselves.")
    return ""


def _both(automation: Automation, runs: Runs, triggers: tuple[Trigger, ...]) -> tuple[Any, "QuerySet[Contact]"]:
    """Ask for the payments and for the people that triggers mean and that may enter, each once.

    Where each person runs once, people are asked for only, also those whom a payment leads in.
    """
    now = timezone.now()
    of_payments, of_people = Q(), Q(pk__in=())
    has_payments = False
    for trigger in triggers:
        asked = _meant(trigger, now)
        if asked is None:
            continue
        if asked.model is Contact:
            of_people |= Q(pk__in=asked.values("pk"))
        else:
            has_payments, of_payments = True, of_payments | Q(pk__in=asked.values("pk"))
    payments = RecurringPayment.objects.filter(of_payments, contact__isnull=False) if has_payments else None
    if runs is Runs.ONCE_A_CONTACT and payments is not None:
        of_people, payments = of_people | Q(pk__in=payments.values("contact_id")), None
    contacts = Contact.objects.filter(of_people).exclude(_was_in(automation, runs, Contact))
    if payments is not None:
        payments = payments.exclude(_was_in(automation, runs, RecurringPayment))
    return payments, contacts


def _was_in(automation: Automation, runs: Runs, model: type[Contact] | type[RecurringPayment]) -> Exists:
    """Ask whether somebody, or the payment, has been in it before: nobody from before comes into it a second time.

    That holds for an automation too that people run through every time; what happens to them lets them in again.
    """
    same: dict[str, Any] = {"payment": OuterRef("pk")}
    if runs is Runs.ONCE_A_CONTACT:
        same = {"contact": OuterRef("pk" if model is Contact else "contact")}
    elif model is Contact:
        same = {"contact": OuterRef("pk"), "payment": None}
    return Exists(Enrolment.objects.filter(automation=automation, **same))


def _meant(trigger: Trigger, now: datetime) -> "QuerySet[Any] | None":
    """Ask for the payments or the people whom a trigger means by what is known now; None where it means nobody."""
    if _why_not(trigger):
        return None
    world = World(clock=Clock(now=now))
    if not trigger.kind.of_payments:
        node = reading.read(_PEOPLE[trigger.kind.name](trigger.options))
        return Contact.objects.filter(compiler.of_people(node, world))
    try:
        asked = compiler.of_payments(trigger.options["where"].node(), world)
    except SegmentError:
        return None
    if trigger.kind is UPDATED:
        node = reading.read(_value(trigger.options), inside_payment=True)
        asked &= compiler.of_payments(node, world)
    return RecurringPayment.objects.filter(asked, contact__isnull=False)


_PEOPLE: Mapping[str, Any] = {
    "tagged": lambda options: {"tag": options["tag"], "op": "has"},
    "subscribed": lambda options: {"list": options["list"], "op": "subscribed"},
}


def _value(options: Mapping[str, Any]) -> dict[str, Any]:
    """Say as a segment that a field has the value that a change leads to."""
    name, value = options["field"], options["to"]
    if value in (None, ""):
        return {"field": name, "op": "is_empty"}
    kind = BY_NAME[name].kind.name
    told = value[:10] if kind == "date" else value
    return {"field": name, "op": _IS[kind], "value": told}
