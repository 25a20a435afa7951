"""E-mails that a flow brings along, as recipes and files of automations do: each becomes a campaign when it is saved.

{"do": "email", "campaign": {"name": ..., "labels": [...], ...content}} is then {"do": "email", "campaign": 7}.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from django.contrib.auth.models import User

from automations import labels, uses
from automations.campaigns import keeping
from automations.email.content import ContentError
from automations.flow.mistakes import FlowError
from automations.models import Campaign
from automations.names import free_name
from subscriptions.personalisation import in_words
from subscriptions.segments.mistakes import below


def settle(flow: Any, *, by: User | None = None) -> Any:
    """Return a flow of which the e-mails are campaigns; raise FlowError for what no e-mail can be."""
    if not any(_brought(flow, "")):
        return flow
    settled = deepcopy(flow)
    for step, path in list(_brought(settled, "")):
        step["campaign"] = _made(step["campaign"], below(path, "campaign"), by).pk
    return settled


def campaigns_of(flow: Any) -> dict[int, Campaign]:
    """Return the campaigns that a flow sends, by their numbers."""
    return Campaign.objects.in_bulk(uses.numbers_in(flow, "campaign"))


def take_along(flow: Any, campaigns: dict[int, Campaign]) -> Any:
    """Return a flow that brings its e-mails along: the opposite."""
    copy = deepcopy(flow)
    for step in _steps(copy):
        one = campaigns.get(step["campaign"]) if type(step.get("campaign")) is int else None
        if one:
            words = labels.names_of(one)
            step["campaign"] = {"name": one.name, **({"labels": words} if words else {}), **one.draft}
    return copy


def _made(told: dict[str, Any], path: str, by: User | None) -> Campaign:
    said = {key: value for key, value in told.items() if key not in ("name", "labels")}
    name = told.get("name") or in_words(str(said.get("subject") or ""))
    try:
        made = keeping.create(name=free_name(str(name), Campaign), draft=said, by=by)
    except ContentError as error:
        raise FlowError({below(path, at): words for at, words in error.errors.items()}) from None
    labels.put(made, labels.read(told.get("labels")))
    return made


def _brought(part: Any, path: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Find the steps that bring an e-mail along, each with its path."""
    if isinstance(part, dict):
        if part.get("do") == "email" and isinstance(part.get("campaign"), dict):
            yield part, path
        else:
            for key, value in part.items():
                yield from _brought(value, below(path, str(key)))
    elif isinstance(part, list):
        for number, one in enumerate(part):
            yield from _brought(one, f"{path}[{number}]")


def _steps(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if part.get("do") == "email":
            yield part
        for value in part.values():
            yield from _steps(value)
    elif isinstance(part, list):
        for one in part:
            yield from _steps(one)
