"""The five steps, and where somebody stands among them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from integrations.models import Connection

if TYPE_CHECKING:
    from integrations.providers.base import StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its name, which is that of its address too, and its title."""

    name: str
    title: "StrPromise"


APP, CREDENTIALS, RESOURCE, OPTIONS, FINISH = (
    Step(name="setup_app", title=_("App")),
    Step(name="setup_credentials", title=_("Credentials")),
    Step(name="setup_resource", title=_("Resource")),
    Step(name="setup_options", title=_("Options")),
    Step(name="setup_finish", title=_("Finish")),
)
STEPS = (APP, CREDENTIALS, RESOURCE, OPTIONS, FINISH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A step as one sees it from another: `address` is where it can be gone back to, if it can."""

    title: "StrPromise"
    number: int
    is_done: bool
    is_current: bool
    address: str


def places(current: Step, connection: Connection | None) -> list[Place]:
    """List the steps for the head of a page; those behind lead back, as far as there is a connection."""
    position = STEPS.index(current)
    return [
        Place(
            title=step.title,
            number=number + 1,
            is_done=number < position,
            is_current=number == position,
            address=address(step, connection) if number < position else "",
        )
        for number, step in enumerate(STEPS)
    ]


def address(step: Step, connection: Connection | None) -> str:
    """Return a step's address; empty where it needs a connection and there is none, or has one already."""
    if step is APP:
        return "" if connection else reverse(APP.name)
    return reverse(step.name, args=[connection.pk]) if connection else ""
