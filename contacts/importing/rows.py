"""One row of a file as what is known of a person, or why it cannot be read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from contacts.importing.columns import EMAIL, FULL_NAME, NOTHING, TAGS
from contacts.models import Tag
from contacts.services import LIMITS, PROFILE_FIELDS, email_key, split_name

# a reason's code -> its words; `value` is what stood there
REASONS = {
    "broken": _("the row cannot be read: a quotation mark is never closed, or a text is far too long"),
    "no_email": _("there is no e-mail"),
    "bad_email": _("“%(value)s” is no e-mail address"),
    "long_first_name": _("the first name is too long"),
    "long_last_name": _("the last name is too long"),
    "long_phone": _("the phone number is too long"),
    "long_company": _("the company is too long"),
    "long_tag": _("the tag “%(value)s” is too long"),
    "many_tags": _("there are more than 20 tags"),
    "fault": _("the row could not be stored, by a fault on our side"),
}
MOST_TAGS = 20
_LONGEST_TAG = Tag._meta.get_field("name").max_length or 0
_SHOWN = 100
_BETWEEN_TAGS = re.compile(r"[,;|]")


class Refused(Exception):
    """The row cannot be imported; `reason` is a code of REASONS."""

    def __init__(self, reason: str, value: str = "") -> None:
        super().__init__(reason)
        self.reason, self.value = reason, value[:_SHOWN]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a row says of a person; `fields` holds what is not blank of a contact's own fields."""

    email: str
    key: str
    fields: dict[str, str]
    tags: list[str]


def person(cells: Sequence[str], mapping: Sequence[str], *, is_broken: bool = False) -> Person:
    """Read a row's cells as the mapping says. Raise Refused with the first reason that is found."""
    if is_broken:
        raise Refused("broken")
    told, tags = _told(cells, mapping)
    email = told.pop(EMAIL, "")
    if not email:
        raise Refused("no_email")
    key = email_key(email)
    if key is None or not _is_email(email):
        raise Refused("bad_email", email)
    fields = _named(told)
    for name, value in fields.items():
        if len(value) > LIMITS[name]:
            raise Refused(f"long_{name}")
    return Person(email=email, key=key, fields=fields, tags=_checked(tags))


def reason(code: str, value: str) -> str:
    """Say why a row was refused, in the reader's language."""
    return str(REASONS[code]) % {"value": value} if code in REASONS else code


def _told(cells: Sequence[str], mapping: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    told, tags = {}, []
    for key, cell in zip(mapping, cells, strict=False):
        if key == TAGS:
            tags += [part.strip() for part in _BETWEEN_TAGS.split(cell)]
        elif key != NOTHING and cell.strip():
            told[key] = " ".join(cell.split())
    return told, tags


def _named(told: dict[str, str]) -> dict[str, str]:
    """Split a full name; names that have columns of their own stand."""
    first, last = split_name(told.pop(FULL_NAME, ""))
    named = {"first_name": first, "last_name": last} | told
    return {name: named[name] for name in PROFILE_FIELDS if named.get(name)}


def _is_email(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _checked(tags: list[str]) -> list[str]:
    """Keep each tag once, however it is capitalised."""
    kept: dict[str, str] = {}
    for tag in filter(None, tags):
        kept.setdefault(tag.casefold(), tag)
    if too_long := next((tag for tag in kept.values() if len(tag) > _LONGEST_TAG), ""):
        raise Refused("long_tag", too_long)
    if len(kept) > MOST_TAGS:
        raise Refused("many_tags")
    return list(kept.values())
