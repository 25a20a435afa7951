"""What a flow may name: lists, segments, other automations and colleagues, looked up once for a whole flow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models.functions import Lower

from automations.models import Automation
from contacts.models import ContactList
from subscriptions.segments.known import Known, look_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The names of what there is, by their numbers; `has_payment` says that a recurring payment may start the flow.

    One that `trusts` is for a flow that was checked when it was published, and is only read again.
    """

    lists: Mapping[int, str]
    automations: Mapping[int, str]
    colleagues: frozenset[str]
    known: Known
    has_payment: bool = True
    trusts: bool = False


TRUSTING = Ground(lists={}, automations={}, colleagues=frozenset(), known=Known(lists=None, segments={}), trusts=True)


def survey(flow: Any, *, itself: int | None = None, has_payment: bool) -> Ground:
    """Look up what flows can name; `itself` is the automation's number, which it cannot start."""
    addresses = User.objects.filter(is_active=True, is_staff=True).exclude(email="")
    return Ground(
        lists=dict(ContactList.objects.values_list("pk", "name")),
        automations=dict(Automation.objects.living().exclude(pk=itself or 0).values_list("pk", "name")),
        colleagues=frozenset(addresses.values_list(Lower("email"), flat=True)),
        known=look_up([flow]),
        has_payment=has_payment,
    )
