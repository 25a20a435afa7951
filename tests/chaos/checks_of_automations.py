"""Whether those are in automations whom the change log demands, once, and got what their ways say, once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from automations.flow.shape import Runs
from automations.models import Automation, Call, Engagement, Enrolment, Mailing, Message, Passage, Trigger
from contacts.models import Contact
from subscriptions.models import Change, RecurringPayment
from tests.chaos.witness import Witness

_SENT = {"sent", "uncertain"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """A change that lets somebody in; `people` are those who may own its payment when it is looked at.

    It is certain only where the payment was somebody's already when the change was written.
    """

    change: int
    payment: int
    people: frozenset[int]
    is_certain: bool


def who_must_be_in_is_in_once(_witness: Witness) -> Iterator[str]:
    """For each automation that starts by changes without further conditions: exactly those, by its rule how often."""
    owners = _owners()
    for automation in Automation.objects.filter(state="active").order_by("pk"):
        triggers = list(automation.triggers.order_by("pk"))
        if all(one.kind in _STARTS and not one.options.keys() & {"where", "minutes"} for one in triggers):
            starts = [start for trigger in triggers for start in _starts(trigger, owners)]
            flow = automation.versions.get(number=automation.version).flow
            yield from _compared(automation, Runs(flow["runs"]), starts)
        for trigger in triggers:
            if trigger.kind == "tagged":
                yield from _tagged(trigger)


def _owners() -> dict[int, list[tuple[int, frozenset[int]]]]:
    """Return for each payment, by its changes from the last to the first, who may own it from then on."""
    now = dict(RecurringPayment.objects.values_list("pk", "contact"))
    known: dict[int, list[tuple[int, frozenset[int]]]] = defaultdict(list)
    current, later = dict(now), {pk: {owner} - {None} for pk, owner in now.items()}
    for pk, payment, fields in Change.objects.order_by("-pk").values_list("pk", "payment", "fields"):
        known[payment].append((pk, frozenset(later[payment])))
        if "contact" in fields:
            current[payment] = fields["contact"][0]
            later[payment] |= {current[payment]} - {None}
    return known


def _starts(trigger: Trigger, owners: Mapping[int, list[tuple[int, frozenset[int]]]]) -> Iterator[_Start]:
    people = {change: found for some in owners.values() for change, found in some}
    at_once = _owned_at_once()
    for change in Change.objects.filter(announce=True, recorded_at__gte=trigger.since).order_by("pk"):
        if _STARTS[trigger.kind](trigger.options, change) and people[change.pk]:
            yield _Start(
                change=change.pk,
                payment=change.payment_id,
                people=people[change.pk],
                is_certain=change.pk in at_once or change.kind == "created",
            )


def _owned_at_once() -> set[int]:
    """Name the changes at which the payment was somebody's."""
    current = dict(RecurringPayment.objects.values_list("pk", "contact"))
    found = set()
    for pk, payment, fields in Change.objects.order_by("-pk").values_list("pk", "payment", "fields"):
        found |= {pk} if current[payment] else set()
        current[payment] = fields["contact"][0] if "contact" in fields else current[payment]
    return found


def _is_change_of(options: Mapping[str, Any], change: Change) -> bool:
    before, now = change.fields.get(options["field"], (None, None))
    wanted = ("from" not in options or options["from"] == before, "to" not in options or options["to"] == now)
    return change.kind == "updated" and options["field"] in change.fields and all(wanted)


_STARTS: dict[str, Any] = {
    "created": lambda _options, change: change.kind == "created",
    "updated": _is_change_of,
}


def _compared(one: Automation, runs: Runs, starts: list[_Start]) -> Iterator[str]:
    rows = list(Enrolment.objects.filter(automation=one).exclude(trigger__startswith="@").order_by("pk"))
    by_change, by_payment = {row.change_id for row in rows}, {row.payment_id for row in rows}
    people = {row.contact_id for row in rows}
    is_there = {
        Runs.EVERY_TIME: lambda start: start.change in by_change,
        Runs.ONCE_A_PAYMENT: lambda start: start.payment in by_payment,
        Runs.ONCE_A_CONTACT: lambda start: bool(start.people & people),
    }[runs]
    for start in starts:
        if start.is_certain and not is_there(start):
            yield f"“{one}”: nobody entered by change {start.change} of payment {start.payment}"
    allowed = {start.change: start for start in starts}
    for row in rows:
        start = allowed.get(row.change_id or 0)
        if start is None or row.contact_id not in start.people:
            yield f"“{one}”: contact {row.contact_id} entered by change {row.change_id}, which lets nobody in"
    yield from _twice(one, runs, rows)


_RULE = {
    Runs.EVERY_TIME: lambda row: row.change_id,
    Runs.ONCE_A_PAYMENT: lambda row: row.payment_id,
    Runs.ONCE_A_CONTACT: lambda row: row.contact_id,
}


def _twice(one: Automation, runs: Runs, rows: list[Enrolment]) -> Iterator[str]:
    for key, times in Counter(map(_RULE[runs], rows)).items():
        if times > 1 and key is not None:
            yield f"“{one}” runs {runs.value}, and {key} is in it {times} times"


def _tagged(trigger: Trigger) -> Iterator[str]:
    wanted = trigger.options["tag"]
    have = set(Contact.objects.filter(tags__name__iexact=wanted).values_list("pk", flat=True))
    entered = Counter(Enrolment.objects.filter(automation=trigger.automation).values_list("contact", flat=True))
    for contact in sorted(have - entered.keys()):
        yield f"“{trigger.automation}”: contact {contact} has the tag {wanted} and did not enter"
    for contact, times in sorted(entered.items()):
        if times > 1 or contact not in have:
            yield f"“{trigger.automation}”: contact {contact} entered {times} times by the tag {wanted}"


def nobody_is_stuck(_witness: Witness) -> Iterator[str]:
    """Whoever is inside waits for something that comes; whoever is through passed each step of the way."""
    for one in Enrolment.objects.filter(state="active", wake_at__lte=timezone.now()):
        yield f"enrolment {one.pk} of contact {one.contact_id} is due at “{one.step}” and nobody takes it on"
    for one in Enrolment.objects.filter(state="parked"):
        yield f"enrolment {one.pk} is stopped at “{one.step}”: {one.reason} {one.detail}"
    outgoing = {(row.enrolment_id, row.step) for model in (Message, Call) for row in model._default_manager.all()}
    waits = Enrolment.objects.filter(state="active", wake_at=None, watches=False)
    for one in waits:
        if (one.pk, one.step) not in outgoing:
            yield f"enrolment {one.pk} waits at “{one.step}” for nothing that comes"


def whoever_is_through_passed_every_step(_witness: Witness) -> Iterator[str]:
    """On a way without branches, whoever has finished has each of its steps behind them, once, in its order."""
    passed: dict[int, list[str]] = defaultdict(list)
    for enrolment, step in Passage.objects.order_by("pk").values_list("enrolment", "step"):
        passed[enrolment].append(step)
    for one in Enrolment.objects.filter(state="finished").select_related("version").order_by("pk"):
        steps = one.version.flow["steps"]
        if all(step["do"] in _PLAIN for step in steps) and passed[one.pk] != [step["id"] for step in steps]:
            yield f"enrolment {one.pk} has finished by {passed[one.pk]} of {[step['id'] for step in steps]}"


_PLAIN = frozenset({"email", "tag", "wait", "webhook"})


def what_was_sent_was_got(witness: Witness) -> Iterator[str]:
    """An e-mail that is called sent was got once; one that is uncertain once or never; of the others nobody got any."""
    rows = {str(row.number): row for row in Message.objects.order_by("pk")}
    for number, row in rows.items():
        times = witness.mails.get(number, 0)
        least, most = int(row.state == "sent"), int(row.state in _SENT)
        if not least <= times <= most:
            yield f"the e-mail {number} to contact {row.contact_id} is {row.state} and was got {times} times"
    for number in sorted(witness.mails.keys() - rows.keys()):
        yield f"somebody got the e-mail {number}, which nobody wrote"


def what_was_called_was_heard(witness: Witness) -> Iterator[str]:
    """A call that is called answered was heard, and nobody heard one that there is not."""
    rows = {str(row.number): row for row in Call.objects.order_by("pk")}
    for number, row in rows.items():
        if row.state == "sent" and not witness.calls.get(number):
            yield f"the call {number} of enrolment {row.enrolment_id} is answered, and nobody heard it"
    for number in sorted(witness.calls.keys() - rows.keys()):
        yield f"somebody heard the call {number}, which nobody made"


def each_way_out_was_taken(_witness: Witness) -> Iterator[str]:
    """Who passed a step that sends has one row for it, which is at its end."""
    ids = _ways_out()
    made = {
        model: set(model._default_manager.exclude(enrolment=None).values_list("enrolment", "step"))
        for model in (Message, Call)
    }
    for enrolment, version, step in Passage.objects.values_list("enrolment", "version", "step"):
        model = ids.get((version, step))
        if model and (enrolment, step) not in made[model]:
            yield f"enrolment {enrolment} passed “{step}” and nothing was sent there"
    for model in (Message, Call):
        for row in model._default_manager.filter(state__in=model.UNSENT):
            yield f"the {model._meta.verbose_name} {row.number} is still {row.state}"


def _ways_out() -> dict[tuple[int, str], type[Message] | type[Call]]:
    kinds: dict[str, type[Message] | type[Call]] = {"email": Message, "webhook": Call}
    versions = {row.version_id: row.version.flow for row in Enrolment.objects.select_related("version")}
    return {
        (version, step["id"]): kinds[step["do"]]
        for version, flow in versions.items()
        for step in _every_step(flow["steps"])
        if step["do"] in kinds
    }


def _every_step(steps: Collection[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for step in steps:
        yield step
        for branch in ("yes", "no"):
            yield from _every_step(step.get(branch, ()))


def mailings_reached_each_once(_witness: Witness) -> Iterator[str]:
    """A campaign that went out is at its end, and nobody has two of its e-mails."""
    for mailing in Mailing.objects.order_by("pk"):
        if mailing.state != "finished":
            yield f"the mailing {mailing.pk} is {mailing.state} {mailing.problem}"
        addresses = mailing.messages.exclude(email="").values_list("email", flat=True)
        for address, times in Counter(addresses).items():
            if times > 1:
                yield f"the mailing {mailing.pk} went {times} times to {address}"


def what_readers_did_is_counted_once(witness: Witness) -> Iterator[str]:
    """Each opening and click that was answered is there once; one that was not is there once or not at all."""
    asked = Counter((read.number, read.kind) for read in witness.reads)
    answered = Counter((read.number, read.kind) for read in witness.reads if read.is_answered)
    rows = Engagement.objects.filter(kind__in=("opened", "clicked")).values_list("message__number", "kind")
    kept = Counter((str(number), kind) for number, kind in rows)
    for number, kind in sorted(asked.keys() | kept.keys()):
        least, times, most = (counts[number, kind] for counts in (answered, kept, asked))
        if not least <= times <= most:
            yield f"the e-mail {number} was {kind} {least} to {most} times, and {times} are kept"


CHECKS = (
    who_must_be_in_is_in_once,
    nobody_is_stuck,
    whoever_is_through_passed_every_step,
    what_was_sent_was_got,
    what_was_called_was_heard,
    each_way_out_was_taken,
    mailings_reached_each_once,
    what_readers_did_is_counted_once,
)
