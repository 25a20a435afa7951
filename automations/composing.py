"""Writing the e-mail of a step for one person, in their language as far as that is known, else in the account's."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from automations.flow.shape import Step
from automations.flow.translations import words_in
from automations.models import Enrolment, Message
from subscriptions import personalisation


class CannotCompose(Exception):
    """A tag cannot be carried out for this person."""


def compose(step: Step, one: Enrolment, row: Message) -> EmailMessage:
    """Write the message with the values of this moment; raise CannotCompose where a tag fails.

    Its Message-ID is the row's number, so that a mail server which gets it twice can know.
    """
    language = _language(step, one)
    words = words_in(step.options, language)
    with translation.override(language):
        subject, text = (_written(words[name], one) for name in ("subject", "text"))
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=text,
        to=[step.options.get("to") or one.contact.email],
        headers={"Auto-Submitted": "auto-generated", "Message-ID": f"<{row.number}@{_host()}>"},
    )


def _language(step: Step, one: Enrolment) -> str:
    is_theirs = step.kind.name == "email"
    return (one.contact.language if is_theirs else "") or settings.LANGUAGE_CODE


def _written(template: str, one: Enrolment) -> str:
    try:
        return personalisation.render(template, one.contact, one.payment)
    except personalisation.RenderError as error:
        raise CannotCompose(str(error)) from error


def _host() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
