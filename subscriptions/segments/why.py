"""Why does a person match, or not: each condition's answer, asked of the database as always, with what it saw."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from contacts.models import Contact, Standing
from subscriptions import display
from subscriptions.catalogue import BY_NAME
from subscriptions.models import RecurringPayment
from subscriptions.segments import compiler, sentences
from subscriptions.segments.compiler import World
from subscriptions.segments.expressions import truth
from subscriptions.segments.mistakes import below
from subscriptions.segments.subjects import LIST, SEGMENT, TAG
from subscriptions.segments.tree import Condition, Group, Member, Node, Not, Payments

# Of a person with very many payments, those that came last are shown.
MOST_PAYMENTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A part of a segment and whether it holds: its place in the JSON, its words, what it saw, what is inside it.

    What another segment asks has its places behind that of the condition that names it, as in "all[1].segment.any[0]".
    `about` names the payment that an answer inside a frame is of; `kind` is the part's key in JSON.
    """

    path: str
    kind: str
    words: str
    holds: bool
    saw: str = ""
    about: RecurringPayment | None = None
    parts: tuple["Answer", ...] = ()


type _Places = dict[str, Node]


def why(node: Node, contact: Contact, world: World | None = None) -> Answer:
    """Say of each part of a segment whether it holds for a person; one query, and two for each frame."""
    asked = replace(world or World(), only=(contact.pk,))
    places = dict(_places(node, ""))
    holds = _truths(Contact.objects.filter(pk=contact.pk), places, asked)[contact.pk]
    return _answer(node, "", holds, _Person(contact), asked)


def why_payment(node: Node, payment: RecurringPayment, contact: Contact, world: World | None = None) -> Answer:
    """Say it of a tree that begins inside the frame of a payment, for one of a person's payments; one query."""
    asked = world or World()
    places = dict(_places(node, ""))
    holds = _truths(RecurringPayment.objects.filter(pk=payment.pk), places, asked)[payment.pk]
    return _answer(node, "", holds, _Person(contact, payment), asked)


class _Person:
    """What conditions see of a person, and of one of their payments inside a frame."""

    def __init__(self, contact: Contact, payment: RecurringPayment | None = None) -> None:
        self.contact, self.payment = contact, payment

    def saw(self, node: Condition) -> str:
        if self.payment:
            one = BY_NAME[node.subject.name]
            return display.words(one, one.value(self.payment), currency=self.payment.currency)
        return _SAW.get(node.subject.key, _of_contact)(self.contact, node)


def _answer(node: Node, path: str, holds: dict[str, bool], person: _Person, world: World) -> Answer:
    known: dict[str, Any] = {"path": path, "holds": holds[path], "about": person.payment}
    if isinstance(node, Condition):
        words = sentences.condition_words(node)
        return Answer(kind=node.subject.key, words=words, saw=person.saw(node), **known)
    if isinstance(node, Payments):
        return _frame(node, path, known, person.contact, world)
    parts = tuple(_answer(part, place, holds, person, world) for place, part in _parts(node, path))
    words = sentences.member_words(node) if isinstance(node, Member) else ""
    return Answer(kind=_kind(node), words=words, parts=parts, **known)


def _frame(node: Payments, path: str, known: dict[str, Any], contact: Contact, world: World) -> Answer:
    """Answer for each payment of a person on its own, newest first."""
    inside = below(path, "recurring_payment")
    payments = RecurringPayment.objects.filter(contact=contact).newest_first().for_display()
    shown = list(payments[:MOST_PAYMENTS])
    of_shown = RecurringPayment.objects.filter(pk__in=[payment.pk for payment in shown])
    truths = _truths(of_shown, dict(_places(node.part, inside)), world)
    parts = tuple(_answer(node.part, inside, truths[payment.pk], _Person(contact, payment), world) for payment in shown)
    return Answer(kind="recurring_payment", words=sentences.scope_words(node), parts=parts, **known)


def _truths(rows: Any, places: _Places, world: World) -> dict[int, dict[str, bool]]:
    """Ask of some rows, in one query, whether each part holds; return it by row and by place."""
    names = {f"truth_{number}": place for number, place in enumerate(places)}
    asked = {name: truth(compiler.of_people(places[place], world)) for name, place in names.items()}
    found = rows.order_by().annotate(**asked).values_list("pk", *names)
    return {pk: dict(zip(names.values(), map(bool, truths), strict=True)) for pk, *truths in found}


def _places(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """Name every part that can be asked about on its own; what is inside a frame is asked of payments."""
    yield path, node
    for place, part in _parts(node, path):
        yield from _places(part, place)


def _parts(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Group):
        here = below(path, node.joint.value)
        yield from ((f"{here}[{number}]", part) for number, part in enumerate(node.parts))
    elif isinstance(node, Not):
        yield below(path, "not"), node.part
    elif isinstance(node, Member):
        yield below(path, SEGMENT), node.part


def _kind(node: Node) -> str:
    if isinstance(node, Group):
        return node.joint.value
    return SEGMENT if isinstance(node, Member) else "not"


def _of_contact(contact: Contact, node: Condition) -> str:
    value = getattr(contact, node.subject.column)
    return display.day(value) if hasattr(value, "tzinfo") else value or "–"


def _tags(contact: Contact, _node: Condition) -> str:
    return ", ".join(tag.name for tag in contact.tags.all()) or "–"


def _standing(contact: Contact, node: Condition) -> str:
    standing = Standing.objects.filter(contact=contact, contact_list=node.value).first()
    return standing.get_state_display() if standing else "–"


_SAW = {TAG: _tags, LIST: _standing}
