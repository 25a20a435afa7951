"""How many people or payments match, and who comes first, while somebody waits: never longer than a given time.

What cannot be counted in that time is estimated from some of them chosen by chance, and says so.
"""

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.db import Error, OperationalError
from django.db.models import Max, Min, Model

from contacts.models import Contact
from subscriptions.models import RecurringPayment
from subscriptions.segments import compiler, tallies
from subscriptions.segments.compiler import World
from subscriptions.segments.haste import Deadline, hurried
from subscriptions.segments.tree import EVERYONE, Node

logger = logging.getLogger(__name__)
SECONDS = 2.0
# The part of the time after which counting is given up, so that the rest is enough for an estimate.
_FOR_COUNTING = 0.7
# So many numbers are drawn at first, and then so many times more as long as there is time.
_FIRST_SAMPLE, _GROWTH, _LARGEST_SAMPLE = 100, 5, 12_500
# So many people are looked at before all of them are.
_NEWEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many people match, or recurring payments.

    An estimate is made from `sample` of them chosen by chance; without any, there was no time for even that, and the
    number means nothing.
    """

    number: int
    is_estimate: bool = False
    sample: int = 0

    @property
    def is_known(self) -> bool:
        """Whether the number means anything."""
        return not self.is_estimate or self.sample > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """What is counted: its rows, and how many of them match, of those alone that a world names as `only`."""

    model: type[Model]
    total: Callable[[Node, World], int]


_PEOPLE = _Counted(model=Contact, total=tallies.total)
_PAYMENTS = _Counted(model=RecurringPayment, total=tallies.total_of_payments)


def count(node: Node, world: World | None = None, *, seconds: float = SECONDS) -> Count:
    """Count the people who match, or estimate how many they are, within some seconds."""
    return _count(node, world or World(), _PEOPLE, seconds)


def count_payments(node: Node, world: World | None = None, *, seconds: float = SECONDS) -> Count:
    """Count the recurring payments of people that match a tree which begins inside the frame of one, just so."""
    return _count(node, world or World(), _PAYMENTS, seconds)


def _count(node: Node, world: World, counted: _Counted, seconds: float) -> Count:
    end = Deadline(seconds)
    try:
        with hurried(Deadline(seconds * _FOR_COUNTING)):
            return Count(number=counted.total(node, world))
    except Error as error:
        _tell(error)
        return _estimate(node, world, end, counted)


def first(node: Node, world: World | None = None, *, limit: int = 5, seconds: float = SECONDS) -> list[Contact]:
    """Return the newest people who match, or as many as were found within some seconds.

    The newest people of all are looked at first: where several of them match, nobody else need be asked about.
    """
    world, found = world or World(), list[Contact]()
    try:
        with hurried(Deadline(seconds)):
            newest = tuple(compiler.people(EVERYONE, world).values_list("pk", flat=True)[:_NEWEST])
            found = list(compiler.people(node, replace(world, only=newest))[:limit])
            if len(found) < limit and len(newest) == _NEWEST:
                found = list(compiler.people(node, world)[:limit])
    except Error as error:
        _tell(error)
    return found


def some(node: Node, world: World | None = None, *, start: int, limit: int, seconds: float = SECONDS) -> list[Contact]:
    """Return people who match, newest first, from the place `start` on; none of them where time is up."""
    if start == 0:
        return first(node, world, limit=limit, seconds=seconds)
    try:
        with hurried(Deadline(seconds)):
            return list(compiler.people(node, world)[start : start + limit])
    except Error as error:
        _tell(error)
        return []


def _estimate(node: Node, world: World, end: Deadline, counted: _Counted = _PEOPLE) -> Count:
    """Ask about more and more of them chosen by chance, as long as there is time."""
    made, size, taken = Count(number=0, is_estimate=True), _FIRST_SAMPLE, 0.0
    try:
        with hurried(end):
            population = _population(world, counted)
            while made.is_estimate and size <= _LARGEST_SAMPLE and taken * _GROWTH < end.left:
                before = end.left
                made = _of_sample(node, world, counted, population, size)
                size, taken = size * _GROWTH, before - end.left
    except Error as error:
        _tell(error)
    return made


def _population(world: World, counted: _Counted) -> Sequence[int]:
    """Return the numbers of all that are asked about, and perhaps of some that are no more."""
    if world.only is not None:
        return tuple(world.only)
    ends = counted.model._default_manager.aggregate(low=Min("pk"), high=Max("pk"))
    return range(ends["low"], ends["high"] + 1) if ends["high"] else ()


def _of_sample(node: Node, world: World, counted: _Counted, population: Sequence[int], size: int) -> Count:
    """Count among numbers drawn by chance: a number of nobody matches nothing, so their share is right all the same."""
    drawn = tuple(random.sample(population, min(size, len(population))))
    asked = replace(world, only=drawn)
    matching = counted.total(node, asked)
    if len(drawn) == len(population):
        return Count(number=matching)
    number = round(matching * len(population) / len(drawn))
    return Count(number=number, is_estimate=True, sample=counted.total(EVERYONE, asked))


def _tell(error: Error) -> None:
    """Log what is more than time that is up."""
    if not isinstance(error, OperationalError):
        logger.error("A segment could not be counted.", exc_info=error)
