"""The shortest way to the number of people who match, or of payments.

Whoever has a payment is a person, so where one frame is all that is asked, payments tell it alone. The number of an
opposite is what is left of everybody.
"""

from collections.abc import Callable
from dataclasses import replace

from django.db import connection
from django.db.models import Count

from subscriptions.models import RecurringPayment
from subscriptions.segments import compiler
from subscriptions.segments.compiler import Rows, World
from subscriptions.segments.tree import COUNTED, EVERYONE, Group, Member, Node, Not, Payments, Scope


def total(node: Node, world: World) -> int:
    """Count the people who match."""
    return _TALLIES.get(type(node), _people)(node, world)


def total_of_payments(node: Node, world: World) -> int:
    """Count the payments of people that match a tree which begins inside the frame of one; `only` names payments."""
    known = RecurringPayment.objects.filter(contact__isnull=False)
    asked = known if world.only is None else known.filter(pk__in=world.only)
    return asked.filter(compiler.of_payments(node, world)).count()


def _people(node: Node, world: World) -> int:
    return compiler.people(node, world).order_by().count()


def _everybody(world: World) -> int:
    return _people(EVERYONE, world)


def _group(node: Group, world: World) -> int:
    return total(node.parts[0], world) if len(node.parts) == 1 else _people(node, world)


def _negation(node: Not, world: World) -> int:
    return _everybody(world) - total(node.part, world)


def _member(node: Member, world: World) -> int:
    within = total(node.part, world)
    return within if node.operator.name == "in" else _everybody(world) - within


def _payments(node: Payments, world: World) -> int:
    return _SCOPES[node.scope](node, world)


def _holders(node: Payments, world: World) -> int:
    rows = compiler.chosen(node, world).values("contact_id")
    return rows.count() if node.scope in COUNTED else _DIFFERENT[connection.vendor](rows)


def _at_least(node: Payments, world: World) -> int:
    return _holders(node, world) if node.number > 0 else _everybody(world)


def _exactly(node: Payments, world: World) -> int:
    return _holders(node, world) if node.number > 0 else _none(node, world)


def _none(node: Payments, world: World) -> int:
    return _everybody(world) - _holders(replace(node, scope=Scope.ANY), world)


def _at_most(node: Payments, world: World) -> int:
    return _everybody(world) - _holders(replace(node, scope=Scope.AT_LEAST, number=node.number + 1), world)


def _every(node: Payments, world: World) -> int:
    """Count who has a payment, without those who have one that does not match."""
    having = Payments(part=EVERYONE)
    return _holders(having, world) - _holders(replace(having, part=Not(part=node.part)), world)


# SQLite would walk through the index of people for the order that different rows come in, and PostgreSQL would sort
# what it counts in the other way.
_DIFFERENT: dict[str, Callable[[Rows], int]] = {
    "postgresql": lambda rows: rows.distinct().count(),
    "sqlite": lambda rows: int(rows.aggregate(people=Count("contact_id", distinct=True))["people"]),
}
_SCOPES: dict[Scope, Callable[[Payments, World], int]] = {
    Scope.ANY: _holders,
    Scope.NONE: _none,
    Scope.EVERY: _every,
    Scope.LATEST: _holders,
    Scope.THIS: _holders,
    Scope.AT_LEAST: _at_least,
    Scope.AT_MOST: _at_most,
    Scope.EXACTLY: _exactly,
}
_TALLIES: dict[type, Callable[..., int]] = {
    Group: _group,
    Not: _negation,
    Payments: _payments,
    Member: _member,
}
