"""How a draft reads as somebody gets it, and what is to be mended or worth a second look before it is sent."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from automations.campaigns import keeping
from automations.email import checks, content, preparing, sample, sheets, writing
from automations.email.checks import Finding
from automations.email.content import Content, ContentError
from automations.models import Campaign, Sheet
from contacts.models import Contact
from subscriptions.catalogue import BY_NAME
from subscriptions.models import RecurringPayment

# So many of the newest recurring payments are looked at for values that are missing.
SAMPLE = 1000
MOST_PAYMENTS = 20
_DARK = "@media (prefers-color-scheme: dark)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A preview: for whom, what stands above the text, and the e-mail as HTML and as plain text."""

    contact: Contact
    payment: RecurringPayment | None
    payments: list[RecurringPayment]
    head: dict[str, str]
    html: str
    text: str
    findings: list[Finding]


def show(
    campaign: Campaign,
    draft: dict[str, Any],
    *,
    contact: Contact | None,
    payment: RecurringPayment | None,
    language: str = "",
    is_dark: bool = False,
) -> Shown:
    """Write a draft for a person with one of their payments, by default for an invented one; `language` is theirs."""
    payments = list(_payments(contact)) if contact else []
    if contact is None:
        contact, payment = sample.made_up()
    contact.language = language if language in dict(settings.LANGUAGES) else contact.language
    found = findings(campaign, draft)
    head, html, text = {"subject": "", "preheader": "", "from": "", "to": contact.email}, "", ""
    try:
        head, html, text = _written(content.read(content.tidy(draft)), contact, payment)
    except ContentError:
        pass  # said among the findings
    except writing.CannotWrite as error:
        words = _("It cannot be written for this person: %(problem)s") % {"problem": error}
        found = [*found, Finding(words=words, prevents=True)]
    html = html.replace(_DARK, "@media all" if is_dark else "@media not all")
    return Shown(contact=contact, payment=payment, payments=payments, head=head, html=html, text=text, findings=found)


def findings(campaign: Campaign, draft: dict[str, Any]) -> list[Finding]:
    """Return what prevents sending a draft; where nothing does, what is worth a second look."""
    try:
        tidied = content.tidy(draft)
        read = keeping.readable(Campaign(pk=campaign.pk, kind=campaign.kind, draft=tidied))
    except ContentError as error:
        return checks.of_mistakes(error.errors)
    return [*checks.of_content(read, sheets.sender()), *_missing(read)]


def letter_of(read: Content, contact: Contact, payment: RecurringPayment | None) -> writing.Letter:
    """Return what an e-mail that nobody has put into use is to a person."""
    sender = sheets.sender()
    made = preparing.prepare(read, language=contact.language, sender=sender)
    sheet = Sheet(subject=made.subject, html=made.html, text=made.text)
    return writing.Letter(sheet=sheet, content=read, sender=sender, contact=contact, payment=payment)


def _written(read: Content, contact: Contact, payment: RecurringPayment | None) -> tuple[dict[str, str], str, str]:
    letter = letter_of(read, contact, payment)
    with translation.override(contact.language or settings.LANGUAGE_CODE):
        written = writing.write(letter)
        preheader = writing.preheader(letter)
    name, address = writing.sender_of(read, letter.sender)
    head = {
        "subject": written.subject,
        "preheader": preheader,
        "from": f"{name} <{address}>" if name else address,
        "to": contact.email,
    }
    return head, written.html, written.text


def _missing(read: Content) -> list[Finding]:
    """Say of values that have nothing to stand for them how often they are empty."""
    rows = list(RecurringPayment.objects.order_by("-pk")[:SAMPLE])
    if not rows:
        return []
    empty = {
        name: sum(BY_NAME[name].value(row) in (None, "", []) for row in rows)
        for name in sorted(checks.tags_without_default(read) & BY_NAME.keys())
    }
    words = _(
        "“%(field)s” is empty in %(share)d %% of the recurring payments, and nothing stands there then. "
        "Say what does: {{ … | default: 'soon' }}"
    )
    return [
        Finding(words=words % {"field": BY_NAME[name].label, "share": max(round(100 * count / len(rows)), 1)})
        for name, count in empty.items()
        if count
    ]


def _payments(contact: Contact) -> Any:
    return RecurringPayment.objects.filter(contact=contact).newest_first().for_display()[:MOST_PAYMENTS]
