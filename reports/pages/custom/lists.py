"""How records are listed: each object of reports has its columns, its order, and its page; as cells and as CSV."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contacts.models import Contact
from reports.custom.objects import CONTACTS, EMAILS, PAYMENTS, WAYS
from subscriptions import display, field_order
from subscriptions.catalogue import BY_NAME, WIDGET_SIZE, Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its label, what a page shows of a record, and what stands in a CSV."""

    label: str | Promise
    shown: Callable[[Any], Any]
    plain: Callable[[Any], Any]
    is_numeric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How the records of one object are listed.

    `fetch` puts them in order, with what showing them needs. `counted` says how many they are; `person` is whose a
    record is, and `opens` the address of its own page.
    """

    counted: Callable[[int], str]
    columns: Callable[[], list[Column]]
    fetch: Callable[[Any], Any]
    person: Callable[[Any], Contact | None]
    opens: Callable[[Any], str]


def _fields() -> list[Field]:
    return [BY_NAME[name] for name in field_order.current().names[:WIDGET_SIZE]]


def _of_field(field: Field) -> Column:
    return Column(
        label=field.label,
        shown=lambda payment: display.cell(field, payment),
        plain=lambda payment: _plain(field, payment),
        is_numeric=field.kind.numeric,
    )


def _plain(field: Field, payment: Any) -> Any:
    value = field.value(payment)
    return "" if value in (None, "", []) else display.words(field, value, currency=payment.currency or "")


def _moment(label: str | Promise, name: str) -> Column:
    def shown(record: Any) -> Any:
        moment = getattr(record, name)
        if moment is None:
            return "–"
        return format_html('<time title="{}">{}</time>', display.exact(moment), display.relative(moment))

    return Column(
        label=label, shown=shown, plain=lambda record: display.exact(found) if (found := getattr(record, name)) else ""
    )


def _text(label: str | Promise, read: Callable[[Any], Any], *, is_numeric: bool = False) -> Column:
    return Column(label=label, shown=read, plain=read, is_numeric=is_numeric)


def _contact_page(contact: Contact) -> str:
    return reverse("admin:contacts_contact_change", args=[contact.pk])


LISTINGS: dict[str, Listing] = {
    PAYMENTS: Listing(
        counted=lambda n: ngettext("%(n)d recurring payment", "%(n)d recurring payments", n) % {"n": n},
        columns=lambda: [_of_field(field) for field in _fields()],
        fetch=lambda rows: rows.with_fields(_fields()).prefetch_related("contact").order_by("-pk"),
        person=lambda payment: payment.contact,
        opens=lambda payment: reverse("admin:subscriptions_recurringpayment_change", args=[payment.pk]),
    ),
    CONTACTS: Listing(
        counted=lambda n: ngettext("%(n)d person", "%(n)d people", n) % {"n": n},
        columns=lambda: [
            _text(_("Company"), lambda person: person.company),
            _text(_("Recurring payments"), lambda person: person.payments, is_numeric=True),
            _moment(_("Contact since"), "created_at"),
        ],
        fetch=lambda rows: rows.annotate(payments=Count("recurring_payments", distinct=True)).order_by("-pk"),
        person=lambda person: person,
        opens=_contact_page,
    ),
    WAYS: Listing(
        counted=lambda n: ngettext("%(n)d way through an automation", "%(n)d ways through automations", n) % {"n": n},
        columns=lambda: [
            _text(_("Automation"), lambda way: way.automation.name),
            _text(_("State"), lambda way: way.get_state_display()),
            _moment(_("Entered"), "entered_at"),
        ],
        fetch=lambda rows: rows.select_related("contact", "automation").order_by("-entered_at", "-pk"),
        person=lambda way: way.contact,
        opens=lambda way: reverse("automation_path", args=[way.automation_id, way.pk]),
    ),
    EMAILS: Listing(
        counted=lambda n: ngettext("%(n)d e-mail", "%(n)d e-mails", n) % {"n": n},
        columns=lambda: [
            _text(_("Campaign"), lambda mail: mail.campaign.name if mail.campaign else "–"),
            _text(_("Subject"), lambda mail: mail.subject),
            _moment(_("Sent"), "made_at"),
        ],
        fetch=lambda rows: rows.select_related("contact", "campaign").defer("body").order_by("-made_at", "-pk"),
        person=lambda mail: mail.contact,
        opens=lambda mail: reverse("campaign_message", args=[mail.pk]),
    ),
}


def people_of(about: str, rows: "QuerySet[Any]", column: str) -> int:
    """Count the people whose records these are."""
    return rows.filter(~Q(**{column: None})).values(column).distinct().count() if about != CONTACTS else rows.count()


def csv_lines(listing: Listing, rows: Iterable[Any]) -> Iterable[list[Any]]:
    """Return the lines of a CSV: whose a record is, then its columns."""
    columns = listing.columns()
    for row in rows:
        person = listing.person(row)
        yield [str(person or ""), person.email if person else "", *(column.plain(row) for column in columns)]
