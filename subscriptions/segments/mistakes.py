"""What is wrong with a segment, each with its path, in the user's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _


class Unreadable(ValueError):
    """Something that cannot be read; `errors` maps each path to what is wrong there."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {words}" if path else words for path, words in errors.items()))
        self.errors = dict(errors)


class SegmentError(Unreadable):
    """A segment that cannot be read."""


class Wrong(Exception):
    """A node that cannot be read, so that nothing below it is looked at; those beside it still are."""

    def __init__(self, path: str, words: str) -> None:
        super().__init__(words)
        self.path, self.words = path, words


@dataclass(slots=True)
class Mistakes:
    """Those that were found so far."""

    errors: dict[str, str] = field(default_factory=dict)

    def complain(self, path: str, words: str) -> None:
        """Keep what is wrong at a path; the first thing said there stands."""
        self.errors.setdefault(path, words)

    def only(self, data: Mapping[str, Any], path: str, known: set[str]) -> None:
        """Complain of keys that mean nothing here."""
        for key in data.keys() - known:
            self.complain(below(path, str(key)[:60]), _("is not known here"))


def below(path: str, key: str) -> str:
    """Return the path of what a key holds."""
    return f"{path}.{key}" if path else key
