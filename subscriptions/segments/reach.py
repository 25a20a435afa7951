"""Those of a segment who can be mailed: never asked for by a segment itself, and counted beside it."""

from contacts.reach import can_be_mailed
from subscriptions.segments.operators import Operator
from subscriptions.segments.subjects import CONTACT
from subscriptions.segments.tree import Condition, Group, Joint, Node
from subscriptions.segments.values import NOTHING

_CAN_BE_MAILED = Condition(
    subject=CONTACT["email"],
    operator=Operator(
        name="can_be_mailed",
        label="",
        form=NOTHING,
        ask=lambda _subject, _value, _clock: can_be_mailed(),
    ),
)


def reachable(node: Node) -> Node:
    """Return who of these people can be mailed."""
    return Group(joint=Joint.ALL, parts=(node, _CAN_BE_MAILED))
