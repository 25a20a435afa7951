"""HTML that somebody has written, cleaned: what can run, load or escape from an e-mail is taken out."""

import re

import nh3

from automations.email.marks import Marked

# What mail programs show; no form, frame, script or sound.
_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del", "div", "dl"),
    *("dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li"),
    *("mark", "ol", "p", "pre", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td"),
    *("tfoot", "th", "thead", "tr", "u", "ul", "section", "header", "footer"),
}
_SHARED = {"align", "class", "dir", "id", "lang", "role", "style", "title", "valign", "width", "height", "bgcolor"}
_OWN: dict[str, set[str]] = {
    "a": {"href", "name", "target"},
    "img": {"src", "alt", "border"},
    "table": {"border", "cellpadding", "cellspacing", "summary"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap", "scope"},
    "font": {"color", "face", "size"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type"},
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_STYLE = re.compile(r"<style\b[^>]*>(.*?)(?:</style\s*>|\Z)", re.DOTALL | re.IGNORECASE)
# What a style sheet could load or close.
_UNSAFE_STYLE = re.compile(r"@import[^;]*;?|@charset[^;]*;?|@font-face\s*\{[^}]*\}|<|url\([^)]*\)", re.IGNORECASE)
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"*": _SHARED, **_OWN},
    clean_content_tags={"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"},
    url_schemes=set(SCHEMES),
    strip_comments=False,
    link_rel=None,
)


def clean(marked: Marked) -> Marked:
    """Return HTML with nothing in it that no mail program should get; broken HTML is mended."""
    return Marked(html=_CLEANER.clean(marked.html), tags=marked.tags)


def styles_of(html: str) -> tuple[str, str]:
    """Take the style sheets out of HTML; return it and them, without what they would load."""
    sheets = "\n".join(_UNSAFE_STYLE.sub("", found[1]) for found in _STYLE.finditer(html))
    return _STYLE.sub("", html), sheets.strip()
