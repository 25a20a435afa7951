"""What a page of these reports was asked for, all of it in its address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from automations import uses
from automations.models import Automation, Campaign, Label
from contacts.models import ContactList
from reports import periods
from reports.performance import scope as scopes
from reports.performance.scope import Scope
from subscriptions.models import Segment

NUMBERS = ("automation", "campaign", "list", "segment", "label")
KINDS = Campaign.Kind.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The period, the numbers of what was chosen (0 for nothing), the kind of campaigns, whether only those are meant
    that use recurring payments, and the column by which a table is sorted, with a minus downwards.
    """

    asked: periods.Asked
    automation: int = 0
    campaign: int = 0
    list: int = 0
    segment: int = 0
    label: int = 0
    kind: str = ""
    payments: bool = False
    sort: str = ""

    @property
    def period(self) -> periods.Period:
        """Return the period."""
        return self.asked.period

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the period was chosen."""
        return any(getattr(self, name) for name in (*NUMBERS, "kind", "payments"))

    def query(self, **changes: Any) -> str:
        """Return it as part of an address, with some of it changed; what is empty is left out."""
        told: dict[str, Any] = {"period": self.asked.choice}
        if self.asked.choice == "custom":
            told |= {"from": self.period.start.isoformat(), "to": self.period.last.isoformat()}
        told |= {name: getattr(self, name) for name in (*NUMBERS, "kind", "sort")}
        told |= {"payments": "1" if self.payments else ""} | changes
        return urlencode({name: value for name, value in told.items() if value})

    def of_automations(self) -> Scope:
        """Return the automations, with whose people, that are meant."""
        scope = replace(self._scope(), automated=True)
        scope = scope.narrowed(automations=[self.automation] if self.automation else None)
        if self.campaign:
            senders = {one.pk for one in uses.of_campaigns([self.campaign]).get(self.campaign, [])}
            scope = scope.narrowed(automations=senders, campaigns=[self.campaign])
        if self.label:
            scope = scope.narrowed(automations=scopes.labelled(self.label, Automation))
        if self.payments:
            scope = scope.narrowed(automations=scopes.automations_on_payments())
        return scope

    def of_campaigns(self) -> Scope:
        """Return the campaigns, with whose e-mails, that are meant."""
        scope = self._scope().narrowed(
            automations=[self.automation] if self.automation else None,
            campaigns=[self.campaign] if self.campaign else None,
        )
        if self.label:
            scope = scope.narrowed(campaigns=scopes.labelled(self.label, Campaign))
        if self.kind:
            numbers = Campaign.objects.filter(kind=self.kind).values_list("pk", flat=True)
            scope = scope.narrowed(campaigns=numbers)
        if self.payments:
            scope = scope.narrowed(campaigns=scopes.campaigns_on_payments())
        return scope

    def _scope(self) -> Scope:
        return Scope(on_list=self.list or None, segment=self.segment or None)


def asked(values: Mapping[str, str]) -> Filters:
    """Read what was asked for; what makes no sense was not said."""
    return Filters(
        asked=periods.asked(values),
        **{name: number(values.get(name, "")) for name in NUMBERS},
        kind=values.get("kind", "") if values.get("kind") in KINDS else "",
        payments=values.get("payments") == "1",
        sort=values.get("sort", "")[:40],
    )


def number(text: str) -> int:
    """Return the number that a text is, or 0."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def choices() -> dict[str, Any]:
    """List what can be chosen, as pairs of number and name."""
    return {name: list(rows()) for name, rows in _CHOICES.items()}


_CHOICES: dict[str, Callable[[], Any]] = {
    "automations": lambda: Automation.objects.order_by("name").values_list("pk", "name"),
    "campaigns": lambda: Campaign.objects.order_by("name").values_list("pk", "name"),
    "lists": lambda: ContactList.objects.order_by("name").values_list("pk", "name"),
    "segments": lambda: Segment.objects.filter(archived_at=None).order_by("name").values_list("pk", "name"),
    "labels": lambda: Label.objects.order_by("name").values_list("pk", "name"),
}
