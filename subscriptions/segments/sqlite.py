"""The function that SQLite lacks: a text without regard to case, beyond ASCII, and outer blanks."""

from typing import Any


def fold(text: Any) -> Any:
    """Fold a text as PostgreSQL's LOWER(BTRIM(text)) does: letter by letter, whatever stands beside it.

    So what a text contains is contained after folding too; Python's own rule for a whole text heeds word ends.
    What is no text stays.
    """
    if not isinstance(text, str):
        return text
    trimmed = text.strip(" ")
    return trimmed.lower() if trimmed.isascii() else "".join(map(str.lower, trimmed))


def teach(connection: Any, **_kwargs: Any) -> None:
    """Teach a new connection to SQLite the function."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("segment_fold", 1, fold, deterministic=True)
