"""What is wrong with the translations: every text must be there, in step with the sources, with its placeholders."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message

from config import extraction
from config.translations import PO, ROOT, Key, by_key, ids, key, read, strings

# What French writes otherwise: a space that may break before these signs or within guillemets, a straight apostrophe.
MISPRINT = re.compile(r" (?=[:;?!»](?:\s|$))|(?<=«) |(?<=[^\W\d_])'(?=[^\W\d_])")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-zA-Z]|%[sdif]\b|%%|\{\w*\}")


def problems(po: Path = PO, *, root: Path = ROOT) -> Iterator[str]:
    """Yield a line for each text that is missing, empty, fuzzy, stale, obsolete, misprinted or without placeholders."""
    catalog = read(po)
    sources, known = by_key(extraction.collect(root)), by_key(catalog)
    for name, source in sources.items():
        faults = _faults(source, known[name]) if name in known else ["missing"]
        yield from (f"{_shown(name)}: {fault}" for fault in faults)
    gone = [name for name in known if name not in sources]
    for name in (*gone, *map(key, catalog.obsolete.values())):
        yield f"{_shown(name)}: obsolete"


def _faults(source: Message, known: Message) -> Iterator[str]:
    if not all(strings(known)):
        yield "empty"
    if known.fuzzy:
        yield "fuzzy"
    if _from_sources(source) != _from_sources(known):
        yield "stale, its sources have changed"
    if any(map(MISPRINT.search, strings(known))):
        yield "has a space that may break before : ; ? ! or within « », or a straight apostrophe"
    yield from _placeholder_faults(known)


def _from_sources(message: Message) -> tuple[object, ...]:
    """Return the parts of an entry that the sources decide."""
    files = sorted({name for name, _line in message.locations})
    return ids(message), files, message.auto_comments


def _placeholder_faults(message: Message) -> Iterator[str]:
    """Compare placeholders; a translated singular may write its number as a word, as an English one does."""
    expected = [_placeholders(text) for text in ids(message)]
    for index, translation in enumerate(strings(message)):
        found = _placeholders(translation)
        accepted = expected if index == 0 else expected[-1:]
        if translation and found not in accepted:
            yield f"has {_listed(found)} where the text has {_listed(accepted[-1])}"


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "no placeholder"


def _shown(name: Key) -> str:
    text, context = name
    return f"{text!r}" if context is None else f"{text!r} ({context})"
