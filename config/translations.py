"""Our French: kept in step with the sources and compiled for Django, without GNU gettext."""

import tempfile
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from config import extraction

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "fr"
PO = ROOT / "config" / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
COMMENT = "# Our French; `manage.py translations update` keeps its texts in step with the sources."
# Lines of a header that change with the day, the tool or the person, and would make noise in every diff.
NOISE = (
    "Generated-By",
    "Language-Team",
    "Last-Translator",
    "PO-Revision-Date",
    "POT-Creation-Date",
    "Project-Id-Version",
    "Report-Msgid",
)

type Key = tuple[str, str | None]


def update(po: Path = PO, *, root: Path = ROOT) -> int:
    """Add the sources' new texts, drop those that are gone, keep every translation; return how many lack one."""
    merged = _merge(extraction.collect(root), read(po))
    _replace(po, _written(merged))
    return sum(not all(strings(message)) for message in by_key(merged).values())


def compile_stale(po: Path = PO) -> bool:
    """Write what Django reads if it is missing or older than its source; say whether it was written.

    The new file takes the old one's place in one step, so several processes may do this at once.
    """
    if not is_stale(po):
        return False
    compiled = BytesIO()
    write_mo(compiled, read(po))
    _replace(compiled_path(po), compiled.getvalue())
    return True


def is_stale(po: Path = PO) -> bool:
    """Tell whether what Django reads is missing or older than its source."""
    compiled = compiled_path(po)
    return not compiled.exists() or compiled.stat().st_mtime < po.stat().st_mtime


def compiled_path(po: Path = PO) -> Path:
    """Return where Django looks for the compiled translations."""
    return po.with_suffix(".mo")


def read(po: Path) -> Catalog:
    """Read a catalog; a file that does not exist yet is an empty one."""
    if not po.exists():
        return Catalog(locale=LANGUAGE)
    with po.open("rb") as file:
        return read_po(file, locale=LANGUAGE, abort_invalid=True)


def by_key(catalog: Catalog) -> dict[Key, Message]:
    """Return a catalog's entries by their (singular) text and context, without its header."""
    return {key(message): message for message in catalog if message.id}


def key(message: Message) -> Key:
    """Return what makes an entry one and the same: its singular text and its context."""
    return ids(message)[0], message.context


def ids(message: Message) -> tuple[str, ...]:
    """Return an entry's text, or its singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings(message: Message) -> tuple[str, ...]:
    """Return an entry's translation, or one for each plural form; empty where there is none."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def _merge(sources: Catalog, known: Catalog) -> Catalog:
    merged = Catalog(locale=LANGUAGE, header_comment=COMMENT, charset="utf-8", fuzzy=False)
    translated = by_key(known)
    for name, source in by_key(sources).items():
        string = _reusable(translated.get(name), source)
        merged.add(source.id, string, source.locations, auto_comments=source.auto_comments, context=source.context)
    return merged


def _reusable(known: Message | None, source: Message) -> str | tuple[str, ...] | None:
    """Return a known translation that still fits: a fuzzy one is a guess, and another plural is another text."""
    if known is None or known.fuzzy or ids(known) != ids(source):
        return None
    return strings(known) if source.pluralizable else strings(known)[0]


def _written(catalog: Catalog) -> bytes:
    """Return a catalog as a file: sorted by text and without line numbers, so that a diff shows what changed."""
    file = BytesIO()
    write_po(file, catalog, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in NOISE))).encode()


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
