"""Personal tags in texts: Liquid over what is known of a person and of one of their recurring payments.

Templates see plain data only, named as in the catalogue, and every limit of the language is set, so that none can run
for long or write much. The filters are those whose result cannot outgrow what they are given by far; there is no
`replace` or `join`, which multiply two texts with each other.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from liquid import BoundTemplate, Environment
from liquid.builtin import content, illegal, output
from liquid.builtin.tags import assign_tag, capture_tag, case_tag, comment_tag, for_tag, if_tag, unless_tag
from liquid.exceptions import LiquidError
from liquid.static_analysis import Variable

from contacts.models import Contact
from subscriptions import tag_html, tag_values
from subscriptions.models import RecurringPayment
from subscriptions.tag_filters import FILTERS
from subscriptions.tag_values import CONTACT, PAYMENT

MOST_OUTPUT = 500_000
_CLASSIC = re.compile(r"%(RECURRING_PAYMENT|CONTACT)_([A-Z0-9_]+)%")
_SHOWN = re.compile(r"\{\{-?\s*(\w+)\.(\w+).*?\}\}", re.DOTALL)
_ROOTS: Mapping[str, Mapping[str, Any]] = {"recurring_payment": PAYMENT, "contact": CONTACT}
type Data = Mapping[str, Mapping[str, Any]]


class RenderError(Exception):
    """A template went beyond its limits, or reckons with what is no number; nothing of it can be used."""


class _Environment(Environment):
    """The language as far as we have it: no loading of other templates, no endless or swelling work."""

    block_nesting_limit = 10
    context_depth_limit = 10
    loop_iteration_limit = 1000
    local_namespace_limit = 64 * 1024
    output_stream_limit = MOST_OUTPUT

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Have these, and nothing else."""
        del extra
        for tag in _TAGS:
            self.add_tag(tag)
        for name, filter_ in FILTERS.items():
            self.add_filter(name, filter_)


_TAGS = (
    content.Literal,
    output.Output,
    illegal.Illegal,
    if_tag.IfTag,
    unless_tag.UnlessTag,
    case_tag.CaseTag,
    for_tag.ForTag,
    for_tag.BreakTag,
    for_tag.ContinueTag,
    assign_tag.AssignTag,
    capture_tag.CaptureTag,
    comment_tag.CommentTag,
)
_ENVIRONMENT = _Environment(strict_filters=True)
# Of e-mails that have been prepared, as HTML and as plain text.
_PREPARED = {is_html: _Environment(strict_filters=True, autoescape=is_html) for is_html in (True, False)}
for _one in _PREPARED.values():
    _one.add_tag(tag_html.LinkTag)
    _one.add_tag(tag_html.SourceTag)
    _one.add_filter("url_part", tag_html.url_part)


def modern(text: str) -> str:
    """Write the classic form of tags, such as %CONTACT_FIRST_NAME%, as Liquid."""
    return _CLASSIC.sub(_modern, text)


def check(text: str, *, has_payment: bool = True, also: Mapping[str, Mapping[str, Any]] | None = None) -> str:
    """Return a text as it is kept, the classic form of tags written as Liquid; raise ValueError for what is wrong.

    Without `has_payment` there is no recurring payment that its tags could speak of; `also` names further tags with
    their labels, by what stands before the point.
    """
    written = modern(text)
    try:
        template = _parsed(written)
        analysis = template.analyze()
    except LiquidError as error:
        raise ValueError(_("cannot be read as a tag: %(place)s") % {"place": _place(error, written)}) from None
    for name in sorted(analysis.filters.keys() - FILTERS.keys()):
        raise ValueError(_("there is no filter “%(name)s”") % {"name": name})
    for found in (one for several in analysis.globals.values() for one in several):
        _check_tag(found, written, _ROOTS if also is None else {**_ROOTS, **also}, has_payment=has_payment)
    return written


def data_of(contact: Contact, payment: RecurringPayment | None) -> Data:
    """Return what tags see of a person and a payment, in the language that is active; to be used for several texts."""
    return {
        "contact": tag_values.of_contact(contact),
        "recurring_payment": tag_values.of_payment(payment) if payment else {},
    }


def render(text: str, contact: Contact, payment: RecurringPayment | None) -> str:
    """Write a text for one person in the language that is active; what is not known is empty.

    Raise RenderError where the template cannot be carried out.
    """
    return text if "{" not in text else fill(text, data_of(contact, payment))


def fill(text: str, data: Data) -> str:
    """Write a text with what `data_of` returned, and further tags; raise RenderError as `render` does."""
    return text if "{" not in text else _carried_out(_parsed(text), data)


def fill_prepared(
    text: str, data: Data, *, is_html: bool, link: Callable[[str], str], source: Callable[[str], str]
) -> str:
    """Write a prepared e-mail, with its values escaped if it is HTML; raise RenderError as `render` does.

    `link` and `source` get the address of each link and image that is marked as such, and say what it becomes.
    """
    handlers = {tag_html.LINKS["link"]: link, tag_html.LINKS["source"]: source}
    return _carried_out(_parsed_prepared(text, is_html=is_html), {**data, **handlers})


def _carried_out(template: BoundTemplate, data: Mapping[str, Any]) -> str:
    try:
        return str(template.render(**data))
    except (LiquidError, ArithmeticError, ValueError, TypeError) as error:
        raise RenderError((str(error).splitlines() or [type(error).__name__])[0]) from error


def in_words(text: str) -> str:
    """Return a text with the labels of its tags in their places, for who reads about it: "Hello [First name]"."""
    return _SHOWN.sub(lambda found: f"[{_ROOTS.get(found[1], {}).get(found[2], found[2])}]", text)


def _modern(found: re.Match[str]) -> str:
    return f"{{{{ {found[1].lower()}.{found[2].lower()} }}}}"


@lru_cache(maxsize=1000)
def _parsed(text: str) -> BoundTemplate:
    return _ENVIRONMENT.from_string(text)


@lru_cache(maxsize=400)
def _parsed_prepared(text: str, *, is_html: bool) -> BoundTemplate:
    return _PREPARED[is_html].from_string(text)


def _check_tag(found: Variable, text: str, roots: Mapping[str, Mapping[str, Any]], *, has_payment: bool) -> None:
    root, *path = found.segments
    line = text.count("\n", 0, found.span.index) + 1
    known = roots.get(str(root))
    name = path[0] if path and isinstance(path[0], str) else ""
    if known is None or name not in known or (path[1:] and name != "line_items"):
        raise ValueError(_("there is no tag “%(name)s” (line %(line)d)") % {"name": found, "line": line})
    if root == "recurring_payment" and not has_payment:
        words = _("“%(name)s” (line %(line)d) speaks of a recurring payment, and no trigger here brings one")
        raise ValueError(words % {"name": found, "line": line})


def _place(error: LiquidError, text: str) -> str:
    """Quote the line that could not be read."""
    context = error.context() if error.token else None
    line, quoted = (context[0], context[3]) if context else (1, text.splitlines()[0] if text else "")
    return _("line %(line)d, “%(text)s”") % {"line": line, "text": quoted.strip()[:80]}


def tags(*, has_payment: bool) -> Iterator[tuple[str, Any]]:
    """Name the tags that can be used, each with its label."""
    yield from ((f"contact.{name}", label) for name, label in CONTACT.items())
    if has_payment:
        yield from ((f"recurring_payment.{name}", label) for name, label in PAYMENT.items())
