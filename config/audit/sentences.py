"""An entry of the audit log as a sentence in the reader's language."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.translation import gettext

from config.audit.actions import ACTIONS
from config.audit.via import Via

if TYPE_CHECKING:
    from config.audit.models import Entry

_NOBODY = {
    Via.WEB: lambda: gettext("Somebody"),
    Via.COMMAND: lambda: gettext("A command"),
    Via.API: lambda: gettext("A key"),
}


def who(entry: "Entry") -> str:
    """Name whoever did it: a member of the team, a key, or a command."""
    if not entry.actor:
        return _NOBODY[Via(entry.via)]()
    return gettext("The key %(key)s…") % {"key": entry.actor} if entry.via == Via.API else entry.actor


def what(entry: "Entry") -> str:
    """Name what it was done to."""
    if not entry.object_type:
        return str(ACTIONS[entry.action].nothing)
    if not entry.object_id:
        return _kind(entry.object_type, plural=True)
    if entry.object_label:
        return gettext("%(kind)s “%(name)s”") % {"kind": _kind(entry.object_type), "name": entry.object_label}
    return gettext("%(kind)s no. %(number)s") % {"kind": _kind(entry.object_type), "number": entry.object_id}


def title(entry: "Entry") -> str:
    """Name the act; one that is no longer known is told by its code."""
    return str(ACTIONS[entry.action].title) if entry.action in ACTIONS else entry.action


def sentence(entry: "Entry") -> str:
    """Tell who did what to what."""
    if entry.action not in ACTIONS:
        return f"{who(entry)}: {entry.action}"
    parts = {name: shown(value) for name, value in entry.detail.items()}
    parts |= {"who": who(entry), "what": what(entry), "name": entry.object_label or what(entry)}
    return str(ACTIONS[entry.action].sentence % parts)


def shown(value: Any) -> Any:
    """Translate words, which entries keep untranslated; numbers stay."""
    return gettext(value) if isinstance(value, str) and value else value


def fields(entry: "Entry") -> str:
    """List the names of the fields that were changed; empty where none are told."""
    return ", ".join(str(shown(name)) for name in entry.detail.get("fields", []))


def _kind(object_type: str, *, plural: bool = False) -> str:
    try:
        options = apps.get_model(object_type)._meta
    except (LookupError, ValueError):
        return object_type  # a model that is gone
    return str(options.verbose_name_plural if plural else options.verbose_name)
