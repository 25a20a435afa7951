"""Who is acting on people just now, so that what their tags and lists start knows how deep in automations it is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from automations.models import Enrolment

_DEPTHS: ContextVar[dict[int, int]] = ContextVar("depths")


@contextmanager
def because_of(people: Sequence[Enrolment]) -> Iterator[None]:
    """Have everything that happens to these people inside be caused by where they are."""
    token = _DEPTHS.set({one.contact_id: one.depth + 1 for one in people})
    try:
        yield
    finally:
        _DEPTHS.reset(token)


def depth_of(contact: int) -> int:
    """Return how many automations have led to what happens to a contact now."""
    return _DEPTHS.get({}).get(contact, 0)
