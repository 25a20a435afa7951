"""What the API tells of automations, as plain data."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q

from automations import entering
from automations.flow import outline
from automations.flow.outline import Outline, Part
from automations.models import Automation, AutomationVersion, Enrolment
from automations.pages import notes
from subscriptions.kinds import DATE

_PARKED = Q(state=Enrolment.State.PARKED)


def short(rows: Iterable[Automation]) -> list[dict[str, Any]]:
    """Tell automations in short, counting once who is in them."""
    found = list(rows)
    inside = Enrolment.objects.inside().filter(automation__in=found).order_by().values("automation")
    counted = inside.annotate(inside=Count("pk"), stopped=Count("pk", filter=_PARKED))
    counts: dict[int, Any] = {one["automation"]: one for one in counted}
    return [_short(one, counts.get(one.pk, {})) for one in found]


def automation(one: Automation) -> dict[str, Any]:
    """Tell an automation with all that there is to know of it: the draft, what people go by, and how many are where."""
    drawn, published = outline.of_draft(one.draft, itself=one.pk), entering.newest(one)
    places = notes.counts(one)
    people = {name: sum(here[name] for here in places.values()) for name in ("inside", "stopped")}
    return _head(one) | {
        "draft": one.draft,
        "errors": errors(drawn.errors),
        "outline": _outline(drawn),
        "published": _version(published) if published else None,
        "people": people | {"steps": [{"step": step} | here for step, here in places.items() if step]},
    }


def errors(known: Mapping[str, str]) -> list[dict[str, str]]:
    """List what is wrong with a flow, by path."""
    return [{"path": path, "reason": words} for path, words in known.items()]


def _head(one: Automation) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("name", "description", "state", "version", "revision")}
    moments = {"created_at": DATE.dump(one.created_at), "updated_at": DATE.dump(one.updated_at)}
    return {"id": one.pk} | told | moments


def _short(one: Automation, counts: Mapping[str, int]) -> dict[str, Any]:
    triggers = outline.of_published({"triggers": one.draft.get("triggers")}).triggers
    people = {name: counts.get(name, 0) for name in ("inside", "stopped")}
    return _head(one) | {"starts": [part.words for part in triggers], "people": people}


def _version(version: AutomationVersion) -> dict[str, Any]:
    return {
        "version": version.number,
        "published_at": DATE.dump(version.published_at),
        "flow": version.flow,
        "outline": _outline(outline.of_published(version.flow)),
    }


def _outline(drawn: Outline) -> dict[str, Any]:
    return {"triggers": _parts(drawn.triggers), "runs": drawn.runs, "steps": _parts(drawn.steps)}


def _parts(parts: Iterable[Part]) -> list[dict[str, Any]]:
    return [
        {
            "id": part.id,
            "path": part.path,
            "label": part.label,
            "words": part.words,
            "branches": [
                {"name": branch.name, "label": branch.label, "steps": _parts(branch.parts)} for branch in part.branches
            ],
        }
        for part in parts
    ]
