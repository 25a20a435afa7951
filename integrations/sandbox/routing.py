"""Find the handler of a method and a path in a table."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from integrations.sandbox.wire import Answer, Request

Handler = Callable[..., Answer]
Row = tuple[str, str, Handler]

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Match:
    """A handler and the named parts of the path it was found by."""

    handler: Handler
    parts: dict[str, str]

    def __call__(self, request: Request) -> Answer:
        return self.handler(request, **self.parts)


class Routes:
    """A table of (method, pattern, handler); a pattern is a regular expression in which `{name}` is one segment."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = [(method, _pattern(path), handler) for method, path, handler in rows]

    def find(self, request: Request) -> Match | None:
        """Find who answers a request; None when nobody does."""
        for method, pattern, handler in self._rows:
            if method == request.method and (found := pattern.fullmatch(request.path)):
                return Match(handler, found.groupdict())
        return None


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>[^/]+)", path))
