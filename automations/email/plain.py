"""The plain text of an e-mail, made from its HTML, for those who read without."""

import re
from html import escape
from html.parser import HTMLParser

_BLOCKS = {"p", "div", "section", "header", "footer", "blockquote", "table", "ul", "ol", "dl", "figure", "pre"}
_HEADS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LINES = {"br", "tr", "dd", "dt"}
# Around the addresses of links; no text has them.
BEFORE_LINK, AFTER_LINK = "\ue003", "\ue004"
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_GAP = re.compile(r"\n{3,}")


class _Writer(HTMLParser):
    """Writes down what there is to read, a paragraph's distance between blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[tuple[str, int]] = []
        self.lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in _BLOCKS or tag in _HEADS:
            self._gap("\n\n" if tag not in {"ul", "ol"} or not self.lists else "\n")
        if tag in _LINES:
            self._gap("\n", always=tag == "br")
        if tag in {"ul", "ol"}:
            self.lists.append(1 if tag == "ol" else None)
        if tag == "li":
            self._item()
        if tag == "td":
            self._cell()
        if tag == "hr":
            self.parts.append("\n\n----\n\n")
        if tag == "img" and told.get("alt"):
            self.parts.append(str(told["alt"]))
        if tag == "a":
            self.links.append((told.get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS or tag in _HEADS:
            self._gap("\n\n" if tag not in {"ul", "ol"} or len(self.lists) < 2 else "\n")
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        if tag == "a" and self.links:
            self._link(*self.links.pop())

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")  # a tag that shows nothing by itself

    def handle_data(self, data: str) -> None:
        text = _BLANKS.sub(" ", data)
        if text == " " and (not self.parts or self.parts[-1].endswith(("\n", " "))):
            return
        self.parts.append(text.lstrip(" ") if not self.parts or self.parts[-1].endswith("\n") else text)

    def _item(self) -> None:
        self._gap("\n")
        depth, number = "  " * max(len(self.lists) - 1, 0), self.lists[-1] if self.lists else None
        self.parts.append(f"{depth}- " if number is None else f"{depth}{number}. ")
        if number is not None:
            self.lists[-1] = number + 1

    def _cell(self) -> None:
        if self.parts and not self.parts[-1].endswith(("\n", " ")):
            self.parts.append(" ")

    def _link(self, address: str, start: int) -> None:
        """Write the address behind the words, unless they are the address."""
        words = "".join(self.parts[start:]).strip()
        target = address.removeprefix("mailto:").removeprefix("tel:")
        if not target or target == words or address.startswith("#"):
            return
        if target == address:
            target = f"{BEFORE_LINK}{target}{AFTER_LINK}"
        self.parts.append(f" ({target})" if words else target)

    def _gap(self, gap: str, *, always: bool = False) -> None:
        if always or (self.parts and not self.parts[-1].endswith(gap)):
            self.parts.append(gap)


def html_of(text: str) -> str:
    """Return a text as HTML, a paragraph for each of its own; tags in it stay as they are."""
    paragraphs = (escape(part, quote=False) for part in re.split(r"\n\s*\n", text.strip()))
    return "".join("<p>{}</p>".format("<br>".join(part.splitlines())) for part in paragraphs)


def text_of(html: str) -> str:
    """Return what there is to read in a fragment of HTML, addresses of links between two characters that say so.

    Comments stay, for tags may stand in them.
    """
    writer = _Writer()
    writer.feed(html)
    writer.close()
    lines = (line.rstrip() for line in "".join(writer.parts).split("\n"))
    return _GAP.sub("\n\n", "\n".join(lines)).strip()
