"""Every text that our sources mark for translation, found with Babel, so that nobody needs GNU gettext."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation import templatize

APPS = ("automations", "config", "contacts", "integrations", "reports", "subscriptions")
_CONTEXT = (1, "c")
# function -> which of its arguments are the context, the singular and the plural
_PLAIN = dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"))
_COUNTED = dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))
_IN_CONTEXT = dict.fromkeys(("pgettext", "pgettext_lazy"), (_CONTEXT, 2))
_COUNTED_IN_CONTEXT = dict.fromkeys(("npgettext", "npgettext_lazy"), (_CONTEXT, 2, 3))
KEYWORDS = {**_PLAIN, **_COUNTED, **_IN_CONTEXT, **_COUNTED_IN_CONTEXT}
COMMENTS = ("Translators:",)

type Text = str | tuple[str, ...]  # a plural text is its singular and its plural


def collect(root: Path) -> Catalog:
    """Return a catalog of all texts below a project's folder, each with the files that use it, without translations."""
    catalog = Catalog(charset="utf-8")
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        for text, comments, context in texts(path):
            catalog.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def sources(root: Path) -> list[Path]:
    """Return our Python files, without migrations, and our templates, in a fixed order."""
    python = (path for app in APPS for path in (root / app).rglob("*.py") if "migrations" not in path.parts)
    templates = (path for path in (root / "templates").rglob("*") if path.suffix in {".html", ".txt"})
    return sorted((*python, *templates))


def texts(path: Path) -> Iterator[tuple[Text, list[str], str | None]]:
    """Yield each marked text of one file with the comments for translators and the context that stand with it."""
    source = path.read_text(encoding="utf-8")
    code = source if path.suffix == ".py" else python_of(source, origin=str(path))
    found = extract("python", BytesIO(code.encode()), keywords=KEYWORDS, comment_tags=COMMENTS)
    for _line, text, comments, context in found:
        if text:  # the empty text would be the catalog's own header
            yield text, comments, context


def python_of(template: str, *, origin: str) -> str:
    """Turn a template into the calls of gettext that it stands for, without the indents that Python would read."""
    return "\n".join(line.strip() for line in templatize(template, origin=origin).splitlines())
