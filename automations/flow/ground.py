"""What a flow may name: lists, segments, campaigns, other automations, colleagues, looked up once for a whole flow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models.functions import Lower

from automations import uses
from automations.models import Automation, Campaign
from contacts.models import ContactList
from subscriptions.segments.known import Known, look_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The names of what there is, by their numbers; `has_payment` says that a recurring payment may start the flow.

    One that `trusts` is for a flow that was checked when it was published, and is only read again.
    """

    lists: Mapping[int, str]
    automations: Mapping[int, str]
    campaigns: Mapping[int, str]
    drafts: Mapping[int, Mapping[str, Any]]  # of the campaigns that the flow names
    colleagues: frozenset[str]
    known: Known
    has_payment: bool = True
    trusts: bool = False


TRUSTING = Ground(
    lists={},
    automations={},
    campaigns={},
    drafts={},
    colleagues=frozenset(),
    known=Known(lists=None, segments={}),
    trusts=True,
)


def survey(flow: Any, *, itself: int | None = None, has_payment: bool) -> Ground:
    """Look up what flows can name; `itself` is the automation's number, which it cannot start."""
    campaigns = Campaign.objects.filter(kind=Campaign.Kind.AUTOMATED, is_archived=False)
    named = campaigns.filter(pk__in=uses.numbers_in(flow, "campaign"))
    addresses = User.objects.filter(is_active=True, is_staff=True).exclude(email="")
    return Ground(
        lists=dict(ContactList.objects.values_list("pk", "name")),
        automations=dict(Automation.objects.living().exclude(pk=itself or 0).values_list("pk", "name")),
        campaigns=dict(campaigns.values_list("pk", "name")),
        drafts=dict(named.values_list("pk", "draft")),
        colleagues=frozenset(addresses.values_list(Lower("email"), flat=True)),
        known=look_up([flow]),
        has_payment=has_payment,
    )
