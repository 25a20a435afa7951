"""How a connection is doing, in words: what it is, why, and what to do. Pages and cards read this one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from integrations.models import Connection
from subscriptions import display

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`words` fit a pill, `remedy` is a sentence that names cause and remedy; `detail` is what the store said.

    `tone` is one of the stylesheet's, `icon` one of the theme's own font.
    """

    code: str
    words: str
    remedy: str = ""
    detail: str = ""
    icon: str
    tone: str
    since: "datetime | None" = None


def state_of(connection: Connection) -> State:
    """Say how a connection is doing; costs no query for connections that were fetched `with_state`."""
    return next(state for state in (rule(connection) for rule in _RULES) if state)


def _leaving(connection: Connection) -> State | None:
    if not connection.leaving:
        return None
    return State(
        code="leaving",
        words=_("Being disconnected"),
        remedy=_("What goes with it is being removed in the background. Nothing has to be done."),
        icon="hourglass_top",
        tone="mute",
        since=connection.paused_at,
    )


def _paused(connection: Connection) -> State | None:
    if not connection.paused_at:
        return None
    return State(
        code="paused",
        words=_("Paused since %(day)s") % {"day": display.day(connection.paused_at)},
        remedy=_("What the store sends is kept and waits. Resume the connection to have it worked off."),
        icon="pause_circle",
        tone="warn",
        since=connection.paused_at,
    )


def _in_trouble(connection: Connection) -> State | None:
    if not connection.problem:
        return None
    return State(
        code="error",
        words=_("Needs attention"),
        remedy=connection.get_problem_display(),
        detail=connection.problem_detail,
        icon="error",
        tone="bad",
        since=connection.problem_at,
    )


def _half_set_up(connection: Connection) -> State | None:
    if connection.is_set_up:
        return None
    return State(
        code="unfinished",
        words=_("Set-up not finished"),
        remedy=_("Not finished: whoever began the set-up has not come to its end. Go on with it, or disconnect."),
        icon="construction",
        tone="warn",
    )


def _unfinished(connection: Connection) -> State | None:
    lacks = connection.lacks
    if not lacks:
        return None
    icon, words, remedy = _LACKING[lacks]()
    return State(code="unfinished", words=words, remedy=remedy, icon=icon, tone="warn")


def _waiting(connection: Connection) -> State | None:
    if connection.has_been_heard:
        return None
    return State(
        code="waiting",
        words=_("Waiting for the first event"),
        remedy=_("All is set up. The first thing that happens at the store appears here."),
        icon="hearing",
        tone="calm",
    )


def _well(_connection: Connection) -> State:
    return State(code="connected", words=_("Connected"), icon="check_circle", tone="good")


# the first that applies is how a connection is doing
_RULES: tuple[Callable[[Connection], State | None], ...] = (
    _leaving,
    _paused,
    _in_trouble,
    _half_set_up,
    _unfinished,
    _waiting,
    _well,
)
# what is missing -> icon, words, remedy
_LACKING: dict[str, Callable[[], tuple[str, str, str]]] = {
    "key": lambda: (
        "key_off",
        _("No API key"),
        _("Not finished: the key is missing. Enter the store's, or make one for it, in the settings."),
    ),
    "webhook_secret": lambda: (
        "link_off",
        _("No webhook secret"),
        _("Not finished: the webhook's secret is missing. The store shows it where its webhook is set up."),
    ),
    "webhook_id": lambda: (
        "link_off",
        _("No webhook yet"),
        _("Not finished: the store does not know our webhook yet. The settings set it up."),
    ),
}
