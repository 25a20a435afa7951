"""Why did somebody not enter? Answered from the record, trigger by trigger, by the code that lets people in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from automations import entering, plans
from automations.flow.shape import Runs
from automations.models import Automation, Enrolment, Message, Pending
from automations.rehearsal import record
from automations.starting import staying
from automations.starting.listening import Listener, listener
from automations.steps.waits import at_hour
from automations.triggers import CREATED, DATED, SUBSCRIBED, TAGGED, UPDATED
from automations.triggers.updated import is_value, value_words
from automations.triggers.where import EVERY_PAYMENT
from contacts.models import Contact, Standing
from subscriptions import display
from subscriptions.catalogue import BY_NAME
from subscriptions.models import Change, RecurringPayment
from subscriptions.segments.clock import Clock
from subscriptions.segments.compiler import World
from subscriptions.segments.mistakes import SegmentError
from subscriptions.segments.why import Answer, why_payment

MOST_PAYMENTS = 20
MOST_CHANGES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that kept somebody out, or would not have; `answer` tells which conditions hold."""

    words: str
    at: datetime | None = None
    holds: bool = False
    about: RecurringPayment | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTrigger:
    """What is found of one trigger, in its words."""

    words: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The whole answer: the ways that there are, what is true of the automation itself, and each trigger.

    `withheld` are e-mails that somebody who is in did not get.
    """

    ways: tuple[Enrolment, ...]
    general: tuple[Finding, ...]
    triggers: tuple[OfTrigger, ...]
    withheld: tuple[Message, ...]


def why_not(automation: Automation, contact: Contact) -> Why:
    """Say why somebody is not in an automation, or not more often."""
    ways = tuple(automation.enrolments.filter(contact=contact).select_related("payment"))
    listening = [listener(row) for row in automation.triggers.select_related("automation")]
    payments = list(_payments(contact))
    held = Message.objects.filter(enrolment__in=ways, state=Message.State.SUPPRESSED).select_related("enrolment")
    return Why(
        ways=ways,
        general=tuple(_general(automation, contact, ways)),
        triggers=tuple(_of_trigger(one, contact, payments) for one in sorted(listening, key=lambda one: one.pk)),
        withheld=tuple(held),
    )


def _payments(contact: Contact) -> Any:
    rows = RecurringPayment.objects.filter(contact=contact).newest_first().for_display()
    return rows.select_related("contact", "store")[:MOST_PAYMENTS]


def _general(automation: Automation, contact: Contact, ways: tuple[Enrolment, ...]) -> Iterator[Finding]:
    if said := _STATES.get(Automation.State(automation.state)):
        yield Finding(words=said(), at=automation.updated_at)
    version = entering.newest(automation)
    if version is None:
        return
    flow = plans.load(version.pk).flow
    if not flow.triggers:
        yield Finding(words=_("Nothing starts it by itself; people are let in by hand."))
    if ways and flow.runs is Runs.ONCE_A_CONTACT:
        yield Finding(words=_("Each person runs through it once, and they have."), at=ways[0].entered_at)
    if flow.runs is Runs.ONCE_A_PAYMENT:
        for way in ways:
            if way.payment:
                words = _("It runs once for each recurring payment, and for this one it has.")
                yield Finding(words=words, at=way.entered_at, about=way.payment)


_STATES: Mapping[Automation.State, Callable[[], str]] = {
    Automation.State.DRAFT: lambda: _("It is a draft that was never published."),
    Automation.State.PAUSED: lambda: _("It is paused: what happens meanwhile lets nobody in."),
    Automation.State.ARCHIVED: lambda: _("It is in the archive."),
}


def _of_trigger(one: Listener, contact: Contact, payments: list[RecurringPayment]) -> OfTrigger:
    words = one.kind.say(one.options)
    if one.kind.of_payments and not payments:
        return OfTrigger(words=words, findings=(Finding(words=_("They have no recurring payment.")),))
    return OfTrigger(words=words, findings=tuple(_FIND[one.kind.name](one, contact, payments)))


def _created(one: Listener, contact: Contact, payments: list[RecurringPayment]) -> Iterator[Finding]:
    changes = Change.objects.filter(payment__in=payments, kind=Change.Kind.CREATED).order_by("pk")
    of_payment = {change.payment_id: change for change in changes}
    for payment in payments:
        change = of_payment.get(payment.pk)
        if change is None:
            yield Finding(words=_("Its creation is not on record."), about=payment)
        else:
            yield from _of_change(one, change, payment, contact)


def _updated(one: Listener, contact: Contact, payments: list[RecurringPayment]) -> Iterator[Finding]:
    name = one.options["field"]
    known = {payment.pk: payment for payment in payments}
    rows = Change.objects.filter(payment__in=known, kind=Change.Kind.UPDATED, fields__has_key=name).order_by("-pk")
    found = list(rows[:MOST_CHANGES])
    if not found:
        yield Finding(words=_("“%(field)s” has not changed on record.") % {"field": BY_NAME[name].label})
    for change in found:
        before, now = change.fields[name]
        named = {"from": value_words(name, before), "to": value_words(name, now)}
        payment = known[change.payment_id]
        if not _is_wanted(one, before, now):
            words = _("It changed from %(from)s to %(to)s, which is not what the trigger waits for.") % named
            yield Finding(words=words, at=change.recorded_at, about=payment)
        else:
            yield from _of_change(one, change, payment, contact)


def _is_wanted(one: Listener, before: Any, now: Any) -> bool:
    return is_value(one.options, "from", before) and is_value(one.options, "to", now)


def _of_change(one: Listener, change: Change, payment: RecurringPayment, contact: Contact) -> Iterator[Finding]:
    """Say what kept a change that the trigger is about from letting somebody in."""
    if not change.announce:
        words = _("It came with the history of a store, or the store asked that nothing be started.")
        yield Finding(words=words, at=change.recorded_at, about=payment)
    elif change.recorded_at < one.since:
        words = _("It happened before the trigger began to listen, %(when)s.") % {"when": display.relative(one.since)}
        yield Finding(words=words, at=change.recorded_at, about=payment)
    elif finding := _has_not_stayed(one, change, payment):
        yield finding
    else:
        yield _conditions(one, payment, contact, change.recorded_at)


def _has_not_stayed(one: Listener, change: Change, payment: RecurringPayment) -> Finding | None:
    minutes = one.options.get("minutes", 0)
    if not minutes:
        return None
    due_at = change.recorded_at + timedelta(minutes=minutes)
    if due_at > timezone.now():
        words = _("It has to stay so until %(when)s.") % {"when": display.exact(due_at)}
        return Finding(words=words, at=change.recorded_at, about=payment)
    if staying.unchanged([Pending(trigger_id=one.pk, change=change, due_at=due_at)], {one.pk: one}):
        return None
    return Finding(words=_("It did not stay so for long enough."), at=change.recorded_at, about=payment)


def _conditions(one: Listener, payment: RecurringPayment, contact: Contact, at: datetime | None) -> Finding:
    """Say which conditions of the trigger held for a payment as it was at a moment, or hold as it is now."""
    fits = _("This is what the trigger waits for.")
    if one.where == EVERY_PAYMENT:
        return Finding(words=fits, at=at, holds=True, about=payment)
    try:
        answer = _asked(one, payment, contact, at or timezone.now())
    except SegmentError as error:
        words = _("Its conditions cannot be asked any more: %(why)s") % {"why": error}
        return Finding(words=words, at=at, about=payment)
    unmet = _("Its conditions were not fulfilled then.") if at else _("Its conditions are not fulfilled.")
    return Finding(words=fits if answer.holds else unmet, at=at, holds=answer.holds, about=payment, answer=answer)


def _asked(one: Listener, payment: RecurringPayment, contact: Contact, at: datetime) -> Answer:
    with record.undone():
        record.set_back([payment.pk], at)
        then = RecurringPayment.objects.for_display().get(pk=payment.pk)
        return why_payment(one.where.node(), then, contact, World(clock=Clock(now=at)))


def _dated(one: Listener, contact: Contact, payments: list[RecurringPayment]) -> Iterator[Finding]:
    field = BY_NAME[one.options["field"]]
    for payment in payments:
        value = field.value(payment)
        if value is None:
            words = _("It has no date “%(field)s”.") % {"field": field.label}
            yield Finding(words=words, about=payment)
            continue
        day = timezone.localtime(value, timezone.get_default_timezone()).date()
        at = at_hour(day + timedelta(days=one.options["days"]), one.options["hour"])
        yield from _of_day(one, payment, contact, at)


def _of_day(one: Listener, payment: RecurringPayment, contact: Contact, at: datetime) -> Iterator[Finding]:
    if one.options["yearly"]:
        yield _conditions(one, payment, contact, None)
    elif at > timezone.now():
        yield Finding(words=_("The day is still to come: %(when)s.") % {"when": display.exact(at)}, about=payment)
    elif at < one.since:
        words = _("The day was before the trigger began to listen, %(when)s.") % {"when": display.relative(one.since)}
        yield Finding(words=words, at=at, about=payment)
    else:
        yield _conditions(one, payment, contact, at)


def _tagged(one: Listener, contact: Contact, _payments: list[RecurringPayment]) -> Iterator[Finding]:
    wanted = str(one.options["tag"]).casefold()
    if any(tag.name.casefold() == wanted for tag in contact.tags.all()):
        words = _("They have the tag, and got it before the trigger listened, from a file or from history.")
        yield Finding(words=words)
    else:
        yield Finding(words=_("They do not have the tag."))


def _subscribed(one: Listener, contact: Contact, _payments: list[RecurringPayment]) -> Iterator[Finding]:
    standing = Standing.objects.filter(contact=contact, contact_list=one.options["list"]).first()
    if standing is None:
        yield Finding(words=_("They are not on the list."))
    elif not standing.is_subscribed:
        words = _("They are not subscribed to it: %(state)s.") % {"state": standing.get_state_display()}
        yield Finding(words=words, at=standing.changed_at)
    elif standing.changed_at < one.since:
        words = _("They subscribed before the trigger began to listen, %(when)s.")
        yield Finding(words=words % {"when": display.relative(one.since)}, at=standing.changed_at)
    else:
        words = _("They are subscribed, by a file or by what told it without saying that it is new.")
        yield Finding(words=words, at=standing.changed_at)


_FIND: Mapping[str, Callable[[Listener, Contact, list[RecurringPayment]], Iterator[Finding]]] = {
    CREATED.name: _created,
    UPDATED.name: _updated,
    DATED.name: _dated,
    TAGGED.name: _tagged,
    SUBSCRIBED.name: _subscribed,
}
