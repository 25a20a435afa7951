"""Draw from a seeded source of chance."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from random import Random
from string import ascii_letters, digits
from typing import Protocol

from integrations.sandbox.names import MAIL_DOMAINS
from integrations.sandbox.store import Record, Table

_ALPHABET = digits + ascii_letters
_TRIES = 40


def letters(rng: Random, length: int, alphabet: str = _ALPHABET) -> str:
    """Draw letters and digits."""
    return "".join(rng.choices(alphabet, k=length))


def each_then_any[T](rng: Random, options: Sequence[T], weights: Sequence[float]) -> Iterator[T]:
    """Give each option once, then options by their weights, without end."""
    yield from options
    while True:
        yield from rng.choices(options, weights, k=64)


class HasChances(Protocol):
    """Something that happens, with its source of chance."""

    rng: Random


def happen[Turn: HasChances](turn: Turn, happenings: Sequence[tuple[int, Callable[[Turn], bool]]]) -> bool:
    """Make one of several things happen, by weight; False when a dozen tries found nobody for any."""
    weights = [weight for weight, _ in happenings]
    drawn = turn.rng.choices([happening for _, happening in happenings], weights, k=12)
    return any(happening(turn) for happening in drawn)


def some(rng: Random, table: Table, accept: Callable[[Record], bool]) -> list[Record]:
    """Draw a few records and leave those that fit; look through all when none of the few does."""
    if not len(table):
        return []
    drawn = (table.at(rng.randrange(len(table))) for _ in range(_TRIES))
    found = [one for one in drawn if accept(one)]
    return found or [one for one in table if accept(one)][:1]


def email_address(name: str, number: int, *, otherwise: str) -> str:
    """Make an e-mail address of a name, set apart by a number, at a domain that leads nowhere real."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = ["".join(filter(str.isalnum, word)) for word in plain.split()]
    local = ".".join(filter(None, words))[:40].strip(".") or otherwise
    return f"{local}{number}@{MAIL_DOMAINS[number % len(MAIL_DOMAINS)]}"
