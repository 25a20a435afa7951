"""A flow as people read it: each trigger and step in words, with what is wrong there; also of one that is half done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from automations.flow import reading
from automations.flow.ground import TRUSTING, Ground
from automations.flow.mistakes import FlowError
from automations.flow.shape import RUNS
from automations.steps import STEPS
from automations.steps.kind import StepKind
from automations.triggers import TRIGGERS
from automations.triggers.kind import TriggerKind
from subscriptions.segments.mistakes import SegmentError

_RUNS = {runs.value: label for runs, label in RUNS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is noted on a drawing beside one part: people who are there, and a word for how it is drawn."""

    inside: int = 0
    stopped: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One branch of a step."""

    name: str
    label: str
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One trigger or step; `words` say what it does, or only what kind it is where that cannot be read yet."""

    id: str
    path: str
    icon: str
    label: str
    words: str
    errors: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A whole flow; `errors` are all of them by path, `loose` those that belong to no trigger and no step."""

    triggers: tuple[Part, ...]
    runs: str
    steps: tuple[Part, ...]
    errors: Mapping[str, str] = field(default_factory=dict)
    loose: tuple[str, ...] = ()

    def every_part(self) -> Iterator[Part]:
        """Return the triggers and all steps in their order."""
        yield from self.triggers
        yield from _all(self.steps)

    def noted(self, notes: Mapping[str, Note]) -> "Outline":
        """Return it with a note on parts, by their ids."""
        return replace(self, triggers=_noted(self.triggers, notes), steps=_noted(self.steps, notes))


def of_draft(data: Any, *, itself: int | None = None) -> Outline:
    """Outline a flow that somebody works on, with all its mistakes."""
    errors: Mapping[str, str] = {}
    try:
        reading.read(data, itself=itself)
    except FlowError as error:
        errors = error.errors
    return _outline(data, reading.ground_of(data, itself=itself), errors)


def of_published(data: Any) -> Outline:
    """Outline a flow that was published; what it names may be gone since."""
    return _outline(data, TRUSTING, {})


def _all(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        for branch in part.branches:
            yield from _all(branch.parts)


def _noted(parts: tuple[Part, ...], notes: Mapping[str, Note]) -> tuple[Part, ...]:
    return tuple(
        replace(
            part,
            note=notes.get(part.id),
            branches=tuple(replace(branch, parts=_noted(branch.parts, notes)) for branch in part.branches),
        )
        for part in parts
    )


def _outline(data: Any, ground: Ground, errors: Mapping[str, str]) -> Outline:
    told = data if isinstance(data, dict) else {}
    runs = told.get("runs")
    return Outline(
        triggers=_parts(told.get("triggers"), "triggers", ground, errors),
        runs=str(_RUNS.get(runs, "")) if isinstance(runs, str) else "",
        steps=_parts(told.get("steps"), "steps", ground, errors),
        errors=errors,
        loose=tuple(_loose(path, words) for path, words in errors.items() if "[" not in path),
    )


def _loose(path: str, words: str) -> str:
    label = _loose_label(path)
    return f"{label}: {words}" if label else words


def _loose_label(path: str) -> str:
    return {"runs": _("Runs"), "steps": _("Steps"), "triggers": _("Triggers")}.get(path, "")


def _parts(data: Any, path: str, ground: Ground, errors: Mapping[str, str]) -> tuple[Part, ...]:
    rows = data if isinstance(data, list) else []
    return tuple(
        _part(one, f"{path}[{number}]", ground, errors) for number, one in enumerate(rows) if isinstance(one, dict)
    )


def _part(data: dict[str, Any], path: str, ground: Ground, errors: Mapping[str, str]) -> Part:
    key, kinds = ("on", TRIGGERS) if path.startswith("triggers") else ("do", STEPS)
    name = data.get(key)
    kind = kinds.get(name) if isinstance(name, str) else None
    own = data.get("id")
    return Part(
        id=own if isinstance(own, str) else "",
        path=path,
        icon=kind.icon if kind else "help",
        label=str(kind.label) if kind else _("Something that is not known here"),
        words=_words(kind, data, ground) if kind else _("Something that is not known here"),
        errors=_errors(kind, path, errors),
        branches=_branches(kind, data, path, ground, errors) if isinstance(kind, StepKind) else (),
    )


def _words(kind: StepKind | TriggerKind, data: Mapping[str, Any], ground: Ground) -> str:
    try:
        return kind.say(reading.read_options(kind.options, data, ground))
    except (FlowError, SegmentError):
        return str(kind.label)


def _errors(kind: StepKind | TriggerKind | None, path: str, errors: Mapping[str, str]) -> tuple[str, ...]:
    """Say what is wrong with a part itself, and not with what is in its branches."""
    inside = tuple(f"{path}.{name}[" for name in (kind.branches if isinstance(kind, StepKind) else ()))
    labels = {option.name: str(option.label) for option in kind.options} if kind else {}
    return tuple(
        _labelled(place[len(path) + 1 :], words, labels)
        for place, words in errors.items()
        if (place == path or place.startswith(f"{path}.")) and not place.startswith(inside or ("\0",))
    )


def _labelled(place: str, words: str, labels: Mapping[str, str]) -> str:
    name = place.partition(".")[0].partition("[")[0]
    return f"{labels[name]}: {words}" if name in labels else words


def _branches(
    kind: StepKind, data: Mapping[str, Any], path: str, ground: Ground, errors: Mapping[str, str]
) -> tuple[Branch, ...]:
    return tuple(
        Branch(name=name, label=str(label), parts=_parts(data.get(name), f"{path}.{name}", ground, errors))
        for name, label in kind.branches.items()
    )
