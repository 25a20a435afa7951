"""Carrying automations from one account to another as JSON: what they name by number goes along with its name."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from automations import labels, publishing
from automations.campaigns import inline
from automations.flow.mistakes import FlowError
from automations.models import Automation
from automations.names import free_name
from contacts.models import ContactList
from subscriptions.models import Segment

FORMAT = "ritournelle.automation"
# What a flow names by number: the key that it stands under -> where its name is.
_NAMED: Mapping[str, Any] = {"list": ContactList, "segment": Segment, "automation": Automation}


def take_out(automation: Automation) -> dict[str, Any]:
    """Write the draft of an automation with its e-mails, and the names of what it names, as JSON."""
    flow = inline.take_along(automation.draft, inline.campaigns_of(automation.draft))
    wanted: dict[str, set[int]] = {key: set() for key in _NAMED}
    for holder, key in _places(flow):
        wanted[key].add(holder[key])
    names = {
        key: {str(pk): name for pk, name in model._default_manager.filter(pk__in=wanted[key]).values_list("pk", "name")}
        for key, model in _NAMED.items()
    }
    told = {"name": automation.name, "description": automation.description, "flow": flow}
    told["labels"] = labels.names_of(automation)
    return {"format": FORMAT, "version": 1, **told, "names": names}


def bring_in(text: str | bytes, *, owner: User | None) -> tuple[Automation, list[str]]:
    """Make a draft of what was taken out somewhere; return it, and in words what there is not here.

    What the flow names is found by its name. Where there is none of that name the flow says so at its place, and it
    cannot be published before somebody chooses another. Raise FlowError for what is no such file.
    """
    told = _read(text)
    flow, names = told["flow"], told["names"]
    missing = [words for words in (_replace(holder, key, names) for holder, key in list(_places(flow))) if words]
    one = publishing.create(
        name=free_name(str(told["name"])), description=str(told["description"])[:1000], draft=flow, owner=owner
    )
    labels.put(one, labels.read(told["labels"]))
    return one, sorted(set(missing))


def _read(text: str | bytes) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise FlowError({"": _("This file is no JSON.")}) from None
    if not isinstance(told, dict) or told.get("format") != FORMAT or not isinstance(told.get("flow"), dict):
        raise FlowError({"": _("This file does not hold an automation.")})
    names = told.get("names")
    known = {"name": told.get("name") or _("Automation"), "description": told.get("description") or ""}
    return known | {
        "flow": told["flow"],
        "names": names if isinstance(names, dict) else {},
        "labels": told.get("labels"),
    }


def _places(part: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Find every place where something is named by number."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in _NAMED and type(value) is int:
                yield part, key
            else:
                yield from _places(value)
    elif isinstance(part, list):
        for one in part:
            yield from _places(one)


def _replace(holder: dict[str, Any], key: str, names: Mapping[str, Any]) -> str:
    """Put in the number that the thing has here; where there is none, take the number out and say so."""
    known = names.get(key)
    name = known.get(str(holder[key])) if isinstance(known, dict) else None
    here = _NAMED[key]._default_manager.filter(name=name).values_list("pk", flat=True).first() if name else None
    if here is not None:
        holder[key] = here
        return ""
    holder[key] = 0
    named = {"name": name or "?"}
    return {
        "list": _("There is no list “%(name)s” here: choose another where the flow says so.") % named,
        "segment": _("There is no segment “%(name)s” here: choose another where the flow says so.") % named,
        "automation": _("There is no automation “%(name)s” here: choose another where the flow says so.") % named,
    }[key]
