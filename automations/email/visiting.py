"""Visiting the links of an e-mail before it is sent, to say which lead nowhere."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests

from automations.email import links
from automations.email.content import Content
from config import outgoing

MOST = 40
SECONDS = 6
_AT_ONCE = 8
# Some answer these to programs only; a person gets the page.
_PERHAPS = {HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.UNAUTHORIZED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Where a link leads, and the status of its answer; 0 where nobody answered."""

    address: str
    status: int

    @property
    def is_dead(self) -> bool:
        """Whether a reader would find nothing there."""
        return self.status == 0 or (self.status >= HTTPStatus.BAD_REQUEST and self.status not in _PERHAPS)


def visit(content: Content) -> list[Visit]:
    """Visit the links of the web that are the same for everybody, each once; redirects are not followed."""
    every = {
        address: None
        for words in (content.words, *content.translations.values())
        for _name, address in links.addresses(words.body)
        if address.startswith(("http://", "https://")) and "{" not in address
    }
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(_visit, list(every)[:MOST]))


def _visit(address: str) -> Visit:
    """Ask as a browser would, and read nothing of the answer."""
    told: dict[str, Any] = {"timeout": SECONDS, "allow_redirects": False, "stream": True}
    try:
        with outgoing.session() as session:
            answer = session.get(address, headers={"User-Agent": "Mozilla/5.0 (compatible; Ritournelle)"}, **told)
            answer.close()
            return Visit(address=address, status=answer.status_code)
    except requests.RequestException as error:  # a redirect is one too, with its answer
        return Visit(address=address, status=0 if error.response is None else error.response.status_code)
    except ValueError:
        return Visit(address=address, status=0)
