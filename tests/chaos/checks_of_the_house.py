"""Whether anything was left half done, whether the log of what people did has it all, and whether reports are right."""

from collections.abc import Iterator
from itertools import pairwise

from config.audit.models import Entry
from contacts.models import Contact
from integrations.models import Delivery, IdempotentAnswer
from reports.performance import keeping
from subscriptions.models import PeopleAction
from tests.chaos.settling import claimed, queues
from tests.chaos.witness import Witness
from tests.reports.business import kept as past
from tests.reports.performance import kept as counts

_WRITTEN_AS = {"tagging": "people.action_started", "mailing": "campaign.planned", "person": "added"}


def nothing_is_on_its_way(_witness: Witness) -> Iterator[str]:
    """Every queue is empty."""
    for name, count in queues().items():
        yield f"still waiting: {count} {name}"


def nobody_holds_anything(witness: Witness) -> Iterator[str]:
    """No row is between two states; a name is only taken by a request that was never answered, and may come again."""
    for model in claimed():
        for row in model._default_manager.filter(state__in=("running", "handed")).order_by("pk"):
            yield f"{model._meta.verbose_name} {row.pk} is {row.state}, and nobody is at work"
    unanswered = {write.key for write in witness.writes if not write.outcome}
    for answer in IdempotentAnswer.objects.filter(status=None).exclude(name__in=unanswered):
        yield f"the request {answer.name} is still being worked on"
    for delivery in Delivery.objects.exclude(cursor="").filter(state=Delivery.State.WAITING):
        yield f"the event {delivery.key} stands in its middle"


def what_people_did_stands(witness: Witness) -> Iterator[str]:
    """What the site said is done is done, and is in the audit log; what it never answered may be."""
    emails = set(Contact.objects.values_list("email", flat=True))
    for act in witness.acts:
        if act.kind == "person" and act.is_answered and act.what not in emails:
            yield f"the contact {act.what} was added and is missing"
    for kind, action in _WRITTEN_AS.items():
        acts = [act for act in witness.acts if act.kind == kind]
        least, times = sum(act.is_answered for act in acts), _entries(action, kind)
        if not least <= times <= len(acts):
            yield f"{least} of {len(acts)} acts of the kind {kind} were answered, and the audit log has {times}"
    for action in PeopleAction.objects.exclude(state="finished"):
        yield f"the action {action.pk} on people is {action.state}, {action.done} of {action.size} done"


def _entries(action: str, kind: str) -> int:
    rows = Entry.objects.filter(action=action)
    return rows.filter(actor="marketer", object_type="contacts.contact").count() if kind == "person" else rows.count()


def the_audit_log_only_grows(witness: Witness) -> Iterator[str]:
    """It was never shorter than before."""
    seen = [*witness.audit_entries, Entry.objects.count()]
    for before, now in pairwise(seen):
        if now < before:
            yield f"the audit log had {before} entries, and then {now}"


def reports_are_what_counting_gives(_witness: Witness) -> Iterator[str]:
    """What reports keep is what counting everything anew gives."""
    keeping.work(seconds=60)
    if counts.kept() != counts.everything():
        yield f"reports of e-mails: kept {counts.kept()}, counted {counts.everything()}"
    if counts.kept_ways() != counts.every_way():
        yield f"reports of automations: kept {counts.kept_ways()}, counted {counts.every_way()}"
    past.keep_up()
    before = past.everything()
    after = past.anew()
    for name in before:
        for row in sorted(before[name].keys() | after[name].keys(), key=repr):
            was, is_now = before[name].get(row), after[name].get(row)
            if was != is_now:
                yield f"reports of payments, {name}: {row} is kept as {was}, and counted anew as {is_now}"


def everybody_outside_spoke(witness: Witness) -> Iterator[str]:
    """Nobody outside told nothing, for with that everything would agree."""
    told = {"truth": witness.truth, "statuses": witness.statuses, "accepted": witness.accepted}
    for name, by_shop in told.items():
        yield from (f"{kind} told nothing of {name}" for kind, said in by_shop.items() if not said)
    for name in ("mails", "calls", "writes", "audit_entries"):
        if not getattr(witness, name):
            yield f"nobody told anything of {name}"


CHECKS = (
    everybody_outside_spoke,
    nothing_is_on_its_way,
    nobody_holds_anything,
    what_people_did_stands,
    the_audit_log_only_grows,
    reports_are_what_counting_gives,
)
