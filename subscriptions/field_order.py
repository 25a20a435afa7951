"""The order of the fields, as an administrator set it on Manage data; the first five are the widget's columns.

Each change appends a version: the newest holds, and the older ones are its history and its undo.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from subscriptions import field_history
from subscriptions.catalogue import BY_NAME, DEFAULT_ORDER, Field
from subscriptions.field_history import Action
from subscriptions.models import FieldOrder

# How often a writer who lost the race for a version's number tries again.
ATTEMPTS = 20


class Invalid(ValueError):
    """What was asked for can never be done; the message says why, in the user's words."""


class Outdated(Exception):
    """Nothing was written, since that would wipe what the person has not seen, or has not done.

    `meanwhile` holds what came since, oldest first; it is empty where there is nothing of the person's own to go over.
    """

    def __init__(self, meanwhile: Sequence[FieldOrder] = ()) -> None:
        self.meanwhile = tuple(meanwhile)
        super().__init__(f"Came since: {', '.join(map(str, meanwhile)) or 'nothing'}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One version of the order; version 0 is the default, which holds until something is saved."""

    names: tuple[str, ...] = DEFAULT_ORDER
    version: int = 0
    changed_by: User | None = None
    changed_at: datetime | None = None

    @property
    def is_default(self) -> bool:
        """Whether a reset would change nothing."""
        return self.names == DEFAULT_ORDER

    def position(self, name: str) -> int:
        """Tell where a field stands, counted from 1."""
        return self.names.index(name) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an operation led to: the order that holds now, and what others did since the version that was seen.

    `field` is the one that moved, forth or back. `changed` is False where nothing had to be written.
    """

    action: Action
    order: Order
    field: str
    changed: bool
    meanwhile: tuple[FieldOrder, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the next version shall hold, and which field it is about."""

    names: tuple[str, ...]
    field: str = ""


def ordered_fields() -> tuple[Field, ...]:
    """Return all fields in the order that holds now, in one query."""
    newest = FieldOrder.objects.first()
    return tuple(BY_NAME[name] for name in complete(newest.names if newest else []))


def complete(names: Sequence[str]) -> list[str]:
    """Return the saved names that the catalogue still has, then those that came to it since."""
    known = [name for name in names if name in BY_NAME]
    return known + [name for name in DEFAULT_ORDER if name not in known]


def current() -> Order:
    """Return the order that holds now and who made it, in one query."""
    newest = FieldOrder.objects.select_related("changed_by").first()
    return _as_order(newest) if newest else Order()


def move(name: str, *, to: int | None = None, before: str | None = None, by: User, seen: int) -> Result:
    """Put a field at a position, counted from 1, or directly before another one, in the newest order.

    A version newer than `seen` is no obstacle: the move is made on top of it, and the result tells what others did.
    Raise Invalid for a field or a position that does not exist.
    """
    _check(name, to=to, before=before)
    return _save(
        Action.MOVE,
        lambda order: _Plan(placed(order.names, name, to=to, before=before), name),
        by=by,
        seen=seen,
        merge=True,
    )


def reset(*, by: User, seen: int) -> Result:
    """Go back to the catalogue's own order; raise Outdated if `seen` is not the newest version."""
    return _save(Action.RESET, lambda _order: _Plan(DEFAULT_ORDER), by=by, seen=seen)


def undo(*, by: User, seen: int) -> Result:
    """Restore the order from before the person's last change; again, from before the one before it.

    Raise Outdated if `seen` is not the newest version, or if somebody else made the last change.
    """
    return _save(Action.UNDO, lambda order: _step(field_history.trail(by, order.version).back), by=by, seen=seen)


def redo(*, by: User, seen: int) -> Result:
    """Make the person's last undone change again; raise Outdated as undo does."""
    return _save(Action.REDO, lambda order: _step(field_history.trail(by, order.version).forth), by=by, seen=seen)


def placed(names: Sequence[str], name: str, *, to: int | None = None, before: str | None = None) -> tuple[str, ...]:
    """Return the names with one of them moved; all others keep their order among themselves."""
    if name == before:
        return tuple(names)
    rest = [other for other in names if other != name]
    index = (to or 1) - 1 if before is None else rest.index(before)
    return (*rest[:index], name, *rest[index:])


def _check(name: str, *, to: int | None, before: str | None) -> None:
    for field in (name, name if before is None else before):
        if field not in BY_NAME:
            raise Invalid(gettext("There is no field called “%(name)s”.") % {"name": field[:60]})
    if (to is None) == (before is None) or (to is not None and not 1 <= to <= len(BY_NAME)):
        raise Invalid(gettext("The position must be a whole number from 1 to %(count)d.") % {"count": len(BY_NAME)})


def _step(step: field_history.Step | None) -> _Plan:
    if step is None:
        raise Outdated
    return _Plan(tuple(complete(step.names)), step.field)


def _save(action: Action, plan: Callable[[Order], _Plan], *, by: User, seen: int, merge: bool = False) -> Result:
    """Append a version; a writer who lost the race for its number starts anew from the winner's order."""
    attempt = 0
    while True:
        attempt += 1
        try:
            with transaction.atomic():
                return _append(action, plan, by=by, seen=seen, merge=merge)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise


def _append(action: Action, plan: Callable[[Order], _Plan], *, by: User, seen: int, merge: bool) -> Result:
    order = current()
    meanwhile = field_history.since(seen) if order.version > seen else []
    if order.version != seen and not merge:
        raise Outdated(meanwhile)
    planned = plan(order)
    changed = planned.names != order.names
    return Result(
        action=action,
        order=_write(action, planned, by=by, version=order.version + 1) if changed else order,
        field=planned.field,
        changed=changed,
        meanwhile=tuple(step for step in meanwhile if step.changed_by_id != by.pk),
    )


def _write(action: Action, planned: _Plan, *, by: User, version: int) -> Order:
    return _as_order(
        FieldOrder.objects.create(
            version=version, names=planned.names, action=action, field=planned.field, changed_by=by
        )
    )


def _as_order(saved: FieldOrder) -> Order:
    return Order(
        names=tuple(complete(saved.names)),
        version=saved.version,
        changed_by=saved.changed_by,
        changed_at=saved.changed_at,
    )
