"""What a report is about: which automations and campaigns, and whose e-mails and ways; nothing said means all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model, Q

from automations import uses
from automations.models import Automation, AutomationVersion, Campaign, Label
from automations.triggers import TRIGGERS
from contacts.models import Contact, Standing
from subscriptions.models import Segment
from subscriptions.segments import compiler, reading
from subscriptions.segments.known import named_in

_PAYMENT = "recurring_payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Numbers of automations and campaigns, None for all; and the numbers of a list that people are subscribed to now,
    and of a segment that they are in now. `automated` leaves out what goes to lists.
    """

    automations: frozenset[int] | None = None
    campaigns: frozenset[int] | None = None
    on_list: int | None = None
    segment: int | None = None
    automated: bool = False

    @property
    def is_of_some_people(self) -> bool:
        """Whether it asks about some people only, for whom no counts are kept."""
        return self.on_list is not None or self.segment is not None

    def of_people(self, path: str = "contact") -> Q:
        """Return the condition on rows that they are of its people, to whom `path` leads; raise SegmentError where the
        segment cannot be asked any more.
        """
        asked = Q()
        if self.on_list is not None:
            on = Standing.objects.filter(contact_list=self.on_list, state=Standing.State.SUBSCRIBED)
            asked &= Q(**{f"{path}__in": on.order_by().values("contact")})
        if self.segment is not None:
            node = reading.read({"segment": self.segment, "op": "in"})
            people = Contact.objects.filter(compiler.of_people(node)).order_by()
            asked &= Q(**{f"{path}__in": people.values("pk")})
        return asked

    def narrowed(self, *, automations: Iterable[int] | None = None, campaigns: Iterable[int] | None = None) -> "Scope":
        """Return it with only those that are also among these; None leaves as it is."""
        return replace(
            self,
            automations=_both(self.automations, automations),
            campaigns=_both(self.campaigns, campaigns),
        )


def _both(known: frozenset[int] | None, more: Iterable[int] | None) -> frozenset[int] | None:
    if more is None:
        return known
    return frozenset(more) if known is None else known & frozenset(more)


def labelled(label: int, model: type[Model]) -> set[int]:
    """Return the numbers of the automations or campaigns that carry a label."""
    through = {Automation: Label.automations.through, Campaign: Label.campaigns.through}[model]
    return set(through._default_manager.filter(label=label).values_list(f"{model._meta.model_name}_id", flat=True))


def automations_on_payments() -> set[int]:
    """Return the numbers of the automations that recurring payments start, or whose conditions, steps or e-mails speak
    of them, in what people go by or in what is being worked on.
    """
    segments, campaigns = _segments(), _campaigns_with_tags()
    published = dict(AutomationVersion.objects.order_by("number").values_list("automation", "flow"))
    return {
        pk
        for pk, draft in Automation.objects.values_list("pk", "draft")
        if any(_speaks(flow, segments, campaigns) for flow in (draft, published.get(pk)))
    }


def campaigns_on_payments() -> set[int]:
    """Return the numbers of the campaigns with tags of recurring payments, and of those that such automations send."""
    numbers = automations_on_payments()
    drafts = Automation.objects.filter(pk__in=numbers).values_list("draft", flat=True)
    flows = AutomationVersion.objects.filter(automation__in=numbers).values_list("flow", flat=True)
    return _campaigns_with_tags() | uses.numbers_in([*drafts, *flows], "campaign")


def _speaks(flow: Any, segments: set[int], campaigns: set[int]) -> bool:
    if not isinstance(flow, Mapping):
        return False
    triggers = (TRIGGERS.get(str(one.get("on"))) for one in flow.get("triggers") or () if isinstance(one, Mapping))
    if any(kind is not None and kind.of_payments for kind in triggers):
        return True
    if _mentions(flow) or uses.numbers_in(flow, "campaign") & campaigns:
        return True
    return bool(named_in([flow])[1] & segments)


def _mentions(part: Any) -> bool:
    """Tell whether something speaks of a recurring payment: as a frame, as a field of a wait, or as a tag."""
    if isinstance(part, Mapping):
        return _PAYMENT in part or part.get("do") == "wait_date" or any(map(_mentions, part.values()))
    if isinstance(part, (list, tuple)):
        return any(map(_mentions, part))
    return isinstance(part, str) and f"{_PAYMENT}." in part


def _segments() -> set[int]:
    """Return the numbers of the segments that ask about recurring payments, themselves or by one that they ask for."""
    trees = dict(Segment.objects.values_list("pk", "tree"))
    found = {pk for pk, tree in trees.items() if _mentions(tree)}
    named = {pk: named_in([tree])[1] for pk, tree in trees.items()}
    while more := {pk for pk, asked in named.items() if asked & found} - found:
        found |= more
    return found


def _campaigns_with_tags() -> set[int]:
    newest = dict(Campaign.objects.values_list("pk", "draft"))
    contents = Campaign.objects.filter(versions__isnull=False).order_by("versions__number")
    sent = dict(contents.values_list("pk", "versions__content"))
    return {pk for pk, draft in newest.items() if _mentions(draft) or _mentions(sent.get(pk))}
