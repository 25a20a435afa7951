"""An e-mail in several languages: the form of what it says in those that are not the account's."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from automations.flow.forms import Form
from automations.flow.ground import Ground
from automations.flow.mistakes import FlowError
from subscriptions.segments.mistakes import Mistakes, below

type Words = Mapping[str, str]


def other_languages() -> dict[str, str]:
    """Name the languages that are not the account's, each in its own words."""
    return {code: name for code, name in settings.LANGUAGES if code != _short(settings.LANGUAGE_CODE)}


def words_in(options: Mapping[str, Any], language: str) -> Words:
    """Return what an e-mail says in a language or, where it has no such translation, in the account's."""
    known = options.get("translations", {})
    found: Words = known.get(language) or known.get(_short(language)) or options
    return found


def translations(parts: Mapping[str, Form]) -> Form:
    """Each of these parts once more in other languages: {"fr": {"subject": ..., "text": ...}}, whole or not at all."""

    def read(value: Any, ground: Ground, _said: Mapping[str, Any]) -> dict[str, Words]:
        if not isinstance(value, dict):
            raise ValueError(_("must be an object"))
        mistakes = Mistakes()
        known = value if ground.trusts else other_languages()
        for language in value.keys() - known.keys():
            words = _("must be one of: %(choices)s") % {"choices": ", ".join(known)}
            mistakes.complain(str(language)[:60], words)
        found = {one: _read(value[one], parts, one, ground, mistakes) for one in known if one in value}
        if mistakes.errors:
            raise FlowError(mistakes.errors)
        return found

    facts = {"languages": other_languages(), "most": {name: form.facts["most"] for name, form in parts.items()}}
    return Form(name="translations", read=read, facts=facts)


def _read(data: Any, parts: Mapping[str, Form], path: str, ground: Ground, mistakes: Mistakes) -> Words:
    """Read what is said in one language, and complain of everything that is wrong."""
    if not isinstance(data, dict):
        mistakes.complain(path, _("must be an object"))
        return {}
    mistakes.only(data, path, set(parts))
    return {name: _part(data, name, form, path, ground, mistakes) for name, form in parts.items()}


def _part(data: Mapping[str, Any], name: str, form: Form, path: str, ground: Ground, mistakes: Mistakes) -> str:
    try:
        if name in data:
            return str(form.read(data[name], ground, data))
        mistakes.complain(below(path, name), _("is missing"))
    except ValueError as error:
        mistakes.complain(below(path, name), str(error))
    return ""


def _short(language: str) -> str:
    """Return the language of a variant: "fr" of "fr-ca"."""
    return language.partition("-")[0]
