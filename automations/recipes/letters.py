"""The e-mails of recipes: a file for each recipe and language, each e-mail under "=== NAME", its subject on top."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from automations.email.languages import other_languages, short
from automations.email.plain import html_of

type Letter = dict[str, str]
_FOLDER = Path(__file__).parent / "letters"
_HEAD = re.compile(r"^=== (.+)\n", re.MULTILINE)
LANGUAGES = ("en", "fr")


@cache
def read(key: str, language: str) -> dict[str, Letter]:
    """Return the e-mails of a recipe in a language by their names, each with subject and text."""
    _before, *parts = _HEAD.split((_FOLDER / f"{key}.{language}.txt").read_text(encoding="utf-8"))
    return {name: _letter(written) for name, written in zip(parts[::2], parts[1::2], strict=True)}


def steps_of(key: str) -> Callable[..., dict[str, Any]]:
    """Return what writes the step of one e-mail of a recipe, in the account's language and in the others."""
    others = [language for language in other_languages() if language in LANGUAGES]
    account = short(settings.LANGUAGE_CODE)
    own = account if account in LANGUAGES else LANGUAGES[0]

    def mail(name: str, *, purpose: str = "service") -> dict[str, Any]:
        translations = {language: _words(key, language, name) for language in others if language != own}
        told = {**_words(key, own, name), "purpose": purpose, "translations": translations}
        return {"id": name, "do": "email", "campaign": told}

    return mail


def _words(key: str, language: str, name: str) -> dict[str, str]:
    letter = read(key, language)[name]
    return {"subject": letter["subject"], "body": html_of(letter["text"])}


def _letter(written: str) -> Letter:
    subject, _blank, text = written.strip().partition("\n\n")
    return {"subject": subject, "text": text}
