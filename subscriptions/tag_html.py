"""Personal tags in e-mails: in links values are made safe for a URL, and the links are handed to whoever sends.

A prepared template holds two tags that nobody writes by hand: `{% link %}...{% endlink %}` around the address of a
link, and `{% source %}...{% endsource %}` around that of an image. What they come to is the caller's to say.
"""

from collections.abc import Callable
from html import unescape
from typing import TextIO, cast
from urllib.parse import quote

from liquid import Markup
from liquid.ast import BlockNode, Node
from liquid.context import RenderContext
from liquid.parser import get_parser
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.token import TOKEN_EOF, TOKEN_TAG, Token

type Addresses = Callable[[str], str]
# Under which names the template finds what addresses come to; no tag of anybody's can be named like this.
LINKS = {"link": "-link", "source": "-source"}


def url_part(value: object) -> Markup:
    """Make a value safe for a part of a URL."""
    if value is None:
        return Markup()
    text = unescape(str(value)) if isinstance(value, Markup) else str(value)
    return Markup(quote(text, safe=""))


class AddressNode(Node):
    """An address of which the tags have been carried out."""

    def __init__(self, token: Token, block: BlockNode, handler: str) -> None:
        super().__init__(token)
        self.block, self.handler = block, handler

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write what the caller makes of it."""
        written = context.get_buffer(buffer)
        self.block.render(context, written)
        made = cast(Addresses, context.globals[self.handler])
        if context.autoescape:
            return buffer.write(str(Markup.escape(made(unescape(written.getvalue())))))
        return buffer.write(made(written.getvalue()))


class _AddressTag(Tag):
    """The tag around an address."""

    block = True
    node_class = AddressNode

    def parse(self, stream: TokenStream) -> AddressNode:
        """Read what stands in it."""
        token = stream.eat(TOKEN_TAG)
        inner = get_parser(self.env).parse_block(stream, (self.end, TOKEN_EOF))
        stream.expect(TOKEN_TAG, value=self.end)
        return AddressNode(token, inner, LINKS[self.name])


class LinkTag(_AddressTag):
    """Around the address of a link."""

    name = "link"
    end = "endlink"


class SourceTag(_AddressTag):
    """Around the address of an image."""

    name = "source"
    end = "endsource"
