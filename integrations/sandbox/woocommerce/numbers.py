"""The numbers that WordPress gives: one sequence for posts, one each for users, terms, webhooks and our events."""

from collections.abc import Mapping

_FIRST = {"post": 11, "user": 2, "term": 16, "webhook": 1, "event": 1}
_SEQUENCES = {"customer": "user", "webhook": "webhook", "term": "term", "event": "event"}


class Numbers:
    """Count on; numbers are texts here, as the records' ids are."""

    def __init__(self, following: Mapping[str, int] = _FIRST) -> None:
        self.following = dict(following)

    def take(self, kind: str) -> str:
        """Give the next number of a kind; subscriptions, orders, products and variations are all posts."""
        sequence = _SEQUENCES.get(kind, "post")
        number = self.following[sequence]
        self.following[sequence] = number + 1
        return str(number)
