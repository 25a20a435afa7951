"""What somebody does by hand to people in automations: let one in, try again, go on at once, end."""

import uuid

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from automations import bell, entering, plans
from automations.entering import Entry
from automations.flow.shape import Runs
from automations.models import Automation, Call, Enrolment, Message, Passage
from contacts.models import Contact
from subscriptions.models import RecurringPayment

State = Enrolment.State
_WAITS = {"wait", "wait_until", "wait_date", "wait_segment"}


class NotLetIn(Exception):
    """Somebody cannot enter; `reason` is a word that the pages know."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def enter(automation: Automation, contact: Contact, payment: RecurringPayment | None = None) -> Enrolment:
    """Let a person in, as a trigger would; raise NotLetIn where the automation's rules forbid it.

    Whoever asks for the same person at the same time waits, and is told that they have run through it.
    """
    if not Contact.objects.select_for_update(no_key=True).filter(pk=contact.pk).values_list("pk"):
        raise NotLetIn("gone")
    automation = Automation.objects.get(pk=automation.pk)
    version = entering.newest(automation)
    if version is None or not automation.is_active:
        raise NotLetIn("not_active")
    if payment is not None and payment.contact_id != contact.pk:
        raise NotLetIn("payment_of_somebody_else")
    if payment is None and version.flow["runs"] == "once_a_payment":
        raise NotLetIn("needs_payment")
    payments = payment.pk if payment else None
    entry = Entry(contact=contact.pk, payment=payments, cause=f"h{uuid.uuid4()}", trigger=entering.BY_HAND)
    ways = automation.enrolments.filter(run_key=entering.key_of(Runs(version.flow["runs"]), entry))
    if ways.exists():
        raise NotLetIn("ran_already")
    entering.enter(automation, [entry])
    transaction.on_commit(bell.ring)
    return ways.get()


@transaction.atomic
def retry(enrolments: list[Enrolment]) -> int:
    """Have people who are stopped by a problem try again; return how many were."""
    stopped = _stopped(enrolments)
    now = timezone.now()
    for model in (Message, Call):
        failed = model._default_manager.filter(enrolment__in=stopped, step=F("enrolment__step"), state="failed")
        failed.update(state="waiting", problem="", detail="", failures=0, claimed_until=now, finished_at=None)
    rows = Enrolment.objects.filter(pk__in=[one.pk for one in stopped])
    rows.update(state=State.ACTIVE, reason="", detail="", failures=0, wake_at=now)
    transaction.on_commit(bell.ring)
    return len(stopped)


def _stopped(enrolments: list[Enrolment]) -> list[Enrolment]:
    rows = Enrolment.objects.filter(pk__in=[one.pk for one in enrolments], state=State.PARKED)
    return list(rows.select_for_update().order_by("pk"))


def may_skip(one: Enrolment) -> bool:
    """Say whether somebody is at a wait, and waits there."""
    step = plans.load(one.version_id).route.steps.get(one.step)
    return one.state == State.ACTIVE and one.has_begun and step is not None and step.kind.name in _WAITS


@transaction.atomic
def skip(enrolment: Enrolment) -> bool:
    """Have somebody who waits go on at once; say whether they did.

    Only a wait is skipped: who waits for an e-mail that is being sent, or for a goal, stays.
    """
    one = Enrolment.objects.select_for_update(of=("self",)).filter(pk=enrolment.pk).first()
    if one is None or not may_skip(one):
        return False
    now = timezone.now()
    passed = {"step": one.step, "arrived_at": one.arrived_at, "left_at": now, "outcome": "skipped"}
    Passage.objects.create(enrolment=one, version_id=one.version_id, **passed)
    one.step = plans.load(one.version_id).route.after(one.step, "skipped")
    one.arrived_at = one.wake_at = now
    one.has_begun, one.until, one.watches = False, None, False
    one.save()
    transaction.on_commit(bell.ring)
    return True


def end(enrolment: Enrolment) -> bool:
    """End somebody's way here; what is not sent yet is not sent. Say whether they were inside."""
    return bool(Enrolment.objects.filter(pk=enrolment.pk).end("by_hand", timezone.now()))
