"""Reading a flow from JSON, strictly: what is wrong is said in the user's words, each with its path.

A flow is {"triggers": [{"id", "on", ...options}], "runs": RUNS, "steps": [step]}, and a step {"id", "do", ...options}
with a list of steps for each of its branches.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from automations.flow.forms import Option
from automations.flow.ground import TRUSTING, Ground, survey
from automations.flow.mistakes import FlowError
from automations.flow.shape import Flow, Runs, Step, Trigger
from automations.steps import STEPS
from automations.triggers import TRIGGERS
from subscriptions.segments.mistakes import Mistakes, Unreadable, Wrong, below

MOST_BYTES = 512 * 1024
MOST_STEPS = 200
MOST_TRIGGERS = 20
MOST_LEVELS = 6
_ID = re.compile(r"[A-Za-z0-9_-]{1,16}")
_RUNS = {runs.value: runs for runs in Runs}


@dataclass(slots=True, kw_only=True)
class _Reader:
    ground: Ground
    mistakes: Mistakes = field(default_factory=Mistakes)
    ids: set[str] = field(default_factory=set)
    steps: int = 0


def read(data: Any, *, itself: int | None = None) -> Flow:
    """Read a flow that somebody wrote, and raise FlowError with everything that is wrong.

    `itself` is the number of the automation, which it cannot start or end in itself.
    """
    check_storable(data)
    return _flow(data, ground_of(data, itself=itself))


def ground_of(data: Any, *, itself: int | None = None) -> Ground:
    """Look up what a flow may name, however wrong it may be."""
    return survey(data, itself=itself, has_payment=brings_payments(data))


def check_storable(data: Any) -> None:
    """Raise FlowError for what no flow can be: too large, or with characters that no database holds."""
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        fits = len(text.encode()) <= MOST_BYTES and "\\u0000" not in text
    except (ValueError, TypeError, RecursionError):
        fits = False
    if not fits:
        words = _("must not be larger than %(most)d KB, and must hold characters only that can be stored")
        raise FlowError({"": words % {"most": MOST_BYTES // 1024}})


def read_again(data: Any) -> Flow:
    """Read a flow that was published; what it names may be gone since."""
    return _flow(data, TRUSTING)


def write(flow: Flow) -> dict[str, Any]:
    """Write a flow as JSON, always in the same way."""
    return {
        "triggers": [{"id": one.id, "on": one.kind.name} | options_of(one) for one in flow.triggers],
        "runs": flow.runs.value,
        "steps": [_written(step) for step in flow.steps],
    }


def options_of(part: Step | Trigger) -> dict[str, Any]:
    """Write the options of a step or a trigger; those left at their default stay out."""
    return {
        option.name: option.form.write(part.options[option.name])
        for option in part.kind.options
        if part.options[option.name] != option.default
    }


def read_options(known: tuple[Option, ...], data: Mapping[str, Any], ground: Ground = TRUSTING) -> dict[str, Any]:
    """Read the options of one step or trigger alone, by default of one that was published; raise FlowError."""
    reader = _Reader(ground=ground)
    options = _options(reader, known, data, "")
    if reader.mistakes.errors:
        raise FlowError(reader.mistakes.errors)
    return options


def _written(step: Step) -> dict[str, Any]:
    branches = {name: [_written(one) for one in steps] for name, steps in step.branches.items()}
    return {"id": step.id, "do": step.kind.name} | options_of(step) | branches


def brings_payments(data: Any) -> bool:
    """Whether a recurring payment may start it, as far as that can be seen before it is read."""
    triggers = data.get("triggers") if isinstance(data, dict) else None
    kinds = (one.get("on") for one in triggers if isinstance(one, dict)) if isinstance(triggers, list) else ()
    return any(isinstance(kind, str) and kind in TRIGGERS and TRIGGERS[kind].of_payments for kind in kinds)


def _flow(data: Any, ground: Ground) -> Flow:
    if not isinstance(data, dict):
        raise FlowError({"": _("must be an object")})
    reader = _Reader(ground=ground)
    reader.mistakes.only(data, "", {"triggers", "runs", "steps"})
    triggers = _triggers(reader, data.get("triggers"))
    steps = _steps(reader, data.get("steps"), "steps", level=1)
    runs = _RUNS.get(data["runs"]) if isinstance(data.get("runs"), str) else None
    if runs is None:
        reader.mistakes.complain("runs", _("must be one of: %(choices)s") % {"choices": ", ".join(_RUNS)})
    if runs is Runs.ONCE_A_PAYMENT and not all(one.kind.of_payments for one in triggers):
        reader.mistakes.complain("runs", _("counts recurring payments, and not every trigger brings one"))
    if data.get("steps") == []:
        reader.mistakes.complain("steps", _("has no step yet"))
    if reader.mistakes.errors or runs is None:
        raise FlowError(reader.mistakes.errors)
    return Flow(triggers=triggers, runs=runs, steps=steps)


def _triggers(reader: _Reader, data: Any) -> tuple[Trigger, ...]:
    if not isinstance(data, list):
        reader.mistakes.complain("triggers", _("must be a list"))
        return ()
    if len(data) > MOST_TRIGGERS:
        reader.mistakes.complain("triggers", _("must not be more than %(most)d") % {"most": MOST_TRIGGERS})
        return ()
    read = (_trigger(reader, one, f"triggers[{number}]") for number, one in enumerate(data))
    return tuple(one for one in read if one)


def _trigger(reader: _Reader, data: Any, path: str) -> Trigger | None:
    try:
        kind = _kind(data, "on", TRIGGERS, path)
    except Wrong as wrong:
        reader.mistakes.complain(wrong.path, wrong.words)
        return None
    reader.mistakes.only(data, path, {"id", "on", *(option.name for option in kind.options)})
    options = _options(reader, kind.options, data, path)
    return Trigger(id=_id(reader, data, path), kind=kind, options=options)


def _steps(reader: _Reader, data: Any, path: str, *, level: int) -> tuple[Step, ...]:
    if not isinstance(data, list):
        reader.mistakes.complain(path, _("must be a list"))
        return ()
    if level > MOST_LEVELS:
        reader.mistakes.complain(path, _("is nested deeper than %(most)d levels") % {"most": MOST_LEVELS})
        return ()
    read = (_step(reader, one, f"{path}[{number}]", level=level) for number, one in enumerate(data))
    return tuple(one for one in read if one)


def _step(reader: _Reader, data: Any, path: str, *, level: int) -> Step | None:
    reader.steps += 1
    if reader.steps > MOST_STEPS:
        reader.mistakes.complain("steps", _("must not be more than %(most)d") % {"most": MOST_STEPS})
        return None
    try:
        kind = _kind(data, "do", STEPS, path)
    except Wrong as wrong:
        reader.mistakes.complain(wrong.path, wrong.words)
        return None
    reader.mistakes.only(data, path, {"id", "do", *kind.branches, *(option.name for option in kind.options)})
    own = _id(reader, data, path)
    options = _options(reader, kind.options, data, path)
    branches = {name: _steps(reader, data.get(name, []), below(path, name), level=level + 1) for name in kind.branches}
    if kind.needs_payment and not reader.ground.has_payment:
        reader.mistakes.complain(path, _("needs a recurring payment, and no trigger here brings one"))
    return Step(id=own, kind=kind, options=options, branches=branches)


def _kind[Kind](data: Any, key: str, kinds: Mapping[str, Kind], path: str) -> Kind:
    if not isinstance(data, dict):
        raise Wrong(path, _("must be an object"))
    name = data.get(key)
    if not isinstance(name, str) or name not in kinds:
        raise Wrong(below(path, key), _("must be one of: %(choices)s") % {"choices": ", ".join(kinds)})
    return kinds[name]


def _id(reader: _Reader, data: dict[str, Any], path: str) -> str:
    """Read the id, by which people are found again when the flow is changed."""
    own = data.get("id")
    if not isinstance(own, str) or not _ID.fullmatch(own):
        words = _("must be up to 16 letters, digits, hyphens or underscores")
        reader.mistakes.complain(below(path, "id"), words)
        return ""
    if own in reader.ids:
        reader.mistakes.complain(below(path, "id"), _("is there twice: %(id)s") % {"id": own})
    reader.ids.add(own)
    return own


def _options(reader: _Reader, known: tuple[Option, ...], data: Mapping[str, Any], path: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for option in known:
        if option.name not in data and not option.is_required:
            said[option.name] = option.default
            continue
        here = below(path, option.name)
        if option.name not in data:
            reader.mistakes.complain(here, _("is missing"))
            continue
        try:
            said[option.name] = option.form.read(data[option.name], reader.ground, said)
        except Unreadable as error:
            for place, words in error.errors.items():
                reader.mistakes.complain(below(here, place) if place else here, words)
        except ValueError as error:
            reader.mistakes.complain(here, str(error))
    return said
