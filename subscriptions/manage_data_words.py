"""What Manage data says after an operation, in the reader's language."""

from collections.abc import Iterable
from typing import Any

from babel.lists import format_list
from django.contrib.auth.models import User
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from subscriptions.catalogue import BY_NAME, WIDGET_SIZE
from subscriptions.display import locale
from subscriptions.field_history import Action
from subscriptions.field_order import Order, Outdated, Result
from subscriptions.models import FieldOrder

# How many changes of others are told one by one.
TOLD = 3


def said(result: Result) -> str:
    """Say where things stand now, and what others did meanwhile."""
    sentence = str(_SENTENCES[result.action]) % {"what": _what(result)}
    return f"{sentence}. {_kept(result.meanwhile)}" if result.meanwhile else sentence


def refused(reason: Outdated, reader: User) -> str:
    """Say why nothing was written."""
    if not reason.meanwhile:
        return gettext("The last change is not yours, so there is nothing that you could undo or make again.")
    return gettext("%(what)s meanwhile. Nothing was overwritten: this is the newest order.") % {
        "what": _deeds(reason.meanwhile, reader)
    }


def who(person: User | None) -> str:
    """Name a person; one whose account is gone is somebody."""
    return (person.get_full_name() or person.get_username()) if person else gettext("Somebody")


_SENTENCES: dict[Action, Any] = {
    Action.MOVE: "%(what)s",
    Action.RESET: "%(what)s",
    Action.UNDO: _("Undone: %(what)s"),
    Action.REDO: _("Made again: %(what)s"),
}
_DEEDS: dict[str, Any] = {
    Action.MOVE: _("%(who)s moved %(field)s"),
    Action.RESET: _("%(who)s reset the order"),
    Action.UNDO: _("%(who)s undid a change"),
    Action.REDO: _("%(who)s made a change again"),
}


def _what(result: Result) -> str:
    if result.field:
        return _place(result.order, result.field, moved=result.changed)
    if result.order.is_default:
        return gettext("All fields are in the default order")
    return gettext("The order is as it was before the reset")


def _place(order: Order, name: str, *, moved: bool) -> str:
    position = order.position(name)
    values = {"field": BY_NAME[name].label, "position": position, "count": len(order.names)}
    if not moved:
        return gettext("%(field)s stays %(position)d of %(count)d") % values
    if position <= WIDGET_SIZE:
        return gettext("%(field)s, now %(position)d of %(count)d, shown on the contact's page") % values
    return gettext("%(field)s, now %(position)d of %(count)d") % values


def _kept(steps: tuple[FieldOrder, ...]) -> str:
    return ngettext(
        "%(what)s meanwhile; both changes are kept.", "%(what)s meanwhile; all changes are kept.", len(steps)
    ) % {"what": _deeds(steps)}


def _deeds(steps: Iterable[FieldOrder], reader: User | None = None) -> str:
    """List what was done, each deed once; what the reader did elsewhere is one of them."""
    deeds = list(dict.fromkeys(_deed(step, reader) for step in steps))
    told, more = deeds[:TOLD], len(deeds) - TOLD
    if more > 0:
        rest = ngettext("%(count)d more change was made", "%(count)d more changes were made", more)
        told.append(rest % {"count": more})
    return format_list(told, locale=locale())


def _deed(step: FieldOrder, reader: User | None) -> str:
    if reader and step.changed_by_id == reader.pk:
        return gettext("You changed the order in another window")
    field = BY_NAME[step.field].label if step.field in BY_NAME else step.field
    return str(_DEEDS[step.action]) % {"who": who(step.changed_by), "field": field}
