"""Draw from a seeded source of chance."""

from collections.abc import Iterator, Sequence
from random import Random
from string import ascii_letters, digits

_ALPHABET = digits + ascii_letters


def letters(rng: Random, length: int, alphabet: str = _ALPHABET) -> str:
    """Draw letters and digits."""
    return "".join(rng.choices(alphabet, k=length))


def each_then_any[T](rng: Random, options: Sequence[T], weights: Sequence[float]) -> Iterator[T]:
    """Give each option once, then options by their weights, without end."""
    yield from options
    while True:
        yield from rng.choices(options, weights, k=64)
