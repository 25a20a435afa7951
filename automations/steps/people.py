"""What is done to a person: tags, lists, and the fields of the contact."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from automations.batch import Batch
from automations.causes import because_of
from automations.flow.forms import LIST, TAG, Option, choice, template
from automations.flow.shape import Step
from automations.models import Automation
from automations.steps.kind import PASSES, Move, StepKind, StepProblem
from automations.words import list_name
from contacts.models import AUTOMATION, Contact, ContactList
from contacts.services import LIMITS, give_tags, remove_tag, subscribe, unsubscribe
from subscriptions import personalisation
from subscriptions.models import RecurringPayment

_TAG = Option(name="tag", label=gettext_lazy("Tag"), form=TAG)
_LIST = Option(name="list", label=gettext_lazy("List"), form=LIST)


def _tag(step: Step, batch: Batch) -> Mapping[int, Move]:
    with because_of(batch.people):
        give_tags({contact: [step.options["tag"]] for contact in batch.contacts})
    return batch.all(PASSES)


def _untag(step: Step, batch: Batch) -> Mapping[int, Move]:
    remove_tag(batch.contacts, step.options["tag"])
    return batch.all(PASSES)


def _subscribe(step: Step, batch: Batch) -> Mapping[int, Move]:
    """Subscribe people, and nobody whom somebody else has unsubscribed."""
    with because_of(batch.people):
        subscribe(batch.contacts, _known_list(step), source=AUTOMATION, overrules=False, by=_name(batch))
    return batch.all(PASSES)


def _unsubscribe(step: Step, batch: Batch) -> Mapping[int, Move]:
    unsubscribe(batch.contacts, _known_list(step), source=AUTOMATION, by=_name(batch))
    return batch.all(PASSES)


def _name(batch: Batch) -> str:
    """Name the automation, in which all of them are."""
    return Automation.objects.filter(pk=batch.people[0].automation_id).values_list("name", flat=True).first() or ""


def _known_list(step: Step) -> int:
    number: int = step.options["list"]
    if not ContactList.objects.filter(pk=number).exists():
        raise StepProblem("no_list")
    return number


TAG_STEP = StepKind(
    name="tag",
    label=gettext_lazy("Add a tag"),
    icon="sell",
    options=(_TAG,),
    say=lambda options: _("Add the tag “%(tag)s”") % options,
    act=_tag,
)
UNTAG = StepKind(
    name="untag",
    label=gettext_lazy("Remove a tag"),
    icon="label_off",
    options=(_TAG,),
    say=lambda options: _("Remove the tag “%(tag)s”") % options,
    act=_untag,
)
SUBSCRIBE = StepKind(
    name="subscribe",
    label=gettext_lazy("Subscribe to a list"),
    icon="playlist_add",
    options=(_LIST,),
    say=lambda options: _("Subscribe to “%(list)s”") % {"list": list_name(options["list"])},
    act=_subscribe,
)
UNSUBSCRIBE = StepKind(
    name="unsubscribe",
    label=gettext_lazy("Unsubscribe from a list"),
    icon="playlist_remove",
    options=(_LIST,),
    say=lambda options: _("Unsubscribe from “%(list)s”") % {"list": list_name(options["list"])},
    act=_unsubscribe,
)

_FIELDS: dict[str, Any] = {
    column.name: column.verbose_name
    for column in Contact._meta.concrete_fields
    if column.name in {"first_name", "last_name", "phone", "company", "language"}
}
_LANGUAGES = {code for code, _name in settings.LANGUAGES}


def _set(step: Step, batch: Batch) -> Mapping[int, Move]:
    name, now = step.options["field"], timezone.now()
    people = Contact.objects.select_for_update(no_key=True).filter(pk__in=batch.contacts).order_by("pk").in_bulk()
    for one in batch.people:
        if (contact := people.get(one.contact_id)) is not None:
            setattr(contact, name, _value(name, step.options["value"], contact, one.payment))
            contact.updated_at = now
    Contact.objects.bulk_update(people.values(), [name, "updated_at"])
    return batch.all(PASSES)


def _value(name: str, template: str, contact: Contact, payment: RecurringPayment | None) -> str:
    try:
        value = personalisation.render(template, contact, payment).strip()
    except personalisation.RenderError as error:
        raise StepProblem("template", str(error)) from error
    if name == "language" and value and value not in _LANGUAGES:
        raise StepProblem("language", value[:100])
    return value[: LIMITS[name]]


def _say_set(options: Mapping[str, Any]) -> str:
    named = {"field": _FIELDS[options["field"]], "value": options["value"]}
    return (_("Set %(field)s to “%(value)s”") if options["value"] else _("Empty %(field)s")) % named


SET = StepKind(
    name="set",
    label=gettext_lazy("Set a field of the contact"),
    icon="edit",
    options=(
        Option(name="field", label=gettext_lazy("Field"), form=choice(_FIELDS)),
        Option(name="value", label=gettext_lazy("Value"), form=template(500, may_be_blank=True), default=""),
    ),
    say=_say_set,
    act=_set,
)
