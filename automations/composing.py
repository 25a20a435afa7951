"""Writing the e-mail of a step: a campaign for a person, in their language, or a note for a colleague in the account's.

What the engine sends is the newest version of the campaign; a rehearsal reads the draft.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from automations import suppressing
from automations.campaigns import keeping
from automations.email import content, kept, preparing, sheets, writing
from automations.email.content import Content
from automations.flow.shape import Step
from automations.models import Campaign, CampaignVersion, Enrolment, Message, Sender, Sheet
from subscriptions import personalisation
from subscriptions.models import RecurringPayment


class CannotCompose(Exception):
    """There is nothing that could be sent to this person; `reason` is a word of the pages."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An e-mail as it is sent, what is kept of it, and how it looks."""

    message: EmailMessage
    kept: dict[str, Any]
    html: str = ""


def compose(step: Step, one: Enrolment, row: Message, sender: Sender, *, is_draft: bool = False) -> Composed:
    """Write it with the values of this moment; raise CannotCompose."""
    if step.kind.name == "email":
        return compose_campaign(_source(step, is_draft=is_draft), row, sender, payment=one.payment)
    return _note(step, one, row)


def why_not(step: Step, one: Enrolment, *, is_draft: bool = False) -> str:
    """Say why it is not to be sent, as a word that the pages know, empty if it is; a colleague gets everything."""
    if step.kind.name != "email":
        return ""
    return suppressing.why_not(_source(step, is_draft=is_draft).content.purpose, one.contact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a campaign says: in one of its versions or, without one, in its draft."""

    content: Content
    version: CampaignVersion | None = None

    @classmethod
    def of(cls, version: CampaignVersion) -> "Source":
        """Take a version."""
        return cls(content=sheets.read(version), version=version)

    @classmethod
    def draft(cls, number: int) -> "Source":
        """Take the draft; raise CannotCompose where there is none, or where it is not whole."""
        draft = Campaign.objects.filter(pk=number).values_list("draft", flat=True).first()
        if draft is None:
            raise CannotCompose("no_campaign")
        try:
            return cls(content=content.read(draft))
        except content.ContentError as error:
            raise CannotCompose("template", str(error)) from error

    def sheet(self, language: str, sender: Sender) -> Sheet:
        """Return it prepared for somebody with this language; that of a draft is not kept."""
        if self.version is not None:
            return sheets.find(self.version, language=language, sender=sender)
        made = preparing.prepare(self.content, language=language, sender=sender)
        return Sheet(subject=made.subject, other_subject=made.other_subject, html=made.html, text=made.text)


def _source(step: Step, *, is_draft: bool) -> Source:
    number = step.options["campaign"]
    if is_draft:
        return Source.draft(number)
    version = keeping.newest(number)
    if version is None:
        raise CannotCompose("no_campaign")
    return Source.of(version)


def compose_campaign(
    source: Source, row: Message, sender: Sender, *, payment: RecurringPayment | None, is_other: bool = False
) -> Composed:
    """Write a campaign for the person of a message, with its other subject if so; raise CannotCompose."""
    contact = row.contact
    if payment is None and source.content.speaks_of_payment:
        raise CannotCompose("no_payment")
    language = contact.language
    sheet = source.sheet(language, sender)
    is_measured = contact.is_measured and source.version is not None
    letter = writing.Letter(
        sheet=sheet,
        content=source.content,
        sender=sender,
        contact=contact,
        payment=payment,
        is_other=is_other,
        number=row.number,
        opens=source.content.opens and is_measured,
        clicks=source.content.clicks and is_measured,
    )
    with translation.override(language or settings.LANGUAGE_CODE):
        try:
            written = writing.write(letter)
        except writing.CannotWrite as error:
            raise CannotCompose("template", str(error)) from error
    message = writing.message(letter, written)
    body = kept.pack(written.html, written.text, like=kept.like(sheet))
    own: dict[str, Any] = {"email": message.to[0], "subject": message.subject, "body": body}
    if source.version is not None:
        own |= {"campaign_id": source.version.campaign_id, "sheet_id": sheet.pk}
    return Composed(message=message, html=written.html, kept=own)


def _note(step: Step, one: Enrolment, row: Message) -> Composed:
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = (_written(step.options[name], one) for name in ("subject", "text"))
    message = EmailMessage(
        subject=" ".join(subject.split()),
        body=text,
        to=[step.options["to"]],
        headers={"Auto-Submitted": "auto-generated", "Message-ID": f"<{row.number}@{_host()}>"},
    )
    return Composed(message=message, kept={"email": message.to[0], "subject": message.subject, "text": text})


def _written(template: str, one: Enrolment) -> str:
    try:
        return personalisation.render(template, one.contact, one.payment)
    except personalisation.RenderError as error:
        raise CannotCompose("template", str(error)) from error


def _host() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
