"""The links and pictures of an e-mail: which there are, and what is wrong with them before anything is sent."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from automations.email import cleaning, marks

_WEB = ("http", "https")


class _Finder(HTMLParser):
    """Lists addresses, each with the attribute that it stands in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the address of a link or a picture."""
        wanted = {"a": "href", "area": "href", "img": "src"}.get(tag)
        self.found += [(name, value or "") for name, value in attrs if name == wanted]


def addresses(body: str) -> Iterator[tuple[str, str]]:
    """Return the addresses in the HTML of an e-mail, tags in them as they were typed, each with its attribute."""
    marked = cleaning.clean(marks.set_aside(cleaning.styles_of(body)[0]))
    finder = _Finder()
    finder.feed(marked.html)
    finder.close()
    for name, address in finder.found:
        yield name, marks.as_written(marks.Marked(html=address, tags=marked.tags)).strip()


def problem_of(body: str) -> str:
    """Say of the first address that would lead nowhere why; empty where all are whole."""
    return next((words for name, address in addresses(body) if (words := _problem(name, address))), "")


def _problem(name: str, address: str) -> str:
    if address.startswith("{"):
        return ""
    schemes = cleaning.SCHEMES if name == "href" else _WEB
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in schemes and bool(parts.netloc if parts.scheme in _WEB else parts.path)
    except ValueError:
        is_whole = False
    if is_whole:
        return ""
    words = {
        "href": _("the link to “%(address)s” leads nowhere: write the whole address, with https://"),
        "src": _("the picture “%(address)s” is not found by mail programs: write its whole address, with https://"),
    }
    return words[name] % {"address": address[:80]}
