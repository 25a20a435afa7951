"""What is done to a direct campaign: planning it, holding it, going on, taking it back, and choosing a subject."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from automations import bell
from automations.campaigns import keeping
from automations.mailings import audience
from automations.models import Campaign, Mailing, Message
from contacts.models import ContactList
from subscriptions.models import Segment

State = Mailing.State
SHARES = (10, 20, 30, 50, 100)
MOST_HOURS = 168


class Changed(Exception):
    """It would go to another number of people than what was confirmed; nothing was planned."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class NotPossible(Exception):
    """It cannot be done, for a reason in the user's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Two subjects are tried: with which share of the people, in percent, how many hours, and by what one is better."""

    share: int
    hours: int = 4
    by: str = Mailing.Measure.OPENED


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """To whom it goes, when, at once where no moment is named, and how two subjects are tried, if they are."""

    lists: Collection[int]
    segment: int | None = None
    at: datetime | None = None
    trial: Trial | None = None


@transaction.atomic
def plan(campaign: Campaign, asked: Plan, *, confirmed: int | None, by: User | None = None) -> Mailing:
    """Put the draft into use and plan it.

    Raise ContentError where it cannot be sent, SegmentError where the segment cannot be asked, Changed where the
    number of people is not the confirmed one, and NotPossible.
    """
    one = keeping.take(campaign)
    if problem := _why_not(one, asked):
        raise NotPossible(problem)
    _hold(asked)
    count = audience.people(asked.lists, asked.segment).count()
    if not count:
        raise NotPossible(_("There is nobody to whom it could go."))
    if count != confirmed:
        raise Changed(count)
    version = keeping.put_into_use(one, by=by)
    starts_at = asked.at or timezone.now()
    trial = asked.trial if asked.trial and has_two_subjects(one) else None
    tried = {"tested_share": trial.share, "tested_hours": trial.hours, "tested_by": trial.by} if trial else {}
    made = Mailing.objects.create(
        campaign=one,
        version=version,
        segment=asked.segment,
        starts_at=starts_at,
        claimed_until=starts_at,
        started_by=by,
        **tried,
    )
    made.lists.set(asked.lists)
    transaction.on_commit(bell.ring_for_mailings)
    return made


def has_two_subjects(campaign: Campaign) -> bool:
    """Tell whether the draft has a second subject, in any language."""
    draft = campaign.draft
    return any(one.get("other_subject") for one in (draft, *draft.get("translations", {}).values()))


@transaction.atomic
def pause(mailing: Mailing) -> bool:
    """Hold it: what the mail server does not have yet is not sent. Say whether there was something to hold."""
    return bool(_rows(mailing, *Mailing.OPEN).update(state=State.PAUSED, claim=""))


@transaction.atomic
def resume(mailing: Mailing) -> bool:
    """Go on with one that was held, or that failed; say whether it was."""
    until = max(timezone.now(), mailing.starts_at)
    resumed = _rows(mailing, State.PAUSED, State.FAILED).update(
        state=State.WAITING, problem="", failures=0, claimed_until=until, finished_at=None
    )
    if resumed:
        transaction.on_commit(bell.ring_for_mailings)
        transaction.on_commit(bell.ring_for_outgoing)
    return bool(resumed)


@transaction.atomic
def cancel(mailing: Mailing) -> bool:
    """End it for those who have not got it; one that has not begun is taken back, so that it can be planned anew.

    Say whether there was something to cancel.
    """
    now = timezone.now()
    if not _rows(mailing, *Mailing.LIVING, State.FAILED).update(state=State.CANCELLED, claim="", finished_at=now):
        return False
    unsent = Message.objects.filter(mailing=mailing, state__in=Message.OPEN)
    unsent.update(state=Message.State.CANCELLED, claim="", finished_at=now)
    if not Message.objects.filter(mailing=mailing).exists():
        Mailing.objects.filter(pk=mailing.pk).delete()
    return True


@transaction.atomic
def choose(mailing: Mailing, winner: str) -> bool:
    """Send the others this one of two subjects; say whether it was still to be chosen."""
    rows = Mailing.objects.filter(pk=mailing.pk, winner="", tested_share__gt=0, state__in=Mailing.LIVING)
    if not rows.update(winner=winner):
        return False
    transaction.on_commit(bell.ring_for_outgoing)
    return True


def _rows(mailing: Mailing, *states: str) -> QuerySet[Mailing]:
    return Mailing.objects.filter(pk=mailing.pk, state__in=states)


def _why_not(campaign: Campaign, asked: Plan) -> str:
    if campaign.is_automated:
        return _("Automations send this e-mail.")
    if campaign.is_archived:
        return _("It is in the archive.")
    if keeping.mailing_of(campaign):
        return _("It is planned already.")
    if asked.at and asked.at <= timezone.now():
        return _("That moment is past.")
    if not asked.lists:
        return _("Choose a list.")
    return ""


def _hold(asked: Plan) -> None:
    """Keep others from deleting what it names until it is planned; raise NotPossible for what is gone."""
    lists = ContactList.objects.select_for_update(no_key=True).filter(pk__in=asked.lists)
    if len(lists.order_by("pk")) != len(set(asked.lists)):
        raise NotPossible(_("The list is gone"))
    segments = Segment.objects.living().select_for_update(no_key=True)
    if asked.segment is not None and not segments.filter(pk=asked.segment):
        raise NotPossible(_("The segment is gone"))
