"""What was sent, and what people did with it in detail, is forgotten after some time; that it was is not.

No row goes, and no column changes by which reports count, so that their numbers stay and nothing is counted again. Rows
come by their numbers, some at a time, and how far that has come is kept: what has grown old since costs what it is, and
what was forgotten long ago costs nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, Model
from django.db.models.functions import TruncDay
from django.utils import timezone

from automations.campaigns.clicks import Links
from automations.models import Call, Campaign, Engagement, Forgotten, Message
from config import turns

# Noon in Greenwich is of the same day nearly everywhere.
_NOON = ExpressionWrapper(TruncDay("at", tzinfo=UTC) + timedelta(hours=12), output_field=DateTimeField())
# Rows that are looked at in one transaction.
SLICE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A kind of rows: `moment` is the column that says how old one is, and `kept` the setting for how long, in days."""

    model: type[Model]
    moment: str
    kept: str
    forget: Callable[[Iterable[int]], None]


def sweep() -> int:
    """Forget what is due, a slice of each kind; return how many rows were looked at."""
    return sum(_look(kind, rule) for kind, rule in RULES.items())


@transaction.atomic
def _look(kind: str, rule: Rule) -> int:
    Forgotten.objects.get_or_create(kind=kind)
    mine = turns.unheld(Forgotten.objects.filter(kind=kind)).first()
    if mine is None:  # another process is at it
        return 0
    before = timezone.now() - timedelta(days=settings.KEEP_DAYS[rule.kept])
    rows = rule.model._default_manager.filter(pk__gt=mine.until).order_by("pk").values_list("pk", rule.moment)
    old = [pk for pk, moment in _while_old(rows[:SLICE], before)]
    if old:
        rule.forget(old)
        Forgotten.objects.filter(kind=kind).update(until=old[-1])
    return len(old)


def _while_old(rows: Iterable[tuple[int, object]], before: object) -> Iterable[tuple[int, object]]:
    """Give the rows up to the first that is not old yet; numbers grow with time."""
    for row in rows:
        if row[1] >= before:  # type: ignore[operator]
            return
        yield row


def _forget_messages(numbers: Iterable[int]) -> None:
    rows = Message.objects.filter(pk__in=numbers, again_at=None).exclude(state__in=Message.UNSENT)
    rows.update(body=b"", subject="", text="", email="", detail="")


def _forget_calls(numbers: Iterable[int]) -> None:
    Call.objects.filter(pk__in=numbers).exclude(state__in=Call.UNSENT).update(body="", detail="")


def _forget_engagements(numbers: Iterable[int]) -> None:
    """Keep the day, and of a click the link as it was written for everybody."""
    rows = Engagement.objects.filter(pk__in=numbers)
    rows.update(at=_NOON, detail="")
    clicks = rows.exclude(target="").values_list("message__campaign", "target").distinct().order_by()
    links: dict[int, Links] = {}
    for campaign, target in list(clicks):
        if campaign not in links:
            links[campaign] = Links(Campaign.objects.get(pk=campaign))
        if (kept := _for_everybody(links[campaign], target)) != target:
            rows.filter(message__campaign=campaign, target=target).update(target=kept)


def _for_everybody(links: Links, target: str) -> str:
    """Return a link without what stood in it of one person; without its query where nobody knows how it was written."""
    if links.is_plain(target):
        return target
    written = links.template(target)
    return written if written != target else urlsplit(target)._replace(query="", fragment="").geturl()


RULES = {
    "messages": Rule(model=Message, moment="made_at", kept="emails", forget=_forget_messages),
    "calls": Rule(model=Call, moment="made_at", kept="emails", forget=_forget_calls),
    "engagements": Rule(model=Engagement, moment="at", kept="tracking", forget=_forget_engagements),
}
