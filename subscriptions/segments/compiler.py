"""From a tree to one condition of the database, over people or over recurring payments.

Each person appears once: payments are asked about in subqueries and never joined.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value

from contacts.models import Contact
from subscriptions.models import NEWEST_FIRST, RecurringPayment
from subscriptions.segments.clock import Clock
from subscriptions.segments.expressions import Among
from subscriptions.segments.subjects import SEGMENT_SUBJECT
from subscriptions.segments.tree import EVERYONE, Condition, Group, Joint, Member, Node, Not, Payments, Scope

type Rows = QuerySet[RecurringPayment, Any]
type Numbers = tuple[int, ...] | QuerySet[Any, Any]
_TRUE, _FALSE = Q(Value(True)), Q(Value(False))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """For whom a segment is asked: at which moment, about which payments as "this", and of which people only.

    `this` names one payment for each person who is asked about, since a condition holds for whoever has any of them.
    `only` names the people of whom it will be asked, so that their payments alone are looked at. Both may be queries.
    """

    clock: Clock = field(default_factory=Clock)
    this: Numbers | None = None
    only: Numbers | None = None


def of_people(node: Node, world: World | None = None) -> Q:
    """Return the condition on contacts."""
    return _compiled(node, world or World())


def of_payments(node: Node, world: World | None = None) -> Q:
    """Return the condition on recurring payments of a tree that begins inside the frame of one."""
    return _compiled(node, world or World())


def people(node: Node, world: World | None = None) -> "QuerySet[Contact]":
    """Return the people who match, each once, newest first."""
    world = world or World()
    known = Contact.objects.all() if world.only is None else Contact.objects.filter(pk__in=world.only)
    return known.filter(of_people(node, world))


def _compiled(node: Node, world: World) -> Q:
    return _COMPILERS[type(node)](node, world)


def _group(node: Group, world: World) -> Q:
    joins, neutral = _JOINS[node.joint]
    return reduce(joins, (_compiled(part, world) for part in node.parts)) if node.parts else neutral


def _negation(node: Not, world: World) -> Q:
    return ~_compiled(node.part, world)


def _condition(node: Condition, world: World) -> Q:
    return node.operator.ask(node.subject, node.value, world.clock)


def _member(node: Member, world: World) -> Q:
    return node.operator.ask(SEGMENT_SUBJECT, _compiled(node.part, world), world.clock)


def _payments(node: Payments, world: World) -> Q:
    return _SCOPES[node.scope](node, world)


def _matching(node: Payments, world: World) -> Rows:
    """Return the payments of known people that match what stands inside the frame."""
    owned = RecurringPayment.objects.filter(_owned(world)).order_by()
    return owned.filter(_compiled(node.part, world))


def _owned(world: World) -> Q:
    return Q(contact__isnull=False) if world.only is None else Q(contact__in=world.only)


def _latest(node: Payments, world: World) -> Rows:
    siblings = RecurringPayment.objects.filter(contact=OuterRef("contact")).order_by(*NEWEST_FIRST)
    return _matching(node, world).filter(pk=Subquery(siblings.values("pk")[:1]))


def _this(node: Payments, world: World) -> Rows:
    return _matching(node, world).filter(pk__in=() if world.this is None else world.this)


def _so_many(lookup: str) -> Callable[[Payments, World], Rows]:
    def rows(node: Payments, world: World) -> Rows:
        counted = _matching(node, world).values("contact_id").annotate(count=Count("*"))
        return counted.filter(**{lookup: node.number})

    return rows


def chosen(node: Payments, world: World) -> Rows:
    """Return the payments that a frame is about, whose people match; of a counted frame one row for each person.

    The frame is none that is said by its opposite, and its number is not zero.
    """
    return _CHOSEN[node.scope](node, world)


def _among(node: Payments, world: World) -> Q:
    return Q(Among(chosen(node, world), "contact_id"))


def _any(node: Payments, world: World) -> Q:
    return _among(replace(node, scope=Scope.ANY), world)


def _every(node: Payments, world: World) -> Q:
    """Ask for people who have a payment, and none that does not match."""
    return _any(replace(node, part=EVERYONE), world) & ~_any(replace(node, part=Not(part=node.part)), world)


def _at_least(node: Payments, world: World, number: int) -> Q:
    return _among(replace(node, scope=Scope.AT_LEAST, number=number), world) if number > 0 else _TRUE


def _exactly(node: Payments, world: World) -> Q:
    return _among(node, world) if node.number > 0 else ~_any(node, world)


_JOINS: dict[Joint, tuple[Callable[[Q, Q], Q], Q]] = {Joint.ALL: (and_, _TRUE), Joint.ANY: (or_, _FALSE)}
_CHOSEN: dict[Scope, Callable[[Payments, World], Rows]] = {
    Scope.ANY: _matching,
    Scope.LATEST: _latest,
    Scope.THIS: _this,
    Scope.AT_LEAST: _so_many("count__gte"),
    Scope.EXACTLY: _so_many("count"),
}
_SCOPES: dict[Scope, Callable[[Payments, World], Q]] = {
    Scope.ANY: _among,
    Scope.NONE: lambda node, world: ~_any(node, world),
    Scope.EVERY: _every,
    Scope.LATEST: _among,
    Scope.THIS: _among,
    Scope.AT_LEAST: lambda node, world: _at_least(node, world, node.number),
    Scope.AT_MOST: lambda node, world: ~_at_least(node, world, node.number + 1),
    Scope.EXACTLY: _exactly,
}
_COMPILERS: dict[type, Callable[..., Q]] = {
    Group: _group,
    Not: _negation,
    Condition: _condition,
    Payments: _payments,
    Member: _member,
}
