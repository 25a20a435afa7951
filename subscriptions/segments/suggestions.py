"""Values that the data has already, for whoever types one: the most frequent of the newest rows.

Only so many of the newest rows are looked at, found by their primary key, so that asking costs the same however many
there are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model

from config.seeking import contains
from contacts.models import Contact, Tag
from subscriptions.kinds import TEXT, TEXT_LIST
from subscriptions.models import LineItem, RecurringPayment
from subscriptions.segments.subjects import CONTACT, PAYMENT, TAG, TAG_SUBJECT, Subject

LOOKED_AT = 10_000
MOST = 20
LONGEST = 200
_KNOWN: dict[str, Any] = {"field": PAYMENT, "contact": CONTACT, TAG: {TAG: TAG_SUBJECT}}


def suggests(subject: Subject) -> bool:
    """Say whether values of a subject can be suggested."""
    return subject.key == TAG or subject.kind in (TEXT, TEXT_LIST)


def find(key: str, name: str) -> Subject | None:
    """Return the subject that can be suggested values of."""
    subject: Subject | None = _KNOWN.get(key, {}).get(name)
    return subject if subject and suggests(subject) else None


def values(subject: Subject, words: str = "") -> list[str]:
    """Return values that contain these words, however capitalised: the most frequent first."""
    wanted = words.strip().casefold()
    if subject.key == TAG:
        return list(Tag.objects.filter(contains(wanted, "name")).values_list("name", flat=True)[:MOST])
    told = Counter(text for text in _texts(_newest(subject)) if wanted in text.casefold())
    return [text for text, _count in told.most_common(MOST)]


def _newest(subject: Subject) -> Iterable[Any]:
    models: dict[str, type[Model]] = {"contact": Contact, "field": LineItem if subject.item else RecurringPayment}
    rows = models[subject.key]._default_manager.order_by("-pk")
    return rows.values_list(subject.item or subject.column, flat=True)[:LOOKED_AT]


def _texts(told: Iterable[Any]) -> Iterator[str]:
    """Yield each text once a row, without blanks around it; what is too long to be chosen from a list is left out."""
    for value in told:
        texts = value if isinstance(value, list) else [value]
        yield from {text.strip() for text in texts if isinstance(text, str) and 0 < len(text.strip()) <= LONGEST}
