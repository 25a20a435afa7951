"""What is noted on the drawing of a flow: how many people are where, and which way one of them went."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from automations.flow.outline import Note, Outline
from automations.models import Automation, Enrolment, Passage

type Counts = dict[str, dict[str, int]]


def counts(automation: Automation) -> Counts:
    """Return for each step with people how many are there, as {"inside", "stopped"}."""
    rows = automation.enrolments.inside().order_by().values_list("step", "state").annotate(Count("pk"))
    found: Counts = {}
    for step, state, count in rows:
        here = found.setdefault(step, {"inside": 0, "stopped": 0})
        here["inside"] += count
        here["stopped"] += count if state == Enrolment.State.PARKED else 0
    return found


def of_counts(known: Counts) -> dict[str, Note]:
    """Note how many people are at each step."""
    return {step: Note(inside=one["inside"], stopped=one["stopped"]) for step, one in known.items() if step}


def said(drawn: Outline) -> dict[str, Any]:
    """Return for the builder what each part says and what is wrong with it, by its path, and what is wrong besides."""
    parts = {part.path: {"words": part.words, "errors": part.errors} for part in drawn.every_part()}
    return {"parts": parts, "loose": drawn.loose, "errors": drawn.errors}


def of_way(enrolment: Enrolment, passages: Iterable[Passage]) -> dict[str, Note]:
    """Note on a drawing the way that somebody went, and where they are."""
    found = {passage.step: Note(mark="passed") for passage in passages}
    found |= {enrolment.trigger: Note(mark="passed")} if enrolment.trigger else {}
    return found | ({enrolment.step: Note(mark="here")} if enrolment.is_inside and enrolment.step else {})
