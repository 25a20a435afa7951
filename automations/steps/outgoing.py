"""What leaves the house: an e-mail to the person, one to a colleague, and a call of a webhook.

The step only puts a row in the queue, one for an enrolment and step; people wait here until it is sent, or is not.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from automations.batch import Batch
from automations.flow.forms import ADDRESS, CAMPAIGN, COLLEAGUE, Option, template
from automations.flow.shape import Step
from automations.models import Call, Campaign, Enrolment, Message
from automations.steps.kind import Move, Passes, StepKind, StepProblem, Waits
from automations.words import email_name
from subscriptions import bulk
from subscriptions.personalisation import in_words

MOST_OF_SUBJECT = 300
MOST_OF_TEXT = 50_000


def _queue(model: type[Message] | type[Call], step: Step, batch: Batch, **more: Any) -> Mapping[int, Move]:
    """Put in what is not there yet, and say of each how it stands."""
    rows = model.objects.filter(enrolment__in=batch.people, step=step.id)
    known = {row.enrolment_id: row for row in rows.only("enrolment", "state", "problem", "detail")}
    new = [one for one in batch.people if one.pk not in known]
    made = {"step": step.id, "made_at": batch.now, "claimed_until": batch.now, **more}
    bulk.insert(model, ({"enrolment_id": one.pk} | _OF[model](one) | made for one in new), ignore_known=True)
    return batch.each(lambda one: _stands(known[one.pk]) if one.pk in known else Waits())


# what a row says of its person besides
_OF: Mapping[type[Message] | type[Call], Callable[[Enrolment], dict[str, Any]]] = {
    Message: lambda one: {"contact_id": one.contact_id},
    Call: lambda _one: {},
}


def _queue_campaign(step: Step, batch: Batch) -> Mapping[int, Move]:
    campaign = step.options["campaign"]
    if not Campaign.objects.filter(pk=campaign).exists():
        raise StepProblem("no_campaign")
    return _queue(Message, step, batch, campaign_id=campaign)


def _stands(row: Message | Call) -> Move:
    if row.state == "failed":
        raise StepProblem(row.problem, row.detail)
    return Waits() if row.state in row.UNSENT else Passes(outcome=row.state, facts=_facts(row))


def _facts(row: Message | Call) -> dict[str, Any]:
    return {"problem": row.problem} if row.problem else {}


_SUBJECT = Option(name="subject", label=gettext_lazy("Subject"), form=template(MOST_OF_SUBJECT))
_TEXT = Option(name="text", label=gettext_lazy("Text"), form=template(MOST_OF_TEXT, lines=True))
EMAIL = StepKind(
    name="email",
    label=gettext_lazy("Send an e-mail"),
    icon="mail",
    options=(Option(name="campaign", label=gettext_lazy("E-mail"), form=CAMPAIGN),),
    say=lambda options: _("Send the e-mail “%(subject)s”") % {"subject": email_name(options["campaign"])},
    act=_queue_campaign,
)
NOTIFY = StepKind(
    name="notify",
    label=gettext_lazy("Notify a colleague"),
    icon="forward_to_inbox",
    options=(Option(name="to", label=gettext_lazy("Colleague"), form=COLLEAGUE), _SUBJECT, _TEXT),
    say=lambda options: (
        _("Send “%(subject)s” to %(to)s") % {"subject": in_words(options["subject"]), "to": options["to"]}
    ),
    act=lambda step, batch: _queue(Message, step, batch),
)
WEBHOOK = StepKind(
    name="webhook",
    label=gettext_lazy("Call a webhook"),
    icon="webhook",
    options=(Option(name="url", label=gettext_lazy("Address"), form=ADDRESS),),
    say=lambda options: _("Call the webhook %(url)s") % options,
    act=lambda step, batch: _queue(Call, step, batch),
)
