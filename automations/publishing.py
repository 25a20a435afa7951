"""What is done to automations: saving a draft, publishing it, pausing, archiving.

Everything here takes the automation's row first, so that of two who do something at once one is second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from automations import bell, labels, plans, uses
from automations.campaigns import inline, keeping
from automations.email.content import ContentError
from automations.flow import reading, route
from automations.flow.mistakes import FlowError
from automations.flow.route import END
from automations.flow.shape import Flow
from automations.models import Automation, AutomationVersion, Campaign, Enrolment, Trigger
from automations.models.automations import new_secret
from automations.names import free_name
from automations.refusals import InUse, NameTaken, Stale
from subscriptions.models import Segment
from subscriptions.segments.known import named_in

EMPTY: Mapping[str, Any] = {"triggers": [], "runs": "once_a_contact", "steps": []}
State = Automation.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """What becomes of the people at one step when another flow is published; `to` is END for who is through then."""

    step: str
    to: str
    people: int


@transaction.atomic
def create(*, name: str, draft: Any = None, description: str = "", owner: User | None = None) -> Automation:
    """Save a new automation as a draft; raise FlowError for one that is no flow at all, NameTaken for its name."""
    one = Automation(
        name=name.strip(),
        description=description.strip(),
        draft=_checked(EMPTY if draft is None else draft, by=owner),
        owner=owner,
        changed_by=owner,
    )
    _save(one)
    return one


@transaction.atomic
def save(
    automation: Automation,
    *,
    draft: Any = None,
    name: str | None = None,
    description: str | None = None,
    by: User | None = None,
    seen: int | None = None,
) -> Automation:
    """Save what is given of the draft, which may be incomplete, the name and the description.

    `seen` is the revision that was opened; raise Stale if it is not the newest any more, and NameTaken and FlowError
    as `create` does. Another name is no newer revision, so whoever works on the flow is not held up by it.
    """
    one = _take(automation)
    if seen is not None and seen != one.revision:
        raise Stale
    before = (one.name, one.description, one.draft)
    one.name = one.name if name is None else name.strip()
    one.description = one.description if description is None else description.strip()
    one.draft = one.draft if draft is None else _checked(draft, by=by)
    if (one.name, one.description, one.draft) == before:
        return one
    one.revision += one.draft != before[2]
    one.changed_by = by
    _save(one)
    return one


@transaction.atomic
def publish(automation: Automation, *, by: User | None = None, seen: int | None = None) -> AutomationVersion:
    """Make the draft what people go by from now on, and let them in; raise FlowError if it is not complete, and Stale.

    Who is inside goes on at their step, or at the next one that there still is. Triggers that are as they were have
    not stopped listening; new ones know nothing of what happened before.
    """
    one = _take(automation)
    if seen is not None and seen != one.revision:
        raise Stale
    if one.state == State.ARCHIVED:
        raise FlowError({"": _("Take the automation out of the archive first.")})
    _take_named(one.draft)
    flow = reading.read(one.draft, itself=one.pk)
    _put_e_mails_into_use(one.draft, by)
    written = reading.write(flow)
    version = one.versions.filter(number=one.version).first()
    if version is None or version.flow != written:
        version = AutomationVersion.objects.create(
            automation=one, number=one.version + 1, flow=written, published_by=by
        )
        one.enrolments.inside().update(wake_at=F("arrived_at"))  # at once
    one.version, one.draft, one.state = version.number, written, State.ACTIVE
    one.save()
    _listen(one, flow)
    _release(one)
    transaction.on_commit(bell.ring)
    return version


def movings(automation: Automation) -> list[Moving]:
    """Say what would become of the people inside if the draft were published; raise FlowError if it cannot be."""
    newer = route.of(reading.read(automation.draft, itself=automation.pk))
    counts: dict[tuple[int, str], int] = {}
    for version, step in automation.enrolments.inside().order_by().values_list("version", "step"):
        counts[(version, step)] = counts.get((version, step), 0) + 1
    return [
        Moving(step=step, to=newer.place_of(step, plans.load(version).route), people=people)
        for (version, step), people in sorted(counts.items())
        if step != END
    ]


@transaction.atomic
def pause(automation: Automation) -> bool:
    """Let nobody in, and hold who is inside where they are; say whether it was active."""
    one = _take(automation)
    if not one.is_active:
        return False
    one.state = State.PAUSED
    one.save()
    one.triggers.all().delete()
    one.enrolments.filter(state=Enrolment.State.ACTIVE).update(state=Enrolment.State.HELD)
    return True


@transaction.atomic
def resume(automation: Automation) -> bool:
    """Go on with who was held, and let people in by what happens from now on; say whether it was paused."""
    one = _take(automation)
    if one.state != State.PAUSED:
        return False
    one.state = State.ACTIVE
    one.save()
    _listen(one, reading.read_again(one.versions.get(number=one.version).flow))
    _release(one)
    transaction.on_commit(bell.ring)
    return True


@transaction.atomic
def archive(automation: Automation) -> bool:
    """Put it away: nobody comes in, and the ways of who is inside end here. Say whether it was not there before."""
    one = _take(automation)
    if one.state == State.ARCHIVED:
        return False
    one.state = State.ARCHIVED
    one.save()
    one.triggers.all().delete()
    one.enrolments.all().end("archived", timezone.now())
    return True


@transaction.atomic
def take_out(automation: Automation) -> bool:
    """Take it out of the archive, paused, or a draft if it never was published; say whether it was there."""
    one = _take(automation)
    if one.state != State.ARCHIVED:
        return False
    one.state = State.PAUSED if one.version else State.DRAFT
    one.save()
    return True


@transaction.atomic
def duplicate(automation: Automation, *, owner: User | None = None) -> Automation:
    """Save a copy of the draft with copies of its e-mails under free names; nobody enters it before it is published."""
    draft = inline.take_along(automation.draft, inline.campaigns_of(automation.draft))
    copy = create(name=free_name(automation.name), draft=draft, description=automation.description, owner=owner)
    labels.put(copy, labels.names_of(automation))
    return copy


@transaction.atomic
def delete(automation: Automation) -> None:
    """Delete it with all that is on record of it; raise InUse for one that is active or paused, or that others name."""
    one = _take(automation)
    if one.state not in (State.DRAFT, State.ARCHIVED):
        raise InUse(_("Put the automation into the archive first: the ways of who is inside end there."))
    if namers := uses.of_automation(one):
        names = ", ".join(f"“{other.name}”" for other in namers)
        raise InUse(_("It is started or ended by %(names)s. Change that first.") % {"names": names})
    one.delete()
    labels.forget_unused()


def renew_secret(automation: Automation) -> None:
    """Make another secret, with which the calls of webhooks are signed from now on."""
    Automation.objects.filter(pk=automation.pk).update(webhook_secret=new_secret())


def _take(automation: Automation) -> Automation:
    return Automation.objects.select_for_update(of=("self",)).get(pk=automation.pk)


def _take_named(flow: Any) -> None:
    """Take the rows of segments and campaigns that are named, which therefore are there still when this is written."""
    _lists, segments = named_in([flow])
    for model, numbers in ((Segment, segments), (Campaign, uses.numbers_in(flow, "campaign"))):
        rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk")
        list(rows.values_list("pk", flat=True))


def _checked(draft: Any, *, by: User | None) -> Any:
    """Take what may become a flow: an object that is not too large, and that every database can hold."""
    if not isinstance(draft, dict):
        raise FlowError({"": _("must be an object")})
    reading.check_storable(draft)
    return inline.settle(draft, by=by)


def _save(one: Automation) -> None:
    """Save it, unless there is another one of its name, which somebody may be making at this very moment."""
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError:
        raise NameTaken from None


def _put_e_mails_into_use(draft: Any, by: User | None) -> None:
    """Have its e-mails say what their drafts say: whoever publishes has read them with it."""
    for campaign in Campaign.objects.filter(pk__in=uses.numbers_in(draft, "campaign")).order_by("pk"):
        try:
            keeping.put_into_use(campaign, by=by)
        except ContentError as error:
            raise FlowError({"": f"{campaign.name}: {error}"}) from None


def _listen(one: Automation, flow: Flow) -> None:
    """Have the flow's triggers listen; those that listen already as they are go on."""
    wanted = {each.id: (each.kind.name, reading.options_of(each)) for each in flow.triggers}
    for row in one.triggers.all():
        if wanted.get(row.key) == (row.kind, row.options):
            del wanted[row.key]
        else:
            row.delete()
    Trigger.objects.bulk_create(
        Trigger(automation=one, key=key, kind=kind, options=options) for key, (kind, options) in wanted.items()
    )


def _release(one: Automation) -> None:
    one.enrolments.filter(state=Enrolment.State.HELD).update(state=Enrolment.State.ACTIVE)
