"""Tags in HTML, set aside while the HTML is cleaned and styled, and put back where each of them stood.

In place of each tag stands its number between two characters that no text uses, which neither a cleaner nor a styler
touches. A tag that shows nothing by itself, such as an if, stands in a comment instead, wherever it is between two
elements: text there would be moved out of a table.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape, unescape

from automations.email.plain import AFTER_LINK, BEFORE_LINK

# Of Unicode's private use, as those around links: whoever writes one in a text loses it.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PRIVATE = dict.fromkeys(range(0xE000, 0xE010))
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_ELEMENT = re.compile(r"<[a-zA-Z/][^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*)*>")
_MARK = re.compile(f"(<!--)?{_OPEN}(\\d+){_CLOSE}(?(1)-->)")
_ADDRESS = re.compile(r'(<(a|area|img)\b[^>]*?\s(href|src)=)"([^"]*)"')
_LINK = re.compile(f"{BEFORE_LINK}(.*?){AFTER_LINK}")
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
# What stands around the address that an element has, so that whoever sends can say what it becomes.
_AROUND = {"href": "link", "src": "source"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """HTML with marks in place of its tags, and the tags by their numbers, as they were written."""

    html: str
    tags: Mapping[int, str]


def set_aside(html: str, *, among: dict[int, str] | None = None) -> Marked:
    """Take the tags out of HTML, and put them `among` those of other parts; comments are left out altogether."""
    tags = {} if among is None else among

    def take(found: re.Match[str]) -> str:
        number = len(tags)
        tags[number] = unescape(found[0]).replace("\xa0", " ")
        return f"{_OPEN}{number}{_CLOSE}"

    marked = TAG.sub(take, _COMMENT.sub("", html.translate(_PRIVATE)))
    return Marked(html=_commented(marked, tags), tags=tags)


def put_back(marked: Marked) -> str:
    """Return the HTML with its tags, written as they are in HTML."""
    return _replaced(marked.html, lambda number: escape(marked.tags[number]))


def as_written(marked: Marked) -> str:
    """Return the HTML with its tags as whoever reads them has to: as they were typed, in no comment."""
    return _replaced(marked.html, lambda number: marked.tags[number])


def put_back_in_html(marked: Marked) -> str:
    """Return a template of HTML: texts in tags are escaped, and addresses stand in tags that say so."""

    def address(found: re.Match[str]) -> str:
        name = _AROUND[found[3]]
        return f'{found[1]}"{{% {name} %}}{_address(found[4], marked.tags, _escaped)}{{% end{name} %}}"'

    with_addresses = _ADDRESS.sub(address, marked.html)
    return _replaced(with_addresses, lambda number: _escaped(marked.tags[number]))


def put_back_in_text(text: str, tags: Mapping[int, str]) -> str:
    """Return a template of plain text, in which addresses of links stand in tags that say so."""
    with_links = _LINK.sub(lambda found: f"{{% link %}}{_address(found[1], tags, str)}{{% endlink %}}", text)
    return _replaced(with_links, lambda number: tags[number])


def lost(marked: Marked) -> list[str]:
    """Name the tags that cleaning has taken away, since they stood where none can stand."""
    left = {int(found[2]) for found in _MARK.finditer(marked.html)}
    return [tag for number, tag in marked.tags.items() if number not in left]


def is_shown(tag: str) -> bool:
    """Tell whether a tag writes something where it stands."""
    return tag.startswith("{{")


def _commented(marked: str, tags: Mapping[int, str]) -> str:
    """Put tags that show nothing into comments, wherever they are not within an element."""
    parts, at = [], 0
    for found in _ELEMENT.finditer(marked):
        parts += [_comments(marked[at : found.start()], tags), found[0]]
        at = found.end()
    return "".join([*parts, _comments(marked[at:], tags)])


def _comments(text: str, tags: Mapping[int, str]) -> str:
    return _MARK.sub(lambda found: found[0] if is_shown(tags[int(found[2])]) else f"<!--{found[0]}-->", text)


def _replaced(text: str, tag: Callable[[int], str]) -> str:
    return _MARK.sub(lambda found: tag(int(found[2])), text)


def _address(address: str, tags: Mapping[int, str], written: Callable[[str], str]) -> str:
    """Put the tags back into an address; a value that is not all of it becomes safe for a URL."""

    def tag(mark: re.Match[str]) -> str:
        own = tags[int(mark[2])]
        if not is_shown(own) or mark.start() == 0:
            return written(own)
        return f"{{{{ {written(own)[2:-2].strip(' -')} | url_part }}}}"

    return _MARK.sub(tag, address)


def _escaped(tag: str) -> str:
    """Escape the texts that a tag may show, as values are; those that it compares with stay."""
    if not is_shown(tag) and not tag.strip("{%- ").startswith("assign"):
        return tag
    return _LITERAL.sub(lambda found: found[0][0] + escape(found[0][1:-1]) + found[0][0], tag)
