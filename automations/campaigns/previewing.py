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
class Written:
    """An e-mail as somebody gets it: what stands above the text, and the text as HTML and as plain text.

    Where it cannot be written for them it is empty, and `problem` says why.
    """

    head: dict[str, str]
    html: str = ""
    text: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A preview: for whom, the e-mail as they get it, and what is to be mended."""

    contact: Contact
    payment: RecurringPayment | None
    payments: list[RecurringPayment]
    written: Written
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
    payments = list(_payments(contact)) if contact and campaign.is_automated else []
    contact, payment = somebody(contact, payment, language)
    payment = payment if campaign.is_automated else None
    seen, found = written(draft, contact, payment, is_dark=is_dark), findings(campaign, draft)
    if seen.problem:
        found = [*found, Finding(words=seen.problem, prevents=True)]
    return Shown(contact=contact, payment=payment, payments=payments, written=seen, findings=found)


def somebody(
    contact: Contact | None, payment: RecurringPayment | None, language: str
) -> tuple[Contact, RecurringPayment | None]:
    """Return who gets it: the person with their payment, or an invented one; `language` is theirs if we have it."""
    who, theirs = (contact, payment) if contact else sample.made_up()
    who.language = language if language in dict(settings.LANGUAGES) else who.language
    return who, theirs


def written(
    draft: dict[str, Any], contact: Contact, payment: RecurringPayment | None, *, is_dark: bool = False
) -> Written:
    """Write a draft for a person, in their language; what no e-mail can be stays empty, and `findings` says why."""
    nothing = {"subject": "", "preheader": "", "from": "", "to": contact.email}
    try:
        head, html, text = _parts(content.read(content.tidy(draft)), contact, payment)
    except ContentError:
        return Written(head=nothing)
    except writing.CannotWrite as error:
        words = _("It cannot be written for this person: %(problem)s") % {"problem": error}
        return Written(head=nothing, problem=words)
    return Written(head=head, html=html.replace(_DARK, "@media all" if is_dark else "@media not all"), text=text)


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
    sheet = Sheet(subject=made.subject, other_subject=made.other_subject, html=made.html, text=made.text)
    return writing.Letter(sheet=sheet, content=read, sender=sender, contact=contact, payment=payment)


def _parts(read: Content, contact: Contact, payment: RecurringPayment | None) -> tuple[dict[str, str], str, str]:
    letter = letter_of(read, contact, payment)
    with translation.override(contact.language or settings.LANGUAGE_CODE):
        made = writing.write(letter)
        preheader = writing.preheader(letter)
    name, address = writing.sender_of(read, letter.sender)
    head = {
        "subject": made.subject,
        "preheader": preheader,
        "from": f"{name} <{address}>" if name else address,
        "to": contact.email,
    }
    return head, made.html, made.text


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
