"""What an export has written, as one file."""

import csv
from collections.abc import Iterator
from io import StringIO

from django.utils import translation

from contacts.merging import numbers_of
from contacts.models import Contact
from subscriptions.catalogue import BY_NAME
from subscriptions.people_actions.kinds import PERSON
from subscriptions.people_actions.models import PeopleAction, PeopleSlice


def text(action: PeopleAction) -> Iterator[str]:
    """Return the file part by part; it begins with a mark, or a spreadsheet reads UTF-8 as something else."""
    yield "\ufeff" + _head(action)
    yield from action.slices.order_by("number").values_list("text", flat=True).iterator(chunk_size=5)


def forget(contact: Contact) -> None:
    """Take a person out of all exports, the others stay."""
    theirs = numbers_of(contact)
    for part in PeopleSlice.objects.exclude(text="").iterator(chunk_size=5):
        if not theirs.isdisjoint(part.people):
            part.people = [pk for pk in part.people if pk not in theirs]
            part.text = _without(part.text, theirs)
            part.save(update_fields=["people", "text"])


def _head(action: PeopleAction) -> str:
    columns = {one.attname: one.verbose_name for one in Contact._meta.concrete_fields}
    with translation.override(action.language):
        labels = [str(columns[name]) for name in PERSON]
        return _line([*(f"{label[:1].upper()}{label[1:]}" for label in labels), *_fields(action)])


def _fields(action: PeopleAction) -> list[str]:
    return [str(BY_NAME[name].label) for name in action.columns]


def _without(lines: str, numbers: set[int]) -> str:
    rows = csv.reader(StringIO(lines, newline=""))
    return "".join(_line(row) for row in rows if int(row[0]) not in numbers)


def _line(row: list[str]) -> str:
    written = StringIO()
    csv.writer(written).writerow(row)
    return written.getvalue()
