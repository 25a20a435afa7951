"""What a condition can ask about: the catalogue's 60 fields of a payment, and what is known of a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.services import LIMITS
from subscriptions.catalogue import FIELDS, Field
from subscriptions.kinds import DATE, TEXT, Kind

LIST = "list"
TAG = "tag"
SEGMENT = "segment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One thing that can be asked about.

    `key` is what names it in JSON: "field", "contact", "tag", "list" or "segment". `column` is the database's name of
    it, `item` the line item's attribute where a payment's items say it. `month_only` marks a date whose days are the
    store's own, and not the account's.
    """

    key: str
    name: str
    label: Any
    group: str
    kind: Kind | None
    column: str = ""
    item: str = ""
    limit: Any = None
    month_only: bool = False
    choices: Mapping[str, Any] = field(default_factory=dict)


def _of_field(one: Field) -> Subject:
    return Subject(
        key="field",
        name=one.name,
        label=one.label,
        group=one.group,
        kind=one.kind,
        column="" if one.item else one.column or one.name,
        item=one.item,
        limit=one.choices or one.limit,
        month_only=one.month_only,
        choices=one.choices,
    )


def _of_contact(name: str, label: Any, kind: Kind = TEXT) -> Subject:
    return Subject(
        key="contact", name=name, label=label, group="contact", kind=kind, column=name, limit=LIMITS.get(name)
    )


PAYMENT: dict[str, Subject] = {one.name: _of_field(one) for one in FIELDS}
CONTACT: dict[str, Subject] = {
    one.name: one
    for one in (
        _of_contact("email", _("E-mail")),
        _of_contact("first_name", _("First name")),
        _of_contact("last_name", _("Last name")),
        _of_contact("phone", _("Phone")),
        _of_contact("company", _("Company")),
        _of_contact("created_at", _("Date of becoming a contact"), DATE),
    )
}
# A tag is named by the condition itself, and so are a list and a segment.
TAG_SUBJECT = Subject(key=TAG, name=TAG, label=_("Tag"), group="contact", kind=None)
LIST_SUBJECT = Subject(key=LIST, name=LIST, label=_("List"), group="contact", kind=None)
SEGMENT_SUBJECT = Subject(key=SEGMENT, name=SEGMENT, label=_("Segment"), group="contact", kind=None)
NAMED: dict[str, Subject] = {one.key: one for one in (TAG_SUBJECT, LIST_SUBJECT, SEGMENT_SUBJECT)}
