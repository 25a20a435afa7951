"""What reports can be about, each with its dimensions and measures, as one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from automations.models import Automation, Campaign, Engagement, Enrolment
from contacts.models import Contact, ContactList, Tag
from reports.business import mrr
from reports.custom import facts, keys, pairs, sql
from reports.custom.dimensions import PERSON, Dimension, of_catalogue
from reports.custom.measures import DEED, MONEY, NUMBER, PEOPLE, RECORDS, Source
from subscriptions import catalogue, kinds
from subscriptions.models import RecurringPayment, Store

PAYMENTS, CONTACTS, WAYS, EMAILS = "payments", "people", "ways", "emails"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Object:
    """One thing that reports can be about.

    `records()` are all of them, and `person` leads from one to its contact. `currency` is the column that says in
    which currency the amounts of a record are, empty where a fact says so.
    """

    key: str
    label: Any
    records: Callable[[], "QuerySet[Any, Any]"]
    person: str
    dimensions: dict[str, Dimension]
    sources: dict[str, Source]
    currency: str = ""

    @property
    def dates(self) -> dict[str, Dimension]:
        """The dimensions that are dates, of which a report may ask for a span."""
        return {key: one for key, one in self.dimensions.items() if one.units}


def _text(key: str, label: Any, section: str, path: str) -> Dimension:
    return Dimension(key=key, label=label, section=section, kind=keys.TEXT, path=path)


def _date(key: str, label: Any, section: str, path: str) -> Dimension:
    return Dimension(key=key, label=label, section=section, kind=keys.DATE, path=path)


def _of_contact(prefix: str) -> list[Dimension]:
    """Return how records are grouped by the people whom they belong to."""
    words = {
        "email": _("E-mail"),
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "phone": _("Phone"),
        "company": _("Company"),
    }
    return [
        Dimension(
            key="contact.tag",
            label=_("Tag"),
            section="contact",
            kind=keys.THING,
            pairs=pairs.TAGS,
            via=PERSON,
            things=Tag,
        ),
        Dimension(
            key="contact.list",
            label=_("List"),
            section="contact",
            kind=keys.THING,
            pairs=pairs.LISTS,
            via=PERSON,
            things=ContactList,
        ),
        *(_text(f"contact.{name}", label, "contact", prefix + name) for name, label in words.items()),
        Dimension(
            key="contact.language",
            label=_("Language"),
            section="contact",
            kind=keys.CHOICE,
            path=f"{prefix}language",
            choices=dict(settings.LANGUAGES),
        ),
        _date("contact.created_at", _("Date of becoming a contact"), "contact", f"{prefix}created_at"),
    ]


def _many_things(key: str, label: Any, section: str, found: pairs.Pairs, things: Any) -> Dimension:
    return Dimension(
        key=key, label=label, section=section, kind=keys.THING, pairs=found, things=things, follows_emails=True
    )


def _of_emails(key: str) -> list[Dimension]:
    """Return how records are grouped by the e-mails that a message's key leads from to them."""
    return [
        _many_things("campaign", _("Campaign"), "campaign", pairs.campaigns(key), Campaign),
        _done(key),
    ]


def _done(key: str) -> Dimension:
    return Dimension(
        key="engagement",
        label=_("What was done with the e-mails"),
        section="engagement",
        kind=keys.CHOICE,
        pairs=pairs.engagement(key),
        choices=dict(Engagement.Kind.choices),
        follows_emails=True,
    )


def _automations(key: str) -> Dimension:
    return _many_things("automation", _("Automation"), "automation", pairs.automations(key), Automation)


_DEEDS: dict[str, Any] = {
    "opened": _("E-mails opened"),
    "clicked": _("E-mails clicked"),
    "replied": _("E-mails answered"),
    "bounced": _("E-mails bounced"),
    "unsubscribed": _("Unsubscribed by e-mail"),
    "complained": _("E-mails reported as spam"),
}


def _emails_of(key: str) -> list[Source]:
    """Return the numbers of e-mails that belong to a record."""
    counted = facts.emails(key)
    words = {facts.SENT: _("E-mails sent"), **_DEEDS}
    return [
        Source(
            key=f"emails_{name}",
            label=label,
            section="engagement",
            kind=NUMBER,
            facts=counted,
            fact=name,
            follows_emails=True,
        )
        for name, label in words.items()
    ]


def _people() -> Source:
    return Source(key=CONTACTS, label=_("Contacts"), section="contact", kind=PEOPLE)


def _amount(one: catalogue.Field) -> Source:
    is_amount = one.kind is kinds.AMOUNT
    name = one.name
    return Source(
        key=name,
        label=one.label,
        section=one.group,
        kind=MONEY if is_amount else NUMBER,
        expression=(lambda: _stored(name)) if is_amount else (lambda: F(name)),
        is_amount=is_amount,
    )


def _stored(name: str) -> Any:
    """Return an amount as it is added exactly: the decimal on PostgreSQL, ten-thousandths on SQLite."""
    return F(name) if sql.is_postgresql() else mrr.Parts(F(name))


def _keyed[One: (Dimension, Source)](*several: One) -> dict[str, One]:
    return {one.key: one for one in several}


def _payment_dimensions() -> dict[str, Dimension]:
    fields = [of_catalogue(one, pairs.texts) for one in catalogue.FIELDS if one.column != "store_id"]
    store = Dimension(
        key="legacy_connection_id",
        label=_("Connection"),
        section="identity",
        kind=keys.THING,
        path="store_id",
        things=Store,
    )
    return _keyed(
        store, *fields, *_of_contact("contact__"), _automations("payment_id"), *_of_emails("enrolment__payment_id")
    )


def _payment_sources() -> dict[str, Source]:
    numbers = [one for one in catalogue.FIELDS if one.kind in (kinds.AMOUNT, kinds.INTEGER) and not one.column]
    return _keyed(
        Source(key=PAYMENTS, label=_("Recurring payments"), section="counts", kind=RECORDS),
        _people(),
        Source(
            key="mrr", label=_("Monthly recurring revenue"), section="amounts", kind=MONEY, expression=mrr.expression
        ),
        *(_amount(one) for one in numbers),
        *_emails_of("enrolment__payment_id"),
    )


def _person_sources() -> dict[str, Source]:
    return _keyed(
        Source(key=CONTACTS, label=_("Contacts"), section="counts", kind=RECORDS),
        Source(
            key=PAYMENTS,
            label=_("Recurring payments"),
            section="amounts",
            kind=NUMBER,
            facts=facts.PAYMENTS_OF_PERSON,
            fact="payments",
        ),
        Source(
            key="mrr",
            label=_("Monthly recurring revenue"),
            section="amounts",
            kind=MONEY,
            facts=facts.WORTH_OF_PERSON,
            fact="mrr",
        ),
        *_emails_of("contact_id"),
    )


def _way_dimensions() -> dict[str, Dimension]:
    state = Dimension(
        key="state",
        label=pgettext_lazy("of somebody in an automation", "State"),
        section="automation",
        kind=keys.CHOICE,
        path="state",
        choices=dict(Enrolment.State.choices),
    )
    automation = Dimension(
        key="automation",
        label=_("Automation"),
        section="automation",
        kind=keys.THING,
        path="automation_id",
        things=Automation,
    )
    return _keyed(
        automation,
        state,
        _date("entered_at", _("Date of entering"), "automation", "entered_at"),
        _date("ended_at", _("Date of finishing or ending"), "automation", "ended_at"),
        *_of_contact("contact__"),
        *_of_emails("enrolment_id"),
    )


def _email_dimensions() -> dict[str, Dimension]:
    return _keyed(
        Dimension(
            key="campaign",
            label=_("Campaign"),
            section="campaign",
            kind=keys.THING,
            path="campaign_id",
            things=Campaign,
        ),
        Dimension(
            key="campaign_kind",
            label=_("Kind of campaign"),
            section="campaign",
            kind=keys.CHOICE,
            path="campaign__kind",
            choices=dict(Campaign.Kind.choices),
        ),
        _date("sent_at", _("Date of sending"), "campaign", "sent_at"),
        Dimension(
            key="automation",
            label=_("Automation"),
            section="automation",
            kind=keys.THING,
            path="enrolment__automation_id",
            things=Automation,
        ),
        _done(""),
        *_of_contact("contact__"),
    )


def _email_sources() -> dict[str, Source]:
    return _keyed(
        Source(key=EMAILS, label=_("E-mails sent"), section="counts", kind=RECORDS),
        _people(),
        *(
            Source(key=name, label=label, section="engagement", kind=DEED, facts=facts.OF_EMAIL, fact=name)
            for name, label in _DEEDS.items()
        ),
    )


OBJECTS: dict[str, Object] = {
    one.key: one
    for one in (
        Object(
            key=PAYMENTS,
            label=_("Recurring payments"),
            records=RecurringPayment.objects.all,
            person="contact_id",
            currency="currency",
            dimensions=_payment_dimensions(),
            sources=_payment_sources(),
        ),
        Object(
            key=CONTACTS,
            label=_("Contacts"),
            records=Contact.objects.all,
            person="id",
            dimensions=_keyed(*_of_contact(""), _automations("contact_id"), *_of_emails("contact_id")),
            sources=_person_sources(),
        ),
        Object(
            key=WAYS,
            label=_("People in automations"),
            records=Enrolment.objects.all,
            person="contact_id",
            dimensions=_way_dimensions(),
            sources=_keyed(
                Source(key=WAYS, label=_("Times entered"), section="counts", kind=RECORDS),
                _people(),
                *_emails_of("enrolment_id"),
            ),
        ),
        Object(
            key=EMAILS,
            label=_("E-mails"),
            records=pairs.sent,
            person="contact_id",
            dimensions=_email_dimensions(),
            sources=_email_sources(),
        ),
    )
}
