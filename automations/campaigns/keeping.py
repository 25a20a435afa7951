"""What is done to campaigns: saving a draft, putting it into use, the archive.

Everything here takes the campaign's row first, so that of two who do something at once one is second.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from automations import labels, uses
from automations.email import content
from automations.email.content import Content, ContentError
from automations.flow import reading
from automations.models import Automation, Campaign, CampaignVersion, Mailing, Message
from automations.names import free_name
from automations.refusals import InUse, NameTaken, Stale


@transaction.atomic
def create(*, name: str, kind: str = Campaign.Kind.AUTOMATED, draft: Any = None, by: User | None = None) -> Campaign:
    """Save a new campaign as a draft; raise ContentError for what no e-mail can be, NameTaken for its name."""
    one = Campaign(name=name.strip(), kind=kind, changed_by=by)
    one.draft = _tidied(one, draft or {})
    _save(one)
    return one


@transaction.atomic
def save(
    campaign: Campaign, *, draft: Any = None, name: str | None = None, by: User | None = None, seen: int | None = None
) -> Campaign:
    """Save what is given of the draft, which may be incomplete, and the name.

    `seen` is the revision that was opened; raise Stale if it is not the newest any more, InUse for the text of one
    that is on its way to lists or has been, and the others as `create`.
    """
    one = take(campaign)
    if seen is not None and seen != one.revision:
        raise Stale
    before = (one.name, one.draft)
    one.name = one.name if name is None else name.strip()
    one.draft = one.draft if draft is None else _tidied(one, draft)
    if (one.name, one.draft) == before:
        return one
    if one.draft != before[1] and mailing_of(one):
        raise InUse(_("It is planned or has been sent, and stays as it is. A copy can be changed and sent."))
    one.revision += 1
    one.changed_by = by
    _save(one)
    return one


@transaction.atomic
def put_into_use(campaign: Campaign, *, by: User | None = None) -> CampaignVersion:
    """Make the draft what is sent from now on; raise ContentError with what it lacks."""
    one = take(campaign)
    readable(one)
    newest = one.versions.filter(number=one.version).first()
    if newest and newest.content == one.draft:
        return newest
    made = CampaignVersion.objects.create(campaign=one, number=one.version + 1, content=one.draft, published_by=by)
    Campaign.objects.filter(pk=one.pk).update(version=made.number)
    return made


def readable(campaign: Campaign) -> Content:
    """Return what the draft says; raise ContentError with what it lacks to be sent as the campaign is."""
    if not campaign.is_automated:
        draft = _tidied(campaign, campaign.draft)
        told = _("%(words)s; it goes to lists, so let an automation send what speaks of payments")
        return _without_payments(draft, told, {})
    senders = uses.of_campaigns([campaign.pk]).get(campaign.pk, [])
    without = [one for one in senders if _is_without_payments(one)]
    if not without:
        return content.read(campaign.draft)
    named = {"names": ", ".join(f"“{one.name}”" for one in without)}
    return _without_payments(campaign.draft, _("%(words)s; it is sent by %(names)s"), named)


def _without_payments(draft: dict[str, Any], told: str, named: dict[str, str]) -> Content:
    """Read what may not speak of payments; `told` says why, after what is wrong whoever sends it."""
    content.read(draft)
    try:
        return content.read(draft, has_payment=False)
    except ContentError as error:
        raise ContentError({at: told % {"words": words, **named} for at, words in error.errors.items()}) from None


def newest(campaign: int) -> CampaignVersion | None:
    """Return what a campaign says now; None where it is gone or was never put into use."""
    return CampaignVersion.objects.filter(campaign=campaign).order_by("-number").first()


def changed(campaigns: Collection[int]) -> list[Campaign]:
    """Return those of these campaigns whose draft says something else than what is sent."""
    rows = Campaign.objects.filter(pk__in=campaigns).order_by("name")
    sent = dict(
        CampaignVersion.objects.filter(campaign__in=rows, number=F("campaign__version")).values_list(
            "campaign", "content"
        )
    )
    return [one for one in rows if sent.get(one.pk) != one.draft]


@transaction.atomic
def archive(campaign: Campaign) -> None:
    """Put it away; raise InUse where automations send it, or where it is on its way to lists."""
    one = take(campaign)
    if problem := _sent_by(one):
        raise InUse(problem)
    Campaign.objects.filter(pk=one.pk).update(is_archived=True)


def take_out(campaign: Campaign) -> None:
    """Take it out of the archive."""
    Campaign.objects.filter(pk=campaign.pk).update(is_archived=False)


@transaction.atomic
def duplicate(campaign: Campaign, *, by: User | None = None) -> Campaign:
    """Save a copy of the draft under a free name, with the same labels."""
    copy = create(name=free_name(campaign.name, Campaign), kind=campaign.kind, draft=campaign.draft, by=by)
    labels.put(copy, labels.names_of(campaign))
    return copy


@transaction.atomic
def delete(campaign: Campaign) -> None:
    """Delete it; raise InUse as `archive`, or where somebody was sent it."""
    one = take(campaign)
    if problem := why_kept(one):
        raise InUse(problem)
    one.delete()
    labels.forget_unused()


def why_kept(campaign: Campaign) -> str:
    """Say why it cannot be deleted; nothing where it can."""
    if sent_by := _sent_by(campaign):
        return sent_by
    if Message.objects.filter(campaign=campaign).exists():
        return _("It has been sent, and what was sent is kept. Put it into the archive instead.")
    return ""


def take(campaign: Campaign) -> Campaign:
    """Return the row as it is now, which nobody else writes until the transaction ends."""
    return Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)


def mailing_of(campaign: Campaign) -> Mailing | None:
    """Return its way to lists; None for one that is not planned."""
    try:
        return campaign.mailing
    except Mailing.DoesNotExist:
        return None


def _sent_by(campaign: Campaign) -> str:
    """Say which automations send it, or that it is on its way to lists; nothing where neither is so."""
    mailing = mailing_of(campaign)
    if mailing and mailing.is_living:
        return _("It is planned or being sent. Cancel that first.")
    senders = uses.of_campaigns([campaign.pk]).get(campaign.pk)
    if not senders:
        return ""
    names = ", ".join(f"“{one.name}”" for one in senders)
    return _("It is sent by %(names)s. Change that first.") % {"names": names}


def _is_without_payments(automation: Automation) -> bool:
    """Tell whether people go through it whom no recurring payment brings; a draft is asked when it is published."""
    version = automation.versions.filter(number=automation.version).first()
    return version is not None and not reading.brings_payments(version.flow)


def _tidied(campaign: Campaign, draft: Any) -> dict[str, Any]:
    """Return a draft as it is kept; what goes to lists is marketing, whatever is said."""
    tidied = content.tidy(draft)
    return tidied if campaign.is_automated else tidied | {"purpose": "marketing"}


def _save(one: Campaign) -> None:
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError:
        raise NameTaken from None
