"""One HTTP request and one HTTP answer, as plain data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asked; header names are in lower case, the path has no query."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def cross_site(self) -> bool:
        """Whether a browser sent this from a page of another site."""
        return self.headers.get("sec-fetch-site", "none") == "cross-site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back; the server adds Date and Content-Length."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def encode(value: Any) -> bytes:
    """Write a value as compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def json_answer(value: Any, *, status: int = 200) -> Answer:
    """Answer with a value as JSON."""
    return Answer(status=status, body=encode(value))


def see_other(location: str) -> Answer:
    """Send a browser on to another page after a form."""
    return Answer(status=303, headers={"Location": location})
