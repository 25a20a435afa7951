"""Pages as tests read them: every element with its attributes and its text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(slots=True)
class Element:
    """One element; `text` is all that stands in it, blanks folded."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in the element."""
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(" ".join(parts).split())

    def every(self, tag: str = "", **attributes: str | None) -> list["Element"]:
        """Find what has these attributes, in order; None asks only that one is there. `data_x` stands for `data-x`."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        return [one for one in self.walk() if (not tag or one.tag == tag) and one._has(wanted)]

    def one(self, tag: str = "", **attributes: str | None) -> "Element":
        """Find the only such element."""
        [found] = self.every(tag, **attributes)
        return found

    def walk(self) -> Iterator["Element"]:
        """Yield every element below."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def _has(self, wanted: dict[str, str | None]) -> bool:
        return all(name in self.attributes and value in (None, self.attributes[name]) for name, value in wanted.items())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        if tag not in _VOID:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        if tag in [one.tag for one in self.open]:
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(page: bytes | str) -> Element:
    """Read a page or a part of one."""
    reader = _Reader()
    reader.feed(page.decode() if isinstance(page, bytes) else page)
    return reader.open[0]
