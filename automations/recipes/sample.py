"""How the e-mails of a recipe read: for a made-up person and payment, which are nowhere in the database."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

from automations.email import content, sheets, writing
from automations.email.content import Content
from automations.email.preparing import prepare
from automations.email.sample import made_up
from automations.flow import reading
from automations.flow.shape import every_step
from automations.models import Sheet
from automations.recipes.recipe import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One e-mail in one language, which `name` names in its own words."""

    language: str
    name: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One e-mail of a recipe: of which kind it is, as it reads in the first language, and in the others."""

    purpose: str
    first: Reading
    others: tuple[Reading, ...]


def mails(recipe: Recipe, *, language: str) -> list[Mail]:
    """Return the e-mails of a recipe in their order, first in the reader's language."""
    steps = every_step(reading.read(recipe.flow()).steps)
    return [_mail(content.read(one.options["campaign"]), language) for one in steps if one.kind.name == "email"]


def _mail(told: Content, language: str) -> Mail:
    known = dict(_readings(told))
    first = known.pop(language, None) or known.pop(next(iter(known)))
    return Mail(purpose=told.purpose, first=first, others=tuple(known.values()))


def _readings(told: Content) -> Iterator[tuple[str, Reading]]:
    person, payment = made_up()
    sender = sheets.sender()
    for language, name in settings.LANGUAGES:
        _own, words = told.in_language(language)
        prepared = prepare(told, language=language, sender=sender)
        sheet = Sheet(subject=words.subject, html=prepared.html, text=content.as_text(words))
        letter = writing.Letter(sheet=sheet, content=told, sender=sender, contact=person, payment=payment)
        with translation.override(language):
            written = writing.write(letter)
        yield language, Reading(language=language, name=name, subject=written.subject, text=written.text)
