"""What is done to saved reports: saving, renaming, duplicating, archiving, deleting.

Whoever saves one takes the locks of the segments that it names, so that none is deleted meanwhile.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.custom import reading
from reports.custom.shape import Definition
from reports.models import Report
from subscriptions import names
from subscriptions.models import Segment
from subscriptions.segments.known import named_in

NAME_LENGTH = Report._meta.get_field("name").max_length or 0
DESCRIPTION_LENGTH = Report._meta.get_field("description").max_length or 0


class Stale(Exception):
    """Somebody else has saved the report since it was opened; nothing was written. `report` is how it is now."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.name)
        self.report = report


class NameTaken(Exception):
    """There is a report of that name; nothing was written."""


class BadName(ValueError):
    """The name or the description, whichever `field` says, cannot be taken; the message says why."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@transaction.atomic
def create(definition: Any, *, name: str, description: str = "", owner: User | None = None) -> Report:
    """Save a new report; raise ReportError for one that cannot be read, NameTaken and BadName for its name."""
    written = _written(definition)
    made = Report(definition=written, owner=owner, changed_by=owner, **_words(name, description))
    if names.is_taken(Report, made.name):
        raise NameTaken
    _write(made)
    return made


@transaction.atomic
def save(
    report: Report,
    definition: Any,
    *,
    name: str | None = None,
    description: str | None = None,
    by: User | None = None,
    seen: int | None = None,
) -> Report:
    """Save another definition, and another name or description where they are given.

    `seen` is the revision that was opened; raise Stale if it is not the newest any more, and else as `create` does.
    """
    newest = Report.objects.select_for_update().get(pk=report.pk)
    if seen is not None and seen != newest.revision:
        raise Stale(newest)
    words = _words(newest.name if name is None else name, newest.description if description is None else description)
    written = _written(definition) if definition != newest.definition else newest.definition
    if names.is_taken(Report, words["name"], beside=newest):
        raise NameTaken
    if (newest.definition, newest.name, newest.description) == (written, *words.values()):
        return newest
    newest.definition, newest.changed_by = written, by
    newest.name, newest.description = words.values()
    newest.revision += 1
    _write(newest)
    return newest


def rename(
    report: Report, *, name: str, description: str | None = None, by: User | None = None, seen: int | None = None
) -> Report:
    """Save another name, and another description where it is given; raise as `save` does."""
    return save(report, report.definition, name=name, description=description, by=by, seen=seen)


@transaction.atomic
def duplicate(report: Report, *, owner: User | None = None) -> Report:
    """Save a copy under a name of its own."""
    name = names.free_for_copy(Report, report.name)
    return create(report.definition, name=name, description=report.description, owner=owner)


def archive(report: Report) -> bool:
    """Put a report away, and say whether it was not."""
    return bool(Report.objects.filter(pk=report.pk, archived_at=None).update(archived_at=timezone.now()))


def take_out(report: Report) -> bool:
    """Take a report out of the archive, and say whether it was there."""
    return bool(Report.objects.filter(pk=report.pk).exclude(archived_at=None).update(archived_at=None))


def delete(report: Report) -> None:
    """Delete a report, and what belongs to it, for good."""
    report.delete()


def definition_of(report: Report) -> Definition:
    """Read a saved report; raise ReportError where it speaks of something that is gone since, such as a list."""
    return reading.read(report.definition)


def _written(definition: Any) -> dict[str, Any]:
    """Read and write it while the segments that it names are held."""
    _lists, named = named_in([definition])
    list(Segment.objects.select_for_update().filter(pk__in=named).order_by("pk").values_list("pk", flat=True))
    return reading.read(definition).write()


def _write(report: Report) -> None:
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError:  # two who name theirs alike at once
        raise NameTaken from None


def _words(name: str, description: str) -> dict[str, str]:
    words = {"name": name.strip(), "description": description.strip()}
    if not words["name"]:
        raise BadName("name", _("Give the report a name."))
    for field, most in (("name", NAME_LENGTH), ("description", DESCRIPTION_LENGTH)):
        if len(words[field]) > most:
            raise BadName(field, _("is longer than %(limit)d characters") % {"limit": most})
        if not all(letter.isprintable() or letter in "\n\r\t" for letter in words[field]):
            raise BadName(field, _("contains a character that cannot be stored"))
    return words
