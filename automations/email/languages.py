"""In which languages an e-mail can be written: the account's, and translations for those whose own is another."""

from django.conf import settings


def other_languages() -> dict[str, str]:
    """Name the languages that are not the account's, each in its own words."""
    return {code: name for code, name in settings.LANGUAGES if code != short(settings.LANGUAGE_CODE)}


def short(language: str) -> str:
    """Return the language of a variant: "fr" of "fr-ca"."""
    return language.partition("-")[0]
