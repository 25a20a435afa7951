"""What became of a campaign's messages, counted; a person counts once for each message, whatever they did how often."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from automations.campaigns import clicks
from automations.models import Campaign, Engagement, Message

Kind, State = Engagement.Kind, Message.State
_SIMPLY = ("delivered", "replied", "unsubscribed", "bounced", "complained")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Messages that were sent, and of these how many people opened, clicked, answered, and left; `by_machines` were
    opened by programs only. `held_back` could not be sent to their person, and of `uncertain` it is not known.
    """

    sent: int
    delivered: int
    opened: int
    by_machines: int
    clicked: int
    replied: int
    unsubscribed: int
    bounced: int
    complained: int
    held_back: int
    failed: int
    uncertain: int

    def share(self, count: int) -> float | None:
        """Return a number as a share of what was sent, from 0 to 100; None where nothing was."""
        return 100 * count / self.sent if self.sent else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A link: where it leads, its tags in words, how many clicked it, and how often."""

    address: str
    people: int
    times: int


def messages(campaign: Campaign) -> QuerySet[Message]:
    """Return all messages of a campaign."""
    return Message.objects.filter(campaign=campaign)


def figures(campaign: Campaign) -> Figures:
    """Count them."""
    every = messages(campaign)
    done, others = every.filter(sent_at__isnull=False), every.filter(sent_at=None)
    states = dict(others.order_by().values_list("state").annotate(Count("pk")))
    opened = done.filter(did(Kind.OPENED)).count()
    return Figures(
        sent=done.count(),
        opened=opened,
        by_machines=done.filter(_did(Kind.OPENED, is_machine=True)).exclude(did(Kind.OPENED)).count(),
        clicked=done.filter(did(Kind.CLICKED)).count(),
        **{kind: done.filter(did(kind)).count() for kind in _SIMPLY},
        held_back=states.get(State.SUPPRESSED, 0),
        failed=states.get(State.FAILED, 0),
        uncertain=states.get(State.UNCERTAIN, 0),
    )


def targets(campaign: Campaign, *, most: int) -> list[Target]:
    """Return the links that people clicked, the most clicked first."""
    made = Engagement.objects.by_people().filter(kind=Kind.CLICKED, message__in=messages(campaign))
    rows = made.order_by().values_list("target").annotate(Count("message", distinct=True), Count("pk"))
    counts = clicks.Links(campaign).grouped(rows.iterator())
    found = [Target(address=address, people=people, times=times) for address, (people, times) in counts.items()]
    return sorted(found, key=lambda one: (-one.people, -one.times, one.address))[:most]


def did(kind: str) -> Exists:
    """Return the condition on messages that their person did something with them; who clicked has opened it too."""
    kinds = (Kind.OPENED, Kind.CLICKED) if kind == Kind.OPENED else (kind,)
    return Exists(Engagement.objects.by_people().filter(message=OuterRef("pk"), kind__in=kinds))


def _did(kind: str, *, is_machine: bool) -> Exists:
    return Exists(Engagement.objects.filter(message=OuterRef("pk"), kind=kind, is_machine=is_machine))
