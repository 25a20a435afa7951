"""How the e-mails of a recipe read: for a made-up person and payment, which are nowhere in the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from automations.flow import reading
from automations.flow.shape import every_step
from automations.flow.translations import words_in
from automations.recipes.recipe import Recipe
from contacts.models import Contact
from subscriptions import personalisation
from subscriptions.models import RecurringPayment


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

    about: str
    first: Reading
    others: tuple[Reading, ...]


def mails(recipe: Recipe, *, language: str) -> list[Mail]:
    """Return the e-mails of a recipe in their order, first in the reader's language."""
    steps = every_step(reading.read(recipe.flow()).steps)
    return [_mail(one.options, language) for one in steps if one.kind.name == "email"]


def _mail(options: Mapping[str, Any], language: str) -> Mail:
    known = dict(_readings(options))
    first = known.pop(language, None) or known.pop(next(iter(known)))
    return Mail(about=options["about"], first=first, others=tuple(known.values()))


def _readings(options: Mapping[str, Any]) -> Iterator[tuple[str, Reading]]:
    person, payment = _made_up()
    for language, name in settings.LANGUAGES:
        words = words_in(options, language)
        with translation.override(language):
            subject, text = (personalisation.render(words[part], person, payment) for part in ("subject", "text"))
        yield language, Reading(language=language, name=name, subject=subject, text=text)


def _made_up() -> tuple[Contact, RecurringPayment]:
    now = timezone.now()
    payment = RecurringPayment(
        pk=0,  # of which there are no items
        name="Pro",
        status="active",
        payment_amount=Decimal(29),
        currency="EUR",
        start_date=now - timedelta(days=365),
        next_payment_date=now + timedelta(days=3),
        renewal_date=now + timedelta(days=20),
        payment_method_expiration=now.replace(day=1),
    )
    return Contact(first_name="Camille", email="camille@example.com", created_at=now), payment
