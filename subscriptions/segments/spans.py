"""What a relative date means today: from when to when, in the account's time zone."""

from collections.abc import Callable, Iterator
from datetime import datetime

from babel.dates import format_date, format_datetime
from django.utils import timezone
from django.utils.translation import gettext as _

from subscriptions import display
from subscriptions.segments.clock import Clock
from subscriptions.segments.mistakes import below
from subscriptions.segments.tree import Condition, Group, Member, Node, Not
from subscriptions.segments.values import Span


def spans(node: Node, clock: Clock | None = None) -> dict[str, str]:
    """Say it of each condition that asks for a span of time, by its path: "Nov 26, 2026 – Dec 26, 2026 (UTC)"."""
    now = clock or Clock()
    return {path: _said(one, now) for path, one in _conditions(node, "") if isinstance(one.value, Span)}


def _said(node: Condition, clock: Clock) -> str:
    sign, words = _WORDS[node.operator.name]
    far, now = (_moment(moment, node.value, clock) for moment in (clock.away(node.value, sign), clock.now))
    first, last = (far, now) if sign < 0 else (now, far)
    return words() % {"first": first, "last": last, "far": far, "zone": timezone.get_default_timezone_name()}


def _moment(moment: datetime, span: Span, clock: Clock) -> str:
    local = moment.astimezone(clock.zone)
    if span.unit == "hours":
        return format_datetime(local, "short", locale=display.locale())
    return format_date(local.date(), "medium", locale=display.locale())


def _between() -> str:
    return _("%(first)s – %(last)s (%(zone)s)")


# operator -> which way it leads from now, and its words
_WORDS: dict[str, tuple[int, Callable[[], str]]] = {
    "in_the_last": (-1, _between),
    "in_the_next": (1, _between),
    "more_than_ago": (-1, lambda: _("before %(far)s (%(zone)s)")),
    "more_than_ahead": (1, lambda: _("after %(far)s (%(zone)s)")),
}


def _conditions(node: Node, path: str) -> Iterator[tuple[str, Condition]]:
    """Name each condition by its place in the JSON; those of other segments are not in it."""
    if isinstance(node, Condition):
        yield path, node
    elif isinstance(node, Group):
        here = below(path, node.joint.value)
        for number, part in enumerate(node.parts):
            yield from _conditions(part, f"{here}[{number}]")
    elif not isinstance(node, Member):
        yield from _conditions(node.part, below(path, "not" if isinstance(node, Not) else "recurring_payment"))
