"""The auditor: compares what the house keeps with what the world outside knows, and says in words what is wrong.

Each check is a function that goes through one kind of record and yields a sentence for everything that is not as it
must be, with the ids by which it is found. It only reads, but for the last one, which has all reports counted again.
"""

from collections.abc import Callable, Iterator

from tests.chaos import checks_of_automations, checks_of_payments, checks_of_the_house
from tests.chaos.witness import Witness

type Check = Callable[[Witness], Iterator[str]]

CHECKS: tuple[Check, ...] = (
    *checks_of_payments.CHECKS,
    *checks_of_automations.CHECKS,
    *checks_of_the_house.CHECKS,
)


def audit(witness: Witness) -> list[str]:
    """Make every check, and return all that is wrong; nothing is good."""
    return [sentence for check in CHECKS for sentence in check(witness)]
