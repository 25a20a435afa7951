"""What the builder is told: kinds of triggers and steps with their options, and what a flow can name."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from automations.flow import reading
from automations.flow.forms import Option
from automations.flow.ground import Ground
from automations.flow.shape import RUNS
from automations.models import Automation
from automations.steps import STEPS
from automations.steps.kind import StepKind
from automations.triggers import TRIGGERS
from automations.triggers.dated import hour_words
from automations.triggers.kind import TriggerKind
from subscriptions import personalisation
from subscriptions.segments.description import GROUPS
from subscriptions.segments.description import description as of_segments
from subscriptions.segments.subjects import PAYMENT

# Groups of steps, in the order in which they are offered.
STEP_GROUPS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "messages": (_("Messages"), ("email", "notify", "webhook")),
    "waits": (_("Waiting"), ("wait", "wait_until", "wait_date", "wait_segment")),
    "ways": (_("Ways"), ("if", "goal", "end")),
    "contact": (_("Contact"), ("tag", "untag", "subscribe", "unsubscribe", "set")),
    "automations": (_("Other automations"), ("start", "stop")),
}
TRIGGER_GROUPS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "payments": (_("Recurring payments"), ("created", "updated", "date")),
    "contact": (_("Contact"), ("subscribed", "tagged")),
}
UNITS: Mapping[str, Any] = {
    "minutes": _("minutes"),
    "hours": _("hours"),
    "days": _("days"),
    "weeks": _("weeks"),
    "months": _("months"),
}


def description(automation: Automation) -> dict[str, Any]:
    """Return it as JSON in the reader's language."""
    ground = reading.ground_of(automation.draft, itself=automation.pk)
    return {
        "triggers": _kinds(TRIGGERS, TRIGGER_GROUPS),
        "steps": _kinds(STEPS, STEP_GROUPS),
        "trigger_groups": _labelled((name, label) for name, (label, _own) in TRIGGER_GROUPS.items()),
        "step_groups": _labelled((name, label) for name, (label, _own) in STEP_GROUPS.items()),
        "runs": _labelled((runs.value, label) for runs, label in RUNS.items()),
        "hours": [{"name": hour, "label": hour_words(hour)} for hour in range(24)],
        "units": _labelled(UNITS.items()),
        "tags": _tags(),
        "limits": {"steps": reading.MOST_STEPS, "triggers": reading.MOST_TRIGGERS, "levels": reading.MOST_LEVELS},
        "segments": of_segments(trees=[automation.draft]),
        **_named(ground),
    }


def _named(ground: Ground) -> dict[str, Any]:
    """List what can be named."""
    return {
        "lists": _labelled(ground.lists.items()),
        "automations": _labelled(ground.automations.items()),
        "campaigns": _labelled(ground.campaigns.items()),
        "colleagues": _labelled((address, address) for address in sorted(ground.colleagues)),
    }


def _kinds(
    kinds: Mapping[str, StepKind] | Mapping[str, TriggerKind], groups: Mapping[str, tuple[Any, tuple[str, ...]]]
) -> list[dict[str, Any]]:
    return [_kind(kinds[name], group) for group, (_label, names) in groups.items() for name in names]


def _kind(kind: StepKind | TriggerKind, group: str) -> dict[str, Any]:
    own = (
        {"branches": _labelled(kind.branches.items()), "needs_payment": kind.needs_payment}
        if isinstance(kind, StepKind)
        else {"of_payments": kind.of_payments}
    )
    options = [_option(option) for option in kind.options]
    return {"name": kind.name, "label": str(kind.label), "icon": kind.icon, "group": group, "options": options} | own


def _option(option: Option) -> dict[str, Any]:
    facts = {name: _labelled(fact.items()) if name == "choices" else fact for name, fact in option.form.facts.items()}
    return {
        "name": option.name,
        "label": str(option.label),
        "help": str(option.help),
        "form": option.form.name,
        "required": option.is_required,
        "facts": facts,
    } | _default(option)


def _default(option: Option) -> dict[str, Any]:
    """Say what holds where nothing is said; conditions and "any value" are not said at all."""
    plain = isinstance(option.default, (str, int, tuple))
    return {"default": option.form.write(option.default)} if plain else {}


def _tags() -> list[dict[str, Any]]:
    """Offer the tags in the groups of Manage data, those of the contact first."""
    return [
        {"name": name, "label": str(label), "group": _group(name)}
        for name, label in personalisation.tags(has_payment=True)
    ]


def _group(tag: str) -> str:
    root, _dot, name = tag.partition(".")
    if root == "contact":
        return str(GROUPS["contact"])
    return str(GROUPS[PAYMENT[name].group if name in PAYMENT else "items"])


def _labelled(pairs: Iterable[tuple[Any, Any]]) -> list[dict[str, Any]]:
    return [{"name": name, "label": str(label)} for name, label in pairs]
