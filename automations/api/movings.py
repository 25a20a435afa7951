"""What would become of the people inside if a draft were published, in words."""

from typing import Any

from automations import entering, publishing
from automations.flow import outline
from automations.flow.route import END
from automations.models import Automation

type Words = dict[str, str]


def told(one: Automation) -> list[dict[str, Any]]:
    """Say from which step to which how many people go; `to` is null for who is through then. Raise FlowError."""
    rows: dict[tuple[str, str], int] = {}
    for moving in publishing.movings(one):
        rows[(moving.step, moving.to)] = rows.get((moving.step, moving.to), 0) + moving.people
    published = entering.newest(one)
    after = _words(outline.of_draft(one.draft, itself=one.pk))
    before = after | (_words(outline.of_published(published.flow)) if published else {})
    return [
        {"from": _place(step, before), "to": None if to == END else _place(to, after), "people": people}
        for (step, to), people in rows.items()
    ]


def _place(step: str, words: Words) -> dict[str, str]:
    return {"step": step, "words": words.get(step, "a step of an earlier version")}


def _words(drawn: outline.Outline) -> Words:
    return {part.id: part.words for part in drawn.every_part()}
